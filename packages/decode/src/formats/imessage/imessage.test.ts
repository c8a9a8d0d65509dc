import type { Item } from '@custody/evidence';
import { describe, expect, it } from 'vitest';
import { detectFormat, probeOf } from '../../registry.ts';
import { decodeCapture } from '../../testing/decode-capture.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { databaseOf } from '../ios-backup/testing/make-ios-backup.ts';
import { messageTime } from './cocoa-time.ts';
import { imessage } from './index.ts';
import { makeMessages, SENT, typedStream } from './testing/make-messages.ts';
import { typedStreamText } from './typed-stream.ts';

const text = ({ body }: Item) => (body === null ? null : new TextDecoder().decode(body));
const own = { type: 'phone', value: '+31655500101' };
const bob = { type: 'phone', value: '+31655500102' };
const ann = { type: 'email', value: 'ann@example.org' };

describe('sms.db', () => {
  const database = new Uint8Array(makeMessages());
  const decoded = decodeCapture(imessage, database, { name: 'sms.db' });
  const items = decoded.then((one) => one.items);
  const byId = async (id: string) => (await items).find(({ messageId, kind }) => messageId === id && kind !== 'edit');

  it('is recognised, and every row is accounted for', async () => {
    expect(detectFormat(probeOf('any', memorySource(database)))[0]?.format.name).toBe('imessage');
    const { counts, findings } = await decoded;
    // 2 handles, 2 chats, 3 members, 7 messages, 3 attachments, 7 and 2 joins, 1 deleted.
    expect(counts).toEqual({ records: 27, decoded: 27, lost: 0, notCovered: 0 });
    const said = findings
      .filter(({ code }) => code !== 'BYTES_NOT_EXAMINED')
      .map(({ code, records }) => [code, records]);
    expect(said).toEqual([
      ['NOT_COVERED', 1],
      ['REFERENCED_BUT_ABSENT', 3],
      ['REFERENCE_UNRESOLVED', 1],
    ]);
  });

  it('says who wrote what to whom, also where the text stands in the attributed body', async () => {
    const hello = await byId('G-1');
    expect(hello).toMatchObject({ kind: 'message', direction: 'incoming', sender: bob, recipients: [own], owner: own });
    expect(hello).toMatchObject({
      conversation: '+31655500102',
      sentAt: { utc: SENT * 1000, precision: 'ms', clock: 'sender' },
    });
    expect(hello?.times?.get('read')).toMatchObject({ utc: (SENT + 5) * 1000 });
    expect(hello?.attachments.map(({ name, present }) => [name, present])).toEqual([
      ['photo.jpg', false],
      ['gone.png', false],
    ]);
    const long = (await byId('G-2')) as Item;
    expect(text(long)).toBe('x'.repeat(200));
    expect(long).toMatchObject({ sender: own, recipients: [bob], refs: [{ rel: 'reply-to', id: 'G-1' }] });
    const group = await byId('G-6');
    expect(group).toMatchObject({ conversation: 'chat123', sender: ann, sentAt: { utc: SENT * 1000, precision: 's' } });
    expect(group?.recipients).toEqual([{ type: 'group', value: 'chat123', display: 'Team' }]);
  });

  it('tells tapbacks, edits, what was unsent, and changes of members', async () => {
    expect(await byId('G-4')).toMatchObject({ kind: 'reaction', sender: own, refs: [{ rel: 'reacts-to', id: 'G-1' }] });
    expect((await byId('G-4'))?.fields?.get('tapback')).toBe('loved');
    expect(await byId('G-5')).toMatchObject({ kind: 'deletion', refs: [{ rel: 'deletes', id: 'G-5' }] });
    expect(text((await byId('G-3')) as Item)).toBe('Frst');
    const [edit] = (await items).filter(({ kind }) => kind === 'edit');
    expect(edit).toMatchObject({ refs: [{ rel: 'edits', id: 'G-3' }], sentAt: { utc: SENT * 1000 + 9500 } });
    expect(text(edit as Item)).toBe('First');
    expect(await byId('G-7')).toMatchObject({
      kind: 'membership',
      direction: 'system',
      sender: ann,
      conversation: 'chat123',
    });
    expect((await items).filter(({ kind }) => kind === 'membership')).toHaveLength(4);
    expect((await items).filter(({ kind }) => kind === 'contact')).toHaveLength(2);
  });

  it('changed anywhere, or cut, neither throws nor makes items up', async () => {
    const whole = new Set((await items).map((item) => text(item)));
    for (let at = 100; at < database.length; at += 997) {
      const damaged = database.slice();
      damaged[at]! ^= 0x40;
      const { counts, items: found } = await decodeCapture(imessage, damaged, { name: 'sms.db' });
      expect(counts.decoded).toBeLessThanOrEqual(60);
      expect(found.filter((item) => whole.has(text(item))).length).toBeGreaterThanOrEqual(found.length - 2);
      await decodeCapture(imessage, database.slice(0, at), { name: 'sms.db' });
    }
  });
});

