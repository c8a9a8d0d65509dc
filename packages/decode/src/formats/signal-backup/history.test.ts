import { expect, it } from 'vitest';
import { decodeCapture } from '../../testing/decode-capture.ts';
import { signalBackup } from './index.ts';
import { PASSPHRASE, type Step, writeBackup } from './testing/write-backup.ts';

function decode(steps: readonly Step[], version = 0) {
  const keyring = { keys: [{ for: 'signal-backup', passphrase: PASSPHRASE, source: 'keyring.json' }] };
  return decodeCapture(signalBackup, writeBackup(steps, version).bytes, { name: 'x.backup', keyring });
}

function row(table: string, ...values: readonly (string | number | Uint8Array | null)[]): Step {
  return { sql: `INSERT INTO ${table} VALUES (${values.map(() => '?').join(',')})`, values };
}

it('reads runs of rows of any lengths at places that are whole numbers', async () => {
  const rows = Array.from({ length: 600 }, (_, i) => row('message', i + 1, 'x'.repeat((i * 37) % 1500)));
  const steps = [{ sql: 'CREATE TABLE message (_id INTEGER PRIMARY KEY, body TEXT)' }, ...rows, { end: true } as const];
  expect((await decode(steps)).counts).toMatchObject({ records: 600, decoded: 600 });
});

const [RECEIVED, SENT] = [20, 23];
const text = (body: Uint8Array | null) => (body === null ? null : new TextDecoder().decode(body));

it('reads databases of before 2019, where messages name addresses', async () => {
  const { items, counts } = await decode([
    {
      sql: 'CREATE TABLE recipient_preferences (_id INTEGER PRIMARY KEY, recipient_ids TEXT, signal_profile_name TEXT)',
    },
    { sql: 'CREATE TABLE thread (_id INTEGER PRIMARY KEY, recipient_ids TEXT)' },
    { sql: 'CREATE TABLE groups (_id INTEGER PRIMARY KEY, group_id TEXT, title TEXT)' },
    {
      sql: 'CREATE TABLE sms (_id INTEGER PRIMARY KEY, thread_id INTEGER, address TEXT, date INTEGER, date_sent INTEGER, type INTEGER, body TEXT)',
    },
    {
      sql: 'CREATE TABLE mms (_id INTEGER PRIMARY KEY, thread_id INTEGER, address TEXT, date INTEGER, date_received INTEGER, msg_box INTEGER, body TEXT)',
    },
    row('recipient_preferences', 1, '+31655500102', 'Ann'),
    row('thread', 1, '+31655500102'),
    row('thread', 2, '__textsecure_group__!aa'),
    row('thread', 3, '2200'),
    row('groups', 1, '__textsecure_group__!aa', 'Walks'),
    row('sms', 1, 1, '+31655500102', 1005, 1000, RECEIVED, 'one'),
    row('mms', 1, 2, '+31655500102', 2000, 2005, RECEIVED, 'two'),
    row('mms', 2, 2, '__textsecure_group__!aa', 3000, 3005, SENT, 'three'),
    row('sms', 2, 3, '2200', 4005, 4000, RECEIVED, 'four'),
    { preference: 'pref_local_number', text: '+31655500101' },
    { end: true },
  ]);
  const [ann, own] = [
    { type: 'phone', value: '+31655500102', display: 'Ann' },
    { type: 'phone', value: '+31655500101' },
  ];
  const walks = { type: 'signal-group', value: '__textsecure_group__!aa', display: 'Walks' };
  const said = items.filter(({ kind }) => kind === 'message');
  expect(said.map(({ sender, recipients, conversation }) => [sender, recipients, conversation])).toEqual([
    [ann, [own], ann.value],
    [ann, [walks], walks.value],
    [own, [walks], walks.value],
    [{ type: 'signal-address', value: '2200' }, [own], '2200'],
  ]);
  expect(said.map(({ sentAt, times }) => [sentAt?.utc, times?.get('received')?.utc])).toEqual([
    [1000, 1005],
    [2000, 2005],
    [3000, 3005],
    [4000, 4005],
  ]);
  expect(items.filter(({ kind }) => kind === 'contact')[0]?.recipients).toEqual([ann]);
  expect(counts).toMatchObject({ records: 10, lost: 0, notCovered: 1 });
});

