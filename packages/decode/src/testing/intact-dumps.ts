import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import type { Container } from '../profile/profile.ts';
import { profiledFormat } from './decode-profile.ts';
import type { IntactCapture } from './intact-capture.ts';

interface Row {
  readonly id: string;
  readonly who: string;
  readonly text: string;
}

/** Records one after the other with no end behind the last: what a cut between two of them took away cannot be known. */
const LOOSE: ReadonlySet<string> = new Set(['ndjson', 'csv', 'table', 'fixed', 'sql', 'cbor', 'msgpack']);
const NAMES = ['id', 'who', 'text'] as const;
const ROWS = Array.from(
  { length: 12 },
  (_, i): Row => ({ id: `m${i + 10}`, who: `W${i % 3}`, text: `text ${i + 10}` }),
);
const cells = (row: Row): string[] => NAMES.map((name) => row[name]);

const lines = (line: (row: Row) => string): string => ROWS.map((row) => `${line(row)}\n`).join('');

/** Maps of three short texts: RFC 8949 3.1 (major types 5, 3) and the MessagePack specification (fixmap, fixstr). */
function maps(map: number, text: number): Uint8Array {
  const spelt = (value: string): number[] => [text + value.length, ...Buffer.from(value)];
  return Uint8Array.from(
    ROWS.flatMap((row) => [map + NAMES.length, ...NAMES.flatMap((name) => [...spelt(name), ...spelt(row[name])])]),
  );
}

function database(): Uint8Array {
  const path = join(tmpdir(), `intact-dump-${process.pid}.db`);
  const db = new DatabaseSync(path);
  try {
    db.exec('CREATE TABLE msg (id TEXT, who TEXT, text TEXT)');
    const insert = db.prepare('INSERT INTO msg VALUES (?, ?, ?)');
    for (const row of ROWS) insert.run(...cells(row));
    db.close();
    return new Uint8Array(readFileSync(path));
  } finally {
    rmSync(path, { force: true });
  }
}

async function workbook(): Promise<Uint8Array> {
  const zip = new ZipWriter(new Uint8ArrayWriter());
  const add = (name: string, text: string) => zip.add(name, new Uint8ArrayReader(Buffer.from(text)));
  const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
  const of = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
  const sheet = '<sheet name="Data" sheetId="1" r:id="r1"/>';
  await add('xl/workbook.xml', `<workbook ${main} ${of}><sheets>${sheet}</sheets></workbook>`);
  const link = '<Relationship Id="r1" Target="worksheets/s1.xml"/>';
  await add('xl/_rels/workbook.xml.rels', `<Relationships xmlns="x">${link}</Relationships>`);
  const rows = [[...NAMES], ...ROWS.map(cells)].map((row, r) => {
    const inside = row.map((cell, c) => `<c r="${'ABC'[c]}${r + 1}" t="inlineStr"><is><t>${cell}</t></is></c>`);
    return `<row r="${r + 1}">${inside.join('')}</row>`;
  });
  await add('xl/worksheets/s1.xml', `<worksheet ${main}><sheetData>${rows.join('')}</sheetData></worksheet>`);
  return zip.close();
}

/** The containers that a profile can name, each with the same twelve messages in clear. */
export async function intactDumps(): Promise<readonly IntactCapture[]> {
  const table = { delimiter: ';', quote: '"', header: true };
  const columns = [
    { name: 'id', from: 0, to: 4 },
    { name: 'who', from: 4, to: 8 },
    { name: 'text', from: 8, to: 20 },
  ];
  const head = `${NAMES.join(';')}\n`;
  const xml = lines(({ id, who, text }) => `<m><id>${id}</id><who>${who}</who><text>${text}</text></m>`);
  const copy = lines((row) => cells(row).join('\t'));
  const contents: readonly (readonly [Container, string | Uint8Array])[] = [
    [{ kind: 'ndjson' }, lines((row) => JSON.stringify(row))],
    [{ kind: 'csv', ...table, delimiter: ',' }, head.replaceAll(';', ',') + lines((row) => cells(row).join(','))],
    [{ kind: 'table', encoding: 'utf-8', ...table }, head + lines((row) => cells(row).join(';'))],
    [
      { kind: 'fixed', encoding: 'utf-8', columns },
      lines(({ id, who, text }) => id.padEnd(4) + who.padEnd(4) + text.padEnd(12)),
    ],
    [{ kind: 'json' }, JSON.stringify(ROWS)],
    [{ kind: 'xml', record: 'm' }, `<all>\n${xml}</all>`],
    [{ kind: 'xlsx' }, await workbook()],
    [{ kind: 'sqlite', table: 'msg' }, database()],
    [{ kind: 'sql', table: 'msg' }, `COPY public.msg (id, who, text) FROM stdin;\n${copy}\\.\n`],
    [{ kind: 'cbor' }, maps(0xa0, 0x60)],
    [{ kind: 'msgpack' }, maps(0x80, 0xa0)],
  ];
  return contents.map(([container, content]) => ({
    format: profiledFormat({
      ...{ name: 'own', title: 't', basedOn: 'invented', platform: 'own', container },
      records: [{ kind: 'message', messageId: 'id', sender: { field: 'who', type: 'username' }, body: 'text' }],
    }),
    ...{
      name: 'd',
      files: new Map([['d', new Uint8Array(Buffer.from(content as string))]]),
      keys: [],
      isLoose: LOOSE.has(container.kind),
    },
  }));
}