it('reads typed streams and times in seconds and nanoseconds', () => {
  for (const words of ['', 'a', 'b'.repeat(127), 'c'.repeat(128), 'd'.repeat(40_000)]) {
    expect(typedStreamText(typedStream(words))).toBe(words);
    expect(typedStreamText(typedStream(words).subarray(0, 60))).toBe(null);
  }
  expect(messageTime(721_692_800, 'sender')?.utc).toBe(SENT * 1000);
  expect(messageTime(721_692_800_000_000_000n, 'sender')?.utc).toBe(SENT * 1000);
  expect(messageTime(0, 'sender')).toBe(null);
});

it('reads databases of before iOS 6, where SMS and iMessages have flags and times of their own', async () => {
  const old = databaseOf((db) => {
    db.exec(`CREATE TABLE message (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, address TEXT, date INTEGER, text TEXT, flags INTEGER,
        group_id INTEGER, is_madrid INTEGER, madrid_handle TEXT, madrid_guid TEXT, madrid_flags INTEGER, madrid_account TEXT);
      CREATE TABLE msg_group (ROWID INTEGER PRIMARY KEY, type INTEGER); INSERT INTO msg_group VALUES (1, 0);
      INSERT INTO message (address, date, text, flags) VALUES
        ('+31655500102', ${SENT}, 'an SMS', 2), ('+31655500102', ${SENT + 1}, 'its answer', 3), ('+31655500102', ${SENT}, 'gone', 129);
      INSERT INTO message (date, text, flags, is_madrid, madrid_handle, madrid_guid, madrid_flags, madrid_account) VALUES
        (${SENT - 978_307_200}, 'from Ann', 0, 1, 'ann@example.org', 'M-1', 12289, 'p:+31655500101'),
        (${SENT - 978_307_200}, 'to Ann', 0, 1, 'ann@example.org', 'M-2', 36869, 'p:+31655500101');`);
  });
  const { items, counts, findings } = await decodeCapture(imessage, new Uint8Array(old), { name: 'sms.db' });
  expect(counts.decoded).toBe(5);
  expect(findings.filter(({ code }) => code === 'NOT_COVERED').map(({ records }) => records)).toEqual([1]);
  expect(items.map((item) => [text(item), item.direction, item.sentAt?.utc])).toEqual([
    ['an SMS', 'incoming', SENT * 1000],
    ['its answer', 'outgoing', (SENT + 1) * 1000],
    ['gone', null, SENT * 1000],
    ['from Ann', 'incoming', SENT * 1000],
    ['to Ann', 'outgoing', SENT * 1000],
  ]);
  expect(items[0]).toMatchObject({ sender: bob, conversation: bob.value });
  expect(items[3]).toMatchObject({ sender: ann, recipients: [own], messageId: 'M-1' });
  expect(items[4]).toMatchObject({ sender: own, recipients: [ann], owner: own });
});
