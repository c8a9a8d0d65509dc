import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { describe, expect, it } from 'vitest';
import type { Container, Profile, RecordProfile } from '../profile/profile.ts';
import type { Decoded } from '../testing/decode-all.ts';
import { decodeProfile } from '../testing/decode-profile.ts';

const record: RecordProfile = {
  kind: 'message',
  messageId: 'id',
  sender: { field: 'who', type: 'username' },
  body: 'text',
  fields: { imei: { field: 'imei' } },
};

function profile(container: Container, more: Partial<RecordProfile> = {}): Omit<Profile, 'custodyProfile'> {
  return {
    name: 'own',
    title: 't',
    basedOn: 'invented',
    platform: 'own',
    container,
    records: [{ ...record, ...more }],
  };
}

const bodies = ({ items }: Decoded): string[] => items.map(({ body }) => Buffer.from(body ?? []).toString());
const codes = ({ findings }: Decoded): string[] => findings.map(({ code }) => code);
const ENCODED = { 'utf-16le': 'utf16le', 'windows-1252': 'latin1', 'utf-8': 'utf8' } as const;
const table = { delimiter: ';', quote: '"', header: true };

/** What stands in the file where the items say that they were found. */
function found({ items }: Decoded, dump: Uint8Array | string): string[] {
  const bytes = Buffer.from(dump as string);
  return items.map(({ locator: { offset, length } }) =>
    bytes.toString('latin1', offset as number, (offset as number) + (length as number)),
  );
}

describe('times in a zone with a name', () => {
  it('are UTC by the clocks of that day, and flagged where these were changed', async () => {
    const sentAt = { field: 'at', format: 'iso8601', zone: 'Europe/Amsterdam', clock: 'server' } as const;
    const lines = ['2024-07-01 12:00', '2024-01-01 12:00', '2024-10-27 02:30', '2024-01-01T12:00Z'];
    const dump = lines.map((at) => `${JSON.stringify({ id: 'x', who: 'A', text: 't', at })}\n`).join('');
    const { items, findings } = await decodeProfile(profile({ kind: 'ndjson' }, { sentAt }), dump);
    expect(items.map((item) => item.sentAt?.utc ?? null)).toEqual([
      Date.UTC(2024, 6, 1, 10),
      Date.UTC(2024, 0, 1, 11),
      null,
      Date.UTC(2024, 0, 1, 12),
    ]);
    expect(items[2]?.sentAt).toMatchObject({ ambiguous: true, zone: 'Europe/Amsterdam' });
    expect(findings.filter(({ code }) => code === 'TIME_ANOMALY').map(({ locator }) => locator?.row)).toEqual([3]);
  });
});

