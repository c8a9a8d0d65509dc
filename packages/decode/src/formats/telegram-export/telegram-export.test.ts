import { sha256Hex, utf8Decode, utf8Encode } from '@custody/bytes';
import { BatchWriter, type Item, LEAF_ITEM, readItem } from '@custody/evidence';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CaptureFile } from '../../format.ts';
import { detectFormat, probeOf } from '../../registry.ts';
import { type Decoded, decodeCapture } from '../../testing/decode-capture.ts';
import { MemoryScratch } from '../../testing/memory-scratch.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { sweepDamage } from '../../testing/sweep-damage.ts';
import { telegramExport } from './telegram-export-format.ts';
import { fullExport, layOut, singleChat } from './testing/make-export.ts';

const decode = (bytes: Uint8Array) => decodeCapture(telegramExport, bytes, { name: 'result.json' });
const text = (item: Item | undefined) => (item?.body == null ? null : utf8Decode(item.body));
const byId = ({ items }: Decoded, id: string) => items.find((item) => item.messageId === `user2002/${id}`);
const codes = ({ findings }: Decoded) => findings.map(({ code }) => code).sort();
const tally = ({ items }: Decoded) => {
  const counts: Record<string, number> = {};
  for (const { kind } of items) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};

describe('one chat', () => {
  it.each([
    ['as Telegram lays it out', layOut(singleChat())],
    ['in one line', utf8Encode(JSON.stringify(singleChat()))],
  ])('%s', async (_what, bytes) => {
    const decoded = await decode(bytes);
    expect(tally(decoded)).toEqual({ message: 8, location: 1, reaction: 1, call: 1 });
    expect(decoded.counts).toEqual({ records: 10, decoded: 10, lost: 0, notCovered: 0 });
    expect(codes(decoded)).toEqual(['REFERENCED_BUT_ABSENT']);
    expect(byId(decoded, '1')).toMatchObject({
      ...{ direction: 'incoming', conversation: 'user2002', owner: { value: 'user1001' } },
      sender: { type: 'telegram', value: 'user2002', display: 'Ada Example' },
      recipients: [{ type: 'telegram', value: 'user1001' }],
      sentAt: { utc: 1_700_000_001_000, raw: '1700000001', zone: 'UTC', clock: 'server' },
    });
    expect(byId(decoded, '2')).toMatchObject({ direction: 'outgoing', refs: [{ rel: 'reply-to', id: 'user2002/1' }] });
    expect(byId(decoded, '2')?.times?.get('edited')?.utc).toBe(1_700_000_040_000);
    expect(text(byId(decoded, '3'))).toBe('see https://example.org now');
    expect(byId(decoded, '3')?.fields?.get('entities')).toHaveLength(1);
    expect(byId(decoded, '5')?.attachments).toEqual([
      { name: 'a.pdf', mime: 'application/pdf', size: 99, sha256: null, present: false },
    ]);
    expect(byId(decoded, '6')).toMatchObject({ refs: [{ rel: 'forwarded-from', id: 'channel77' }] });
    expect(byId(decoded, '7')?.fields?.get('latitude')).toBe('47.5');
    expect(text(byId(decoded, '9'))).toBe('When?');
    expect(byId(decoded, '10')?.times?.get('until')?.utc).toBe(1_700_000_460_000);
    expect(decoded.items.find(({ kind }) => kind === 'reaction')).toMatchObject({
      direction: 'outgoing',
      refs: [{ rel: 'reacts-to', id: 'user2002/8' }],
      sentAt: { utc: null },
    });
    const at = byId(decoded, '4')?.locator;
    expect(JSON.parse(utf8Decode(bytes, at?.offset ?? 0, (at?.offset ?? 0) + (at?.length ?? 0)))).toMatchObject({
      id: 4,
    });
  });

  it('finds files beside it', async () => {
    const bytes = layOut(singleChat());
    const photo = utf8Encode('picture');
    const file: CaptureFile = {
      ...{ name: 'export/result.json', source: memorySource(bytes) },
      beside: (name) => (name === 'photos/photo_1.jpg' ? memorySource(photo) : null),
    };
    const context = { keyring: { keys: [] }, scratch: new MemoryScratch() };
    const plan = await telegramExport.prepare(file, context);
    const out = new BatchWriter();
    for (const unit of plan.units) telegramExport.open(plan, file, context).decode(unit, out);
    const batch = out.batch();
    const items = [...batch.kinds].flatMap((kind, i) =>
      kind === LEAF_ITEM ? [readItem(batch.items, batch.rows[i] as number)] : [],
    );
    expect(items.flatMap(({ attachments }) => attachments)[0]).toMatchObject({
      present: true,
      size: 7,
      sha256: sha256Hex(photo),
    });
  });

  it('has no instant where the export has the wall clock only', async () => {
    const old = {
      ...singleChat(),
      messages: [{ id: 1, type: 'message', date: '2019-05-01T10:00:00', from: 'Ada', from_id: 2002, text: 'x' }],
    };
    const decoded = await decode(layOut(old));
    expect(decoded.items[0]?.sentAt).toMatchObject({ utc: null, raw: '2019-05-01T10:00:00', zone: null });
    expect(codes(decoded)).toEqual(['TIME_ANOMALY']);
  });

  it('cuts long chats into units', async () => {
    const messages = Array.from({ length: 9001 }, (_, id) => ({
      id,
      type: 'message',
      date: '2023-01-01T00:00:00',
      date_unixtime: '1672531200',
      from: 'A',
      from_id: 'user2002',
      text: `m${id}`,
    }));
    const decoded = await decode(layOut({ ...singleChat(), messages }));
    expect(decoded.plan.units).toHaveLength(3);
    expect(decoded.items.map(({ messageId }) => messageId)).toEqual(messages.map(({ id }) => `user2002/${id}`));
    expect(decoded.items.at(-1)?.locator.row).toBe(9001);
  });
});

