import { csvOneLine } from './csv-cell.ts';
import type { ExchangeFormat } from './exchange-format.ts';
import type { ExchangeItem } from './exchange-item.ts';
import { isoTime, partiesOf, partyKey, partyLabel } from './item-text.ts';

const LINK_COLUMNS = [
  ...['FromType', 'FromId', 'FromLabel', 'ToType', 'ToId', 'ToLabel', 'LinkType', 'Direction', 'DateTime'],
  ...['Count', 'First', 'Last', 'SourceRef', 'Leaf'],
];

/** Entities and links for i2 Analyst's Notebook: one line an item and recipient, so that each link cites its item. */
export const i2Csv: ExchangeFormat = {
  name: 'i2',
  standard: "i2 Analyst's Notebook import (CSV, one line a link)",
  async write(items, _header, folder) {
    const entities = new Map<string, readonly [string, string, string]>();
    const file = await folder.file('i2-links.csv');
    await file.write(csvOneLine(LINK_COLUMNS));
    let unconnected = 0;
    for await (const one of items) {
      for (const party of partiesOf(one))
        entities.set(partyKey(party), [party.type, partyKey(party), partyLabel(party)]);
      const lines = linesOf(one);
      if (lines.length === 0) unconnected++;
      await file.write(lines.join(''));
    }
    await file.close();
    const other = await folder.file('i2-entities.csv');
    await other.write(csvOneLine(['Type', 'Id', 'Label']));
    for (const entity of entities.values()) await other.write(csvOneLine(entity));
    await other.close();
    return unconnected === 0
      ? []
      : [`${unconnected} item(s) do not say both who sent and who received: they are no link`];
  },
};

function linesOf({ item, index, leaf }: ExchangeItem): string[] {
  const { sender, recipients, kind, sentAt } = item;
  if (sender === null) return [];
  const at = isoTime(sentAt);
  return (recipients ?? []).map((to) =>
    csvOneLine([
      ...[
        sender.type,
        partyKey(sender),
        partyLabel(sender),
        to.type,
        partyKey(to),
        partyLabel(to),
        kind,
        'From-To',
        at,
      ],
      ...[1, at, at, index, leaf],
    ]),
  );
}