describe('text in other encodings', () => {
  const rows = 'id;who;text;imei\r\n1;AB12CD;"señor;\r\nünter";490154203237518\r\n2;AB12CD;x\r\n3;AB12CD;z;007\r\n';

  it.each(['utf-16le', 'windows-1252', 'utf-8'] as const)(
    'reads a table in %s, and points into the file as it is',
    async (encoding) => {
      const dump = Buffer.from(rows, ENCODED[encoding]);
      const decoded = await decodeProfile(profile({ kind: 'table', encoding, ...table }), dump);
      expect(bodies(decoded)).toEqual(['señor;\r\nünter', 'z']);
      expect(decoded.items[1]?.fields).toEqual(new Map([['imei', '007']]));
      expect(decoded.counts).toEqual({ records: 3, decoded: 2, lost: 1, notCovered: 0 });
      expect(decoded.findings[0]?.detail).toBe('3 fields where the table has 4 columns');
      const row = (text: string) => Buffer.from(text, ENCODED[encoding]).toString('latin1');
      expect(found(decoded, dump)).toEqual([row('1;AB12CD;"señor;\r\nünter";490154203237518'), row('3;AB12CD;z;007')]);
      expect(decoded.items.map(({ locator }) => locator.row)).toEqual([2, 4]);
    },
  );

  it('tells UTF-16 by its mark, and refuses to guess an encoding', async () => {
    const marked = Buffer.from(`\ufeff${rows}`, 'utf16le');
    expect(bodies(await decodeProfile(profile({ kind: 'table', ...table }), marked))).toHaveLength(2);
    const unmarked = await decodeProfile(profile({ kind: 'table', ...table }), Buffer.from(rows, 'latin1'));
    expect([codes(unmarked), unmarked.findings[0]?.detail]).toEqual([
      ['FORMAT_UNKNOWN'],
      expect.stringContaining('must declare "encoding"'),
    ]);
  });

  it('flags text that was converted wrongly before', async () => {
    const dump = 'id;who;text;imei\n1;A;SeÃ±or;1\n2;A;señor;1\n';
    const decoded = await decodeProfile(profile({ kind: 'table', ...table }), dump);
    expect(bodies(decoded)).toEqual(['SeÃ±or', 'señor']);
    expect(decoded.findings).toMatchObject([{ code: 'FIELD_COERCED', records: 1 }]);
  });

  it('reads fields at fixed places', async () => {
    const container: Container = {
      kind: 'fixed',
      skip: 1,
      columns: [
        { name: 'id', from: 0, to: 3 },
        { name: 'who', from: 3, to: 9 },
        { name: 'text', from: 9, to: 40 },
        { name: 'imei', from: 9, to: 9 },
      ],
    };
    const decoded = await decodeProfile(profile(container), 'HEADER\n001AB12CDhello there   \n002AB\n');
    expect(decoded.items).toMatchObject([{ messageId: '001', sender: { value: 'AB12CD' } }]);
    expect(bodies(decoded)).toEqual(['hello there']);
    expect(codes(decoded)).toEqual(['RECORD_MALFORMED']);
  });
});

describe('JSON and XML', () => {
  it('finds the records of one JSON text, wherever their array stands', async () => {
    const text =
      '{"meta":{"rows":[1,"]"]},"data":{"rows":[ {"id":1,"who":"a","text":"x\\"]}"},\n {"id":2,"text":"y","imei":"1"} , 7]}}';
    const decoded = await decodeProfile(profile({ kind: 'json', records: ['data', 'rows'] }), text);
    expect(bodies(decoded)).toEqual(['x"]}', 'y']);
    expect(found(decoded, text)[1]).toBe('{"id":2,"text":"y","imei":"1"}');
    expect(decoded.findings[0]).toMatchObject({ code: 'RECORD_MALFORMED', locator: { row: 3, length: 1 } });
    const cut = await decodeProfile(profile({ kind: 'json', records: ['data', 'rows'] }), text.slice(0, -20));
    expect(bodies(cut)).toEqual(['x"]}']);
    expect([cut.counts.lost, cut.findings[0]?.records]).toEqual([null, null]);
    expect(codes(await decodeProfile(profile({ kind: 'json', records: ['no'] }), text))).toEqual(['FORMAT_UNKNOWN']);
  });

  it('accounts for every JSON record wherever the text is cut', async () => {
    const text = JSON.stringify([{ id: 'a', text: 'é[' }, { id: 'b', text: '}' }, { id: 'c' }]);
    const bytes = Buffer.from(text);
    for (let end = 1; end < bytes.length; end++) {
      const { items, findings } = await decodeProfile(profile({ kind: 'json' }), bytes.subarray(0, end));
      expect(items.length).toBeLessThan(4);
      expect(findings.some(({ class: fate }) => fate === 'lost')).toBe(true);
    }
  });

  it('reads XML elements with attributes, children and text, and refuses document types', async () => {
    const xml =
      '<?xml version="1.0"?><d><m id="1"><who>é&amp;a</who><text>x &#x263a; <![CDATA[<y>]]></text></m>\n<m id="2"><text>z</text><to>a</to><to>b</to></m></d>';
    const own = { messageId: '@id', recipients: { field: 'to', type: 'username', list: 'array' as const } };
    const decoded = await decodeProfile(profile({ kind: 'xml', record: 'm' }, own), xml);
    expect(bodies(decoded)).toEqual(['x ☺ <y>', 'z']);
    expect(decoded.items).toMatchObject([
      { messageId: '1', sender: { value: 'é&a' } },
      { recipients: [{ value: 'a' }, { value: 'b' }] },
    ]);
    expect(found(decoded, xml)[1]).toBe('<m id="2"><text>z</text><to>a</to><to>b</to></m>');
    const attack = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><d><m id="1"><text>&b;</text></m></d>';
    const refused = await decodeProfile(profile({ kind: 'xml', record: 'm' }, own), attack);
    expect([refused.items, codes(refused)]).toEqual([[], ['FORMAT_UNKNOWN']]);
    const cut = await decodeProfile(profile({ kind: 'xml', record: 'm' }, own), xml.slice(0, -10));
    expect([bodies(cut).length, cut.counts.lost]).toEqual([1, null]);
  });
});

