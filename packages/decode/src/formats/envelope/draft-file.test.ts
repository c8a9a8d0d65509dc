import { expect, it } from 'vitest';
import type { ProfileDraft } from '../../profile/draft-profile.ts';
import { MemoryScratch } from '../../testing/memory-scratch.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { draftFile } from './draft-file.ts';

function draft(name: string, bytes: Uint8Array | string): Promise<ProfileDraft | null> {
  return draftFile({ name, source: memorySource(Buffer.from(bytes as string)) }, new MemoryScratch());
}

const party = (field: string | string[]) => ({ field, type: 'username' });

it('drafts a German table in windows-1252, its times left to a zone', async () => {
  const text = 'Nr;Absender;Empfänger;Gesendet am;Nachricht;Gerät (IMEI)\r\n1;a;b;05.03.2021 08:00:00;"Grüße; x";1\r\n';
  const found = await draft('Verkehr.csv', Buffer.from(text, 'latin1'));
  expect(found?.container).toEqual({
    ...{ kind: 'table', encoding: 'windows-1252', delimiter: ';', quote: '"', header: true },
  });
  expect(found?.records[0]).toMatchObject({
    ...{ sender: party('Absender'), recipients: party('Empfänger'), body: 'Nachricht' },
    sentAt: { field: 'Gesendet am', format: 'day-month-year', zone: null },
  });
  expect(Object.keys(found?.records[0]?.fields ?? {})).toEqual(['Nr', 'Gerät (IMEI)']);
});

it('takes of an SQL dump the table whose columns are a message', async () => {
  const text = [
    'CREATE TABLE public.users (id bigint, name text);',
    "INSERT INTO public.users VALUES (1, 'ann');",
    'COPY public.msgs (id, from_user, to_user, created, body) FROM stdin;',
    '1\tann\tbob\t2022-01-02 10:00:00.5+00\tone\\ntwo',
    '\\.\n',
  ];
  const found = await draft('pg.sql', text.join('\n'));
  expect(found?.container).toEqual({ kind: 'sql', table: 'msgs' });
  expect(found?.records[0]).toMatchObject({
    ...{ messageId: 'id', sender: party('from_user'), recipients: party('to_user'), body: 'body' },
    sentAt: { field: 'created', format: 'iso8601' },
  });
});

it('finds the records of XML, of one JSON text and of nested lines', async () => {
  const one = '<m:msg id="1"><m:from>a</m:from><m:to>b</m:to><m:text>x</m:text></m:msg>';
  const xml = await draft('x.xml', `<e:all xmlns:e="urn:e" xmlns:m="urn:m">${one}${one}</e:all>`);
  expect(xml).toMatchObject({ container: { kind: 'xml', record: 'msg' }, records: [{ sender: party('from') }] });
  const messages = [{ from: { id: 'a' }, to: 'b', created_at: '2024-01-01T00:00:00Z', text: 'x' }];
  const json = await draft('j.json', JSON.stringify({ v: 1, data: { users: [{ id: 1 }], messages } }, null, 1));
  expect(json).toMatchObject({ container: { kind: 'json', records: ['data', 'messages'] } });
  expect(json?.records[0]).toMatchObject({ sender: party(['from', 'id']), body: 'text' });
  const line = { meta: { uid: 'i', ts: 1620000000000 }, route: { src: 'a', dst: ['b'] }, payload: { txt: 'x' } };
  const lines = await draft('n.ndjson', `${JSON.stringify(line)}\n${JSON.stringify(line)}\n`);
  expect(lines?.records[0]).toMatchObject({
    ...{ messageId: ['meta', 'uid'], sender: party(['route', 'src']), body: ['payload', 'txt'] },
    recipients: { ...party(['route', 'dst']), list: 'array' },
  });
});

it.each(['', 'PK\x03\x04', 'SQLite format 3\0', '<a>', '[', '{"a":', 'INSERT INTO x VALUES (', '\0\0\0'])(
  'is none for %j',
  async (text) => {
    expect(await draft('x', text)).toBeNull();
  },
);

it('drafts MessagePack, CBOR and fixed columns, and nothing from bytes that only begin like them', async () => {
  // {"id": "m", "text": "x"} three times.
  const msgpack = Buffer.from('82a26964a16da474657874a178'.repeat(3), 'hex');
  const cbor = Buffer.from('a2626964616d64746578746178'.repeat(3), 'hex');
  expect(await draft('d.bin', msgpack)).toMatchObject({ container: { kind: 'msgpack' }, records: [{ body: 'text' }] });
  expect(await draft('d.bin', cbor)).toMatchObject({ container: { kind: 'cbor' }, records: [{ messageId: 'id' }] });
  expect(await draft('d.bin', Buffer.from('8281828182818281', 'hex'))).toBeNull();
  const lines = ['NR  SENDER TEXT', '001 ann    good day', '002 bea    x'];
  const fixed = await draft('d.txt', `${lines.join('\n')}\n`);
  expect(fixed?.container).toMatchObject({
    kind: 'fixed',
    skip: 1,
    columns: [
      { name: 'NR', from: 0, to: 4 },
      { name: 'SENDER', from: 4, to: 11 },
      { name: 'TEXT', from: 11 },
    ],
  });
  expect(fixed?.records[0]).toMatchObject({ sender: party('SENDER'), body: 'TEXT' });
});
