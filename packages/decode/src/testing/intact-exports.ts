import { createHash } from 'node:crypto';
import { utf8Encode } from '@custody/bytes';
import { matrixEvents, matrixKeyExport } from '../formats/matrix/index.ts';
import { writeKeyExport } from '../formats/matrix/testing/write-keys.ts';
import { conversation as room } from '../formats/matrix/testing/write-room.ts';
import { STORAGE_PASSPHRASE, writeDump } from '../formats/matrix-synapse/testing/write-dump.ts';
import { conversation as frames } from '../formats/signal-backup-v2/testing/conversation.ts';
import { fullExport, layOut } from '../formats/telegram-export/testing/make-export.ts';
import { armour, encryptTo, makeKey } from '../openpgp/testing/write-pgp.ts';
import { formatByName } from '../registry.ts';
import type { IntactCapture } from './intact-capture.ts';

const source = 'test';
const only = (name: string, content: string | Uint8Array): Pick<IntactCapture, 'name' | 'files'> => ({
  name,
  files: new Map([[name, typeof content === 'string' ? utf8Encode(content) : new Uint8Array(content)]]),
});
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function matrix(): IntactCapture[] {
  const { sessions, events } = room();
  const supplied = { for: 'matrix-sessions', bytes: utf8Encode(JSON.stringify(sessions)), source };
  const dump = (form: 'copy' | 'sqlite') => ({
    ...only('synapse.sql', writeDump(form).bytes),
    keys: [{ for: 'matrix-passphrase', passphrase: STORAGE_PASSPHRASE, source }],
  });
  return [
    {
      ...{ format: matrixEvents, keys: [supplied], isLoose: true },
      ...only('events.ndjson', events.map(({ event }) => `${JSON.stringify(event)}\n`).join('')),
    },
    {
      ...{ format: matrixKeyExport, keys: [{ for: 'matrix-key-export', passphrase: 'x', source }] },
      ...only('keys.txt', writeKeyExport(sessions, 'x', 10)),
      borders: [37, 100],
    },
    { format: formatByName('matrix-synapse'), ...dump('copy') },
    { format: formatByName('matrix-synapse'), ...dump('sqlite') },
  ];
}

/** As the app writes it: 64-bit numbers as text, bytes as base64. */
function signalLine(frame: unknown): string {
  return JSON.stringify(frame, (_, value: unknown) => {
    if (typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'Buffer')
      return Buffer.from((value as unknown as { data: number[] }).data).toString('base64');
    return typeof value === 'number' && value > 2 ** 32 ? String(value) : value;
  });
}

function texts(): IntactCapture[] {
  const said = Array.from({ length: 40 }, (_, i) => {
    const minute = String(i % 60).padStart(2, '0');
    return `${(i % 28) + 1}/1${i % 3}/2023, 10:${minute} - ${i % 2 ? 'Owen' : 'Ada'}: message ${i}\n`;
  });
  const info = { version: '1', backupTimeMs: '1767322000000', currentAppVersion: 'Invented 1.0' };
  return [
    {
      format: formatByName('whatsapp-text'),
      ...only('WhatsApp Chat with Ada.txt', said.join('')),
      keys: [],
      isLoose: true,
    },
    { format: formatByName('telegram-export'), ...only('result.json', layOut(fullExport())), keys: [] },
    {
      ...{ format: formatByName('signal-export'), keys: [], isLoose: true },
      ...only('main.jsonl', `${[info, ...frames].map(signalLine).join('\n')}\n`),
    },
  ];
}

const stanza = (id: string, body: string): string =>
  `<message xmlns='jabber:client' from='ann@example.org/a' to='bea@example.org' id='${id}' type='chat'><body>${body}</body></message>`;