describe('databases', () => {
  it('reads a SQLite table, blobs as hex, and names the tables it does not read', async () => {
    const path = join(tmpdir(), `custody-containers-${process.pid}.db`);
    const database = new DatabaseSync(path);
    database.exec(`CREATE TABLE msg(id INTEGER PRIMARY KEY, who TEXT, text TEXT, imei BLOB); CREATE TABLE other(x)`);
    database.prepare('INSERT INTO msg VALUES (?,?,?,?)').run(7, 'AB12CD', 'hé"llo', Buffer.from('0fff', 'hex'));
    database.prepare('INSERT INTO msg VALUES (?,?,?,?)').run(9, null, 'x', null);
    database.close();
    const bytes = readFileSync(path);
    rmSync(path);
    const decoded = await decodeProfile(profile({ kind: 'sqlite', table: 'msg' }), bytes);
    expect(bodies(decoded)).toEqual(['hé"llo', 'x']);
    expect(decoded.items[0]).toMatchObject({
      messageId: '7',
      locator: { row: 7 },
      fields: new Map([['imei', '0fff']]),
    });
    expect(decoded.findings).toMatchObject([{ code: 'BYTES_NOT_EXAMINED', detail: expect.stringContaining('other') }]);
    const none = await decodeProfile(profile({ kind: 'sqlite', table: 'nope' }), bytes);
    expect(none.findings[0]?.detail).toContain('it has msg, other');
  });

  it('reads rows of PostgreSQL and MySQL dumps', async () => {
    const copy =
      'CREATE TABLE x (a int);\nCOPY public.msg (id, who, text, imei) FROM stdin;\n1\tA\\tB\tline\\nbreak\t\\N\n2\tC\n\\.\n';
    const decoded = await decodeProfile(profile({ kind: 'sql', table: 'msg' }), copy);
    expect(bodies(decoded)).toEqual(['line\nbreak']);
    expect(decoded.items[0]?.sender?.value).toBe('A\tB');
    expect(decoded.counts).toMatchObject({ records: 2, lost: 1 });
    const insert =
      "-- MySQL dump 10\nINSERT INTO `msg` (`id`,`who`,`text`,`imei`) VALUES (1,'A','it\\'s',NULL),(2,'B','y;(','1');\n";
    const mysql = await decodeProfile(profile({ kind: 'sql', table: 'msg' }), insert);
    expect(bodies(mysql)).toEqual(["it's", 'y;(']);
    expect(found(mysql, insert)[1]).toBe("(2,'B','y;(','1')");
  });
});

