import type { LinksIndex } from '@custody/search';
import { CITED, type ReconcileLine } from './reconcile-line.ts';

/** Of the first there is one of the second at a time. */
const ONE: readonly (readonly [string, string])[] = [
  ['iccid', 'imsi'],
  ['imsi', 'iccid'],
  ['iccid', 'phone'],
  ['imsi', 'phone'],
  ['sim-slot', 'iccid'],
  ['iccid', 'sim-slot'],
];
const MOST_LINES = 1000;

/** Cards with two subscribers, subscribers with two numbers, slots with two cards: exchanged or shifted columns look so. */
export function* identifierLines(links: LinksIndex): Generator<ReconcileLine> {
  let found = 0;
  for (const [type, other] of ONE) {
    const [from, to] = links.range(type);
    for (let node = from; node < to; node++) {
      if (links.degree(node, other) < 2) continue;
      if (++found > MOST_LINES) continue;
      const tied = links.linksOf(node).filter((link) => link.basis === 'metadata' && links.typeOf(link.to) === other);
      const values = tied.map((link) => links.node(link.to).value);
      const { value } = links.node(node);
      yield {
        check: 'identifier',
        result: 'broken',
        ...{ type, value, beside: other, values: values.slice(0, CITED) },
        detail: `${type} ${value} stands beside ${values.length} different ${other}`,
        items: links.itemsOf(
          tied.flatMap(({ groups }) => groups),
          CITED,
        ),
      };
    }
  }
  const detail = `${found} card(s), subscriber(s) or slot(s) stand beside more than one of what there is one of at a time`;
  yield { check: 'identifier', result: found === 0 ? 'agrees' : 'broken', conflicts: found, detail };
}