it('finds reactions of all years, and what was deleted for everyone', async () => {
  // ReactionList: { 1: { 1: emoji, 2: author, 3: sent, 4: received } }
  const list = Uint8Array.from([0x0a, 10, 0x0a, 2, 0xc3, 0xa9, 0x10, 2, 0x18, 77, 0x20, 78]);
  const { items } = await decode([
    { sql: 'CREATE TABLE recipient (_id INTEGER PRIMARY KEY, phone TEXT)' },
    {
      sql: 'CREATE TABLE sms (_id INTEGER PRIMARY KEY, date_sent INTEGER, date INTEGER, type INTEGER, body TEXT, reactions BLOB, remote_deleted INTEGER)',
    },
    { sql: 'CREATE TABLE mms (_id INTEGER PRIMARY KEY, date INTEGER, msg_box INTEGER, body TEXT, reactions BLOB)' },
    {
      sql: 'CREATE TABLE reaction (_id INTEGER PRIMARY KEY, message_id INTEGER, is_mms INTEGER, author_id INTEGER, emoji TEXT, date_sent INTEGER)',
    },
    row('recipient', 2, '+31655500102'),
    row('sms', 1, 1000, 1005, RECEIVED, 'one', list, 0),
    row('mms', 1, 2000, RECEIVED, 'two', Uint8Array.of(0xff)),
    row('sms', 2, 3000, 3005, RECEIVED, null, null, 1),
    row('reaction', 1, 1, 0, 2, 'a', 5000),
    row('reaction', 2, 1, 1, 2, 'b', 5001),
    { end: true },
  ]);
  const reactions = items.filter(({ kind }) => kind === 'reaction');
  expect(
    reactions.map(({ body, refs, sender, sentAt }) => [text(body), refs[0]?.id, sender?.value, sentAt?.utc]),
  ).toEqual([
    ['é', '1000', '+31655500102', 77],
    ['a', '1000', '+31655500102', 5000],
    ['b', '2000', '+31655500102', 5001],
  ]);
  // What is no list of reactions stays as it is.
  expect(items.find(({ body }) => text(body) === 'two')?.fields?.get('reactions')).toEqual(Uint8Array.of(0xff));
  expect(items.filter(({ kind }) => kind === 'deletion')).toMatchObject([{ refs: [{ rel: 'deletes', id: '3000' }] }]);
  expect(items.filter(({ kind }) => kind === 'message')).toHaveLength(3);
});

it('shows files whose message or row is not there as items of their own', async () => {
  const { items, counts, findings } = await decode([
    { sql: 'CREATE TABLE message (_id INTEGER PRIMARY KEY, date_sent INTEGER, type INTEGER, body TEXT)' },
    { sql: 'CREATE TABLE part (_id INTEGER PRIMARY KEY, mid INTEGER, ct TEXT, caption TEXT)' },
    row('message', 1, null, RECEIVED, 'no time'),
    row('part', 5, 1, 'image/png', 'a view'),
    { attachment: 5, content: new Uint8Array(7) },
    row('part', 6, -8, 'image/jpeg', null),
    { attachment: 6, content: new Uint8Array(8) },
    { attachment: 7, content: new Uint8Array(9) },
    { end: true },
  ]);
  const shown = items.map(({ kind, attachments }) => [kind, attachments[0]?.size, attachments[0]?.present]);
  expect(shown).toEqual([
    ['message', 7, true],
    ['attachment', 8, true],
    ['attachment', 9, true],
  ]);
  expect(items[0]?.fields?.get('captions')).toEqual(['a view']);
  expect(counts).toMatchObject({ records: 6, decoded: 6 });
  expect(findings.map(({ code }) => code)).toContain('REFERENCE_UNRESOLVED');
});

it('shows the texts of messages whose table is not defined', async () => {
  const { items, counts, findings } = await decode([row('message', 1, 1000, 'one', null), { end: true }]);
  expect(items.map(({ kind, body }) => [kind, text(body)])).toEqual([['message', 'one']]);
  expect(items[0]?.fields?.get('column2')).toBe(1000);
  expect(counts).toMatchObject({ records: 1, decoded: 1 });
  expect(findings.find(({ code }) => code === 'RECORD_MALFORMED')).toMatchObject({ class: 'doubt', records: 1 });
});