describe('binary streams', () => {
  // {"id": 1, "text": "x", "imei": h'0f'} and {"id": 2, "text": "yy"}
  const cbor = Buffer.from('a3626964016474657874617864696d6569410fa2626964026474657874627979', 'hex');
  const msgpack = Buffer.from('83a2696401a474657874a178a4696d6569c4010f82a2696402a474657874a27979', 'hex');

  it.each([
    ['cbor', cbor],
    ['msgpack', msgpack],
  ] as const)('reads %s maps one after the other, and says where it lost its way', async (kind, bytes) => {
    const decoded = await decodeProfile(profile({ kind }), bytes);
    expect(bodies(decoded)).toEqual(['x', 'yy']);
    expect(decoded.items[0]?.fields).toEqual(new Map([['imei', '0f']]));
    for (let end = 1; end < bytes.length; end++) {
      const cut = await decodeProfile(profile({ kind }), bytes.subarray(0, end));
      expect(cut.items.length).toBeLessThan(2);
      expect(cut.findings.some(({ class: fate }) => fate === 'lost') || cut.items.length === 1).toBe(true);
    }
    const noise = await decodeProfile(profile({ kind }), Buffer.concat([bytes, Buffer.alloc(3, 0xc1), bytes]));
    expect([noise.items.length >= 2, noise.counts.lost === null || noise.counts.lost > 0]).toEqual([true, true]);
    const deep = Buffer.alloc(100_000, kind === 'cbor' ? 0x81 : 0x91);
    expect(codes(await decodeProfile(profile({ kind }), deep))).toEqual(['FORMAT_UNKNOWN']);
    const long = Buffer.from(kind === 'cbor' ? 'bb0000ffffffffffff' : 'dfffffffff', 'hex');
    expect(codes(await decodeProfile(profile({ kind }), long))).toEqual(['FORMAT_UNKNOWN']);
  });

  it('may be one list, with or without its length, and describe themselves', async () => {
    const mark = Buffer.from('d9d9f7', 'hex');
    const lists = [
      ['cbor', Buffer.concat([mark, Buffer.from([0x82]), cbor])],
      ['cbor', Buffer.concat([Buffer.from([0x9f]), cbor, Buffer.from([0xff])])],
      ['msgpack', Buffer.concat([Buffer.from([0xdc, 0, 2]), msgpack])],
    ] as const;
    for (const [kind, bytes] of lists) {
      const { items, counts } = await decodeProfile(profile({ kind }), bytes);
      expect([items.map(({ messageId }) => messageId), counts.lost]).toEqual([['1', '2'], 0]);
    }
    const short = await decodeProfile(profile({ kind: 'cbor' }), Buffer.concat([Buffer.from([0x83]), cbor]));
    expect([short.items.length, short.counts.lost]).toEqual([2, null]);
  });
});

describe('what is no such container', () => {
  it('is refused with the place and the reason, and nothing that it names is opened', async () => {
    const xml = profile({ kind: 'xml', record: 'm' });
    const include = await decodeProfile(
      xml,
      '<d xmlns:xi="http://www.w3.org/2001/XInclude"><m><xi:include href="file:///etc/passwd"/><text>b</text></m></d>',
    );
    expect([bodies(include), codes(include)]).toEqual([['b'], ['REFERENCED_BUT_ABSENT', 'BYTES_NOT_EXAMINED']]);
    const entity = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d><m><text>&x;</text></m></d>';
    expect((await decodeProfile(xml, entity)).findings[0]?.detail).toContain('document type');
    const deep = `<d>${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</d>`;
    expect((await decodeProfile(xml, deep)).findings[0]?.detail).toContain('nest deeper');
    // A text of 2^32 - 1 bytes that is not there, and lists inside lists.
    for (const hex of ['81a161dbffffffff78', `81a161${'91'.repeat(5000)}c0`]) {
      const told = await decodeProfile(profile({ kind: 'msgpack' }), Buffer.from(hex, 'hex'));
      expect(told.findings[0]?.detail).toContain('no stream of msgpack maps: at byte 0');
    }
    const wide = `${Array.from({ length: 100_000 }, (_, i) => `c${i}`).join(';')}\n`;
    for (const kind of ['csv', 'table'] as const) {
      const told = await decodeProfile(profile({ kind, ...table }), wide);
      expect([told.items, codes(told)]).toEqual([[], ['FORMAT_UNKNOWN']]);
    }
    const lacking = await decodeProfile(profile({ kind: 'csv', ...table }), 'id;whom;text\n1;a;b\n');
    expect(lacking.findings[0]?.detail).toContain('"who" (/records/0/sender/field)');
  });
});