function xmpp(): IntactCapture[] {
  const delay = "<delay xmlns='urn:xmpp:delay' stamp='2021-03-01T10:00:00Z'/>";
  const results = ['a1', 'a2', 'a3'].map(
    (id) =>
      `<result xmlns='urn:xmpp:mam:2' id='${id}'><forwarded xmlns='urn:xmpp:forward:0'>${delay}${stanza(id, `text ${id}`)}</forwarded></result>`,
  );
  const user = `<user name='ann' password='x'><archive xmlns='urn:xmpp:pie:0#mam'>${results.join('')}</archive></user>`;
  const rows = ['one', 'two', 'three'].map(
    (text, i) =>
      `ann\texample.org\t161459280012345${i}\tbea@example.org\tbea@example.org\t${stanza(`i${i}`, text)}\t${text}\t${i + 1}\tchat\t\\N\t\t2021-03-01 11:00:00.1\n`,
  );
  const columns =
    'username, server_host, "timestamp", peer, bare_peer, xml, txt, id, kind, nick, origin_id, created_at';
  const item = (id: string): string =>
    `item({\n\t["attr"] = { ["from"] = "ann@example.org/x"; ["to"] = "bea@example.org"; ["type"] = "chat"; ["id"] = "${id}"; };\n\t["name"] = "message"; ["key"] = "${id}"; ["when"] = 1614592800; ["with"] = "bea@example.org";\n\t{ ["attr"] = {}; ["name"] = "body"; "text ${id}"; };\n});\n`;
  const transcript = ['one', 'two', 'three'].map((body) => ({ from: 'ann', to: 'bea', body }));
  return [
    {
      ...{ format: formatByName('xmpp-xep0227'), keys: [] },
      ...only('export.xml', `<server-data xmlns='urn:xmpp:pie:0'><host jid='example.org'>${user}</host></server-data>`),
    },
    {
      format: formatByName('xmpp-mam'),
      ...only('mam.xml', `<iq to='ann@example.org'>${results.join('')}</iq>`),
      keys: [],
    },
    {
      ...{ format: formatByName('xmpp-sql'), keys: [] },
      ...only('dump.sql', `COPY public.archive (${columns}) FROM stdin;\n${rows.join('')}\\.\n`),
    },
    {
      ...{ format: formatByName('xmpp-prosody'), keys: [], isLoose: true },
      ...only('data/example%2eorg/archive/ann.list', item('k1') + item('k2') + item('k3')),
    },
    { format: formatByName('otr-transcript'), ...only('transcript.json', JSON.stringify(transcript)), keys: [] },
  ];
}

/** Bytes that are the same in every run. */
function drawFrom(seed: string): (length: number) => Uint8Array {
  let count = 0;
  return (length) => {
    const parts: Buffer[] = [];
    for (let size = 0; size < length; size += 32)
      parts.push(createHash('sha256').update(`${seed} ${count++}`).digest());
    return new Uint8Array(Buffer.concat(parts).subarray(0, length));
  };
}

function mail(): IntactCapture[] {
  const draw = drawFrom('intact mail');
  const key = makeKey(draw, { userId: 'Ann <ann@example.org>', passphrase: 'horse' });
  const keys = [{ for: 'openpgp', bytes: utf8Encode(key.armoured), passphrase: 'horse', source }];
  const sealed = (text: string): string => armour('MESSAGE', encryptTo(utf8Encode(text), draw, { to: [key] }));
  const letter = (id: string, body: string): string =>
    `From: Ann <ann@example.org>\nTo: bea@example.org\nDate: Tue, 5 Apr 2016 14:03:01 +0200\nMessage-ID: <${id}@example.org>\nSubject: ${id}\n\n${body}\n`;
  const spool = ['one', 'two', 'three'].map(
    (id) => `From ann@example.org Tue Apr  5 14:03:01 2016\n${letter(id, sealed(`text of ${id}`))}\n`,
  );
  return [
    { format: formatByName('mail-mbox'), ...only('spool.mbox', spool.join('')), keys, isLoose: true },
    { format: formatByName('mail-eml'), ...only('a.eml', letter('one', sealed('a text'))), keys, isLoose: true },
    { format: formatByName('openpgp-message'), ...only('a.asc', sealed('a text')), keys },
  ];
}

function tables(): IntactCapture[] {
  const rows = Array.from(
    { length: 20 },
    (_, i) => `${i + 1},+4477009000${10 + i},+447700900002,2025-01-01 10:${10 + i},61`,
  );
  const table = `seq,caller,called,start_utc,duration\n${rows.join('\n')}\n`;
  const sheet = Buffer.from(
    '\ufeffRufnummer;IMEI;Modell\r\n+49 30 23125 001;350000001234562;Ger\u00e4t\r\n+49 30 23125 002;350000001234562;Zwei\r\n',
    'utf16le',
  );
  const list = `${sha256('one\n')}  ./a.txt\n${sha256('two\n')} *b.txt\n`;
  return [
    { format: formatByName('telecom-table'), ...only('calls.csv', table), keys: [], isLoose: true },
    { format: formatByName('telecom-sheet'), ...only('sheet.txt', new Uint8Array(sheet)), keys: [], isLoose: true },
    {
      ...{ format: formatByName('delivery-manifest'), name: 'SHA256SUMS', keys: [], isLoose: true },
      files: new Map([
        ['SHA256SUMS', utf8Encode(list)],
        ['a.txt', utf8Encode('one\n')],
        ['b.txt', utf8Encode('two\n')],
      ]),
    },
  ];
}

/** Exports, server dumps and tables, one a format or more. */
export function intactExports(): readonly IntactCapture[] {
  return [...matrix(), ...texts(), ...xmpp(), ...mail(), ...tables()];
}