describe('a whole account', () => {
  it('gives chats, contacts, sessions and the account', async () => {
    const decoded = await decode(layOut(fullExport()));
    expect(tally(decoded)).toEqual({
      account: 1,
      contact: 1,
      note: 2,
      device: 1,
      message: 10,
      location: 1,
      reaction: 1,
      call: 1,
      membership: 1,
    });
    expect(decoded.counts).toEqual({ records: 19, decoded: 18, lost: 0, notCovered: 1 });
    expect(codes(decoded)).toEqual(['NOT_COVERED', 'REFERENCED_BUT_ABSENT', 'TIME_ANOMALY']);
    const account = decoded.items.find(({ kind }) => kind === 'account');
    expect(account).toMatchObject({ owner: { value: 'user1001', display: 'Owen Example' } });
    expect(account?.recipients).toContainEqual({ type: 'phone', value: '+31970102030', display: 'Owen Example' });
    expect(decoded.items.find(({ kind }) => kind === 'contact')?.recipients).toEqual([
      { type: 'telegram', value: 'user2002', display: 'Ada Example' },
      { type: 'phone', value: '+31970102031', display: 'Ada Example' },
    ]);
    expect(
      decoded.items
        .filter(({ conversation }) => conversation === 'channel555')
        .map(({ kind, direction }) => [kind, direction]),
    ).toEqual([
      ['membership', 'system'],
      ['note', 'system'],
      ['message', 'incoming'],
    ]);
  });

  it('is read as exports before 2021 wrote it, with numbers for people, and behind a byte order mark', async () => {
    const said = (id: number, from_id: number) => ({
      id,
      type: 'message',
      date: '2019-01-01T10:00:00',
      from_id,
      text: 'x',
    });
    const chat = { type: 'personal_chat', id: 222, messages: [said(1, 222), said(2, 111), said(3, 2 ** 33 + 9)] };
    const bytes = layOut({ personal_information: { user_id: 111 }, chats: { list: [chat] } });
    const { items } = await decode(Uint8Array.from([0xef, 0xbb, 0xbf, ...bytes]));
    const messages = items.filter(({ kind }) => kind === 'message');
    expect(messages.map(({ sender, direction }) => [sender?.value, direction])).toEqual([
      ['user222', 'incoming'],
      ['user111', 'outgoing'],
      ['channel9', 'incoming'],
    ]);
  });

  it('is known by its bytes', () => {
    for (const value of [fullExport(), singleChat()]) {
      expect(detectFormat(probeOf('x', memorySource(layOut(value))))[0]?.format.name).toBe('telegram-export');
    }
    expect(telegramExport.detect(probeOf('result.json', memorySource(layOut({ messages: [] }))))).toBeNull();
  });
});

describe('damage', () => {
  it('costs the message that it hits', async () => {
    const bytes = layOut(singleChat());
    const quote = Buffer.from(bytes).indexOf('"text 2"');
    const hit = bytes.slice();
    hit[quote] = 0x7b;
    const decoded = await decode(hit);
    expect(decoded.counts).toEqual({ records: 10, decoded: 9, lost: 1, notCovered: 0 });
    const cut = await decode(bytes.subarray(0, Buffer.from(bytes).indexOf('"id": 6')));
    expect(cut.items.filter(({ kind }) => kind === 'message')).toHaveLength(5);
    expect(codes(cut)).toContain('TRUNCATED');
  });

  it('never takes a message away in silence', async () => {
    const bytes = layOut(fullExport());
    expect(
      await sweepDamage(telegramExport, bytes, { name: 'result.json', keyring: { keys: [] }, seed: 7, few: 25 }),
    ).toEqual([]);
  }, 60_000);

  it('survives any JSON, and accounts for it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 4 }), async (some, messages) => {
        const { counts } = await decode(
          layOut({ type: 'personal_chat', chats: { list: some }, contacts: some, messages }),
        );
        expect(counts.records).toBe(counts.decoded + (counts.lost ?? 0) + counts.notCovered);
      }),
      { numRuns: process.env.CUSTODY_LONG === '1' ? 3000 : 100 },
    );
  });
});