describe('workbooks', () => {
  async function workbook(sheet: string, shared = ''): Promise<Uint8Array> {
    const zip = new ZipWriter(new Uint8ArrayWriter());
    const add = (name: string, text: string) => zip.add(name, new Uint8ArrayReader(Buffer.from(text)));
    const ns = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
    const r = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
    await add(
      'xl/workbook.xml',
      `<?xml version="1.0"?>\n<workbook ${ns} ${r}><sheets><sheet name="Data" sheetId="1" r:id="rId7"/><sheet name="More" sheetId="2" r:id="rId8"/></sheets></workbook>`,
    );
    await add(
      'xl/_rels/workbook.xml.rels',
      '<Relationships xmlns="x"><Relationship Id="rId7" Target="worksheets/sheet9.xml"/></Relationships>',
    );
    await add('xl/worksheets/sheet9.xml', `<worksheet ${ns}><sheetData>${sheet}</sheetData></worksheet>`);
    if (shared !== '') await add('xl/sharedStrings.xml', `<sst ${ns}>${shared}</sst>`);
    return zip.close();
  }
  const header =
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><t>text</t></is></c><c r="D1" t="inlineStr"><is><t>imei</t></is></c></row>';
  const shared = '<si><t>id</t></si><si><r><t>wh</t></r><r><t>o</t></r></si>';

  it('keeps the text of cells as stored, and flags what a spreadsheet did to them', async () => {
    const rows =
      '<row r="3"><c r="A3"><v>1</v></c><c r="C3" t="str"><f>A1</f><v>hello</v></c><c r="D3"><v>4.90154203237518E+14</v></c></row>';
    const bytes = await workbook(header + rows, shared);
    const decoded = await decodeProfile(profile({ kind: 'xlsx' }), bytes);
    expect(bodies(decoded)).toEqual(['hello']);
    expect(decoded.items[0]).toMatchObject({
      messageId: '1',
      locator: { path: 'd!xl/worksheets/sheet9.xml', row: 3 },
      fields: new Map([['imei', '4.90154203237518E+14']]),
    });
    expect(decoded.items[0]?.locator.length).toBe(rows.length);
    expect(codes(decoded)).toEqual(['FIELD_COERCED', 'FIELD_COERCED', 'BYTES_NOT_EXAMINED']);
  });

  it('reads a sheet of many rows whole', async () => {
    const rows = Array.from(
      { length: 300 },
      (_, i) =>
        `<row r="${i + 2}"><c r="A${i + 2}"><v>${i}</v></c><c r="B${i + 2}"><v>7</v></c><c r="C${i + 2}"><v>8</v></c></row>`,
    );
    const decoded = await decodeProfile(profile({ kind: 'xlsx' }), await workbook(header + rows.join(''), shared));
    expect(decoded.items).toHaveLength(300);
    expect(decoded.counts.lost).toBe(0);
  });

  it('refuses bombs, missing sheets, and what is no workbook', async () => {
    const bomb = await workbook(
      `${header}<row r="2"><c r="A2" t="inlineStr"><is><t>${'a'.repeat(100 << 20)}</t></is></c></row>`,
      shared,
    );
    expect(bomb.length).toBeLessThan(1 << 20);
    const told = await decodeProfile(profile({ kind: 'xlsx' }), bomb);
    expect([codes(told), told.findings[0]?.detail]).toEqual([['FORMAT_UNKNOWN'], expect.stringContaining('ZIP bomb')]);
    const entities = await workbook(header.replace('<row', '<!DOCTYPE x [<!ENTITY a "b">]><row'), shared);
    expect((await decodeProfile(profile({ kind: 'xlsx' }), entities)).findings[0]?.detail).toContain('cannot be read');
    const sheet = await decodeProfile(profile({ kind: 'xlsx', sheet: 'None' }), await workbook(header, shared));
    expect(sheet.findings[0]?.detail).toContain('it has Data, More');
    expect(codes(await decodeProfile(profile({ kind: 'xlsx' }), 'PK'))).toEqual(['FORMAT_UNKNOWN']);
  });
});
