import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import yazl from 'yazl';
import type { ExchangeFormat } from './exchange-format.ts';
import type { ExchangeItem } from './exchange-item.ts';
import type { ExportFile } from './export-folder.ts';
import { attachmentText, bodyText, isoTime, partyKey, partyLabel } from './item-text.ts';
import { CELL_CHARACTERS, SHEET_ROWS, sheetEnd, sheetRow, sheetStart, workbookMembers } from './xlsx-parts.ts';

const COLUMNS = [
  ...['item', 'sent at (UTC)', 'time as found', 'kind', 'platform', 'conversation', 'sender', 'sender name'],
  ...['recipients', 'direction', 'text', 'text continued', 'message id', 'refers to', 'attachments', 'owner'],
  ...['withheld', 'capture', 'leaf'],
];
const TEXT = COLUMNS.indexOf('text');
/** The first time that ZIP can hold: no export says when it was made. */
const NO_TIME = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true, mode: 0o100644 } as const;

/** A workbook whose every cell is text: no number, date or formula that a program could read its own way. */
export const xlsx: ExchangeFormat = {
  name: 'xlsx',
  standard: 'Office Open XML workbook (ECMA-376), text cells only',
  async write(items, _header, folder) {
    const file = await folder.file('items.xlsx');
    const zip = new yazl.ZipFile();
    const written = pump(zip.outputStream as Readable, file);
    const rows = new Rows(items[Symbol.asyncIterator]());
    let sheets = 0;
    do {
      const sheet = Readable.from(rows.sheet(), { objectMode: false });
      zip.addReadStream(sheet, `xl/worksheets/sheet${++sheets}.xml`, NO_TIME);
      await Promise.race([finished(sheet), written]);
    } while (rows.hasMore);
    for (const [name, text] of workbookMembers(sheets)) zip.addBuffer(Buffer.from(text), name, NO_TIME);
    zip.end();
    await written;
    await file.close();
    return rows.notes();
  },
};

async function pump(stream: Readable, file: ExportFile): Promise<void> {
  for await (const chunk of stream) await file.write(chunk as Uint8Array);
}

/** Items as rows, a sheet at a time. */
class Rows {
  hasMore = true;
  readonly #items: AsyncIterator<ExchangeItem>;
  #next: ExchangeItem | undefined;
  #cut = 0;

  constructor(items: AsyncIterator<ExchangeItem>) {
    this.#items = items;
  }

  async *sheet(): AsyncGenerator<string> {
    yield sheetStart();
    yield sheetRow(1, COLUMNS);
    for (let row = 2; row <= SHEET_ROWS; row++) {
      const one = this.#next ?? (await this.#take());
      if (one === undefined) break;
      this.#next = undefined;
      yield sheetRow(row, this.#cells(one));
    }
    this.#next ??= await this.#take();
    this.hasMore = this.#next !== undefined;
    yield sheetEnd();
  }

  notes(): string[] {
    return this.#cut === 0
      ? []
      : [
          `${this.#cut} text(s) do not fit into two cells (${2 * CELL_CHARACTERS} characters): the cell says that it is cut`,
        ];
  }

  async #take(): Promise<ExchangeItem | undefined> {
    const { value, done } = await this.#items.next();
    return done === true ? undefined : value;
  }

  #cells(one: ExchangeItem): string[] {
    const { item, index, leaf, capture, withheld } = one;
    const cells = [
      ...[String(index), isoTime(item.sentAt) ?? '', item.sentAt?.raw ?? '', item.kind, item.platform],
      ...[item.conversation ?? '', item.sender === null ? '' : partyKey(item.sender)],
      ...[item.sender === null ? '' : partyLabel(item.sender), (item.recipients ?? []).map(partyKey).join('; ')],
      ...[item.direction ?? '', ...this.#text(bodyText(one) ?? ''), item.messageId ?? ''],
      ...[item.refs.map(({ rel, id }) => `${rel} ${id}`).join('; '), item.attachments.map(attachmentText).join(' | ')],
      ...[item.owner === null ? '' : partyKey(item.owner), withheld.join('; '), capture, leaf],
    ];
    return cells.map((cell, i) => (i === TEXT || i === TEXT + 1 ? cell : this.#short(cell)));
  }

  #text(text: string): [string, string] {
    const second = text.slice(CELL_CHARACTERS);
    return [text.slice(0, CELL_CHARACTERS), this.#short(second)];
  }

  #short(cell: string): string {
    if (cell.length <= CELL_CHARACTERS) return cell;
    this.#cut++;
    const said = ` [cut here: ${cell.length} characters in all]`;
    return `${cell.slice(0, CELL_CHARACTERS - said.length)}${said}`;
  }
}
