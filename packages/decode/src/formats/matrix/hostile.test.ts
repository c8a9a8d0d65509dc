import type { Item } from '@custody/evidence';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SuppliedKey } from '../../keyring.ts';
import { decodeAll } from '../../testing/decode-all.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { matrixEvents } from './index.ts';
import { conversation, RoomWriter } from './testing/write-room.ts';

const IS_LONG = process.env.CUSTODY_LONG === '1';
const written = conversation();
const keys: SuppliedKey[] = [
  { for: 'matrix-sessions', bytes: Buffer.from(JSON.stringify(written.sessions)), source: 'sessions.json' },
];
const lines = Buffer.from(written.events.map(({ event }) => `${JSON.stringify(event)}\n`).join(''));
const document = Buffer.from(JSON.stringify({ chunk: written.events.map(({ event }) => event) }));

function decode(bytes: Uint8Array) {
  return decodeAll(matrixEvents, { name: 'events', source: memorySource(bytes) }, { keys, combine: true });
}

const texts = (items: readonly Item[]) =>
  items.flatMap(({ kind, body }) =>
    (kind === 'message' || kind === 'edit') && body !== null ? [new TextDecoder().decode(body)] : [],
  );
// A changed relation makes a message of an edit: its text for clients that know no edits was written as well.
const whole = [...texts((await decode(lines)).items), '* Hello, Bob'];
const flip = (bytes: Buffer, at: number, bit: number) => {
  const damaged = Buffer.from(bytes);
  damaged[at] = (damaged[at] as number) ^ (1 << bit);
  return damaged;
};

it('lines with any bit flipped lose that event and no other', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(lines.length - 1), fc.nat(7), async (at, bit) => {
      const { items, counts, findings } = await decode(flip(lines, at, bit));
      expect(counts.records).toBe(counts.decoded + (counts.lost ?? 0));
      // A line end that is flipped joins two events.
      expect(items.length).toBeGreaterThanOrEqual(11);
      for (const text of texts(items)) expect(whole).toContain(text);
      expect(texts(items).length).toBeGreaterThanOrEqual(whole.length - 3);
      if (items.length < 13) expect(findings.some((one) => one.class === 'lost')).toBe(true);
    }),
    { numRuns: IS_LONG ? 500 : 25, seed: 8 },
  );
}, 120_000);

it('lines cut anywhere give every event before the cut', async () => {
  const ends = [...lines.entries()].flatMap(([at, byte]) => (byte === 0x0a ? [at] : []));
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: lines.length - 1 }), async (end) => {
      const { items, findings } = await decode(lines.subarray(0, end));
      const expected = ends.filter((one) => one <= end).length;
      expect(items).toHaveLength(expected);
      if (end > (ends[expected - 1] ?? -1) + 1) expect(findings.map(({ code }) => code)).toContain('TRUNCATED');
    }),
    { numRuns: IS_LONG ? 200 : 15, seed: 8 },
  );
}, 120_000);

it('a document with any bit flipped, or cut anywhere, gives nothing that was not written, and does not hang', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(document.length - 1), fc.nat(7), fc.boolean(), async (at, bit, cut) => {
      const { items, findings } = await decode(cut ? document.subarray(0, at) : flip(document, at, bit));
      for (const text of texts(items)) expect(whole).toContain(text);
      if (items.length < 13) expect(findings.length).toBeGreaterThan(0);
    }),
    { numRuns: IS_LONG ? 700 : 25, seed: 8 },
  );
}, 120_000);

it('bounds depth, length and numbers', async () => {
  const event = (content: string) =>
    `{"type":"m.room.message","sender":"@a:b","room_id":"!r:b","origin_server_ts":1,"hashes":{},"content":${content}}\n`;
  const good = event('{"msgtype":"m.text","body":"good"}');
  const deep = event(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`);
  const arrays = event(`{"body":${'['.repeat(2000)}${']'.repeat(2000)}}`);
  const long = event(`{"body":"${'x'.repeat(5 * 1024 * 1024)}"}`);
  const odd = event(
    '{"body":1e400,"n":123456789012345678901234567890,"z":-0.0,"__proto__":{"msgtype":"m.text"},"constructor":1}',
  );
  const { items, findings, counts } = await decode(Buffer.from(good + deep + arrays + long + odd + good));
  expect(texts(items)).toEqual(['good', 'good']);
  expect(counts).toEqual({ records: 6, decoded: 3, lost: 3, notCovered: 0 });
  expect(findings.flatMap(({ code, class: kind }) => (kind === 'lost' ? [code] : []))).toEqual([
    'RECORD_MALFORMED',
    'RECORD_MALFORMED',
    'LIMIT_EXCEEDED',
  ]);
  const nested = await decode(Buffer.from(`{"chunk":${'['.repeat(5000)}`));
  expect(nested.findings.map(({ code }) => code)).toEqual(['LIMIT_EXCEEDED']);
});

it('does not follow predecessors round in a circle, and says that they do', async () => {
  const room = new RoomWriter(1);
  const member = { membership: 'join' };
  room.send('@a:chat.example', 'm.room.create', { room_version: '1' }, { state_key: '' });
  room.send('@a:chat.example', 'm.room.member', member, {
    state_key: '@a:chat.example',
    prev_events: [['$event3:chat.example', {}]],
  });
  room.send('@b:chat.example', 'm.room.member', member, {
    state_key: '@b:chat.example',
    prev_events: [
      ['$event2:chat.example', {}],
      ['$event3:chat.example', {}],
    ],
  });
  const { findings } = await decode(Buffer.from(room.events.map(({ event }) => `${JSON.stringify(event)}\n`).join('')));
  expect(findings.map(({ code, records }) => [code, records])).toEqual([['REFERENCE_UNRESOLVED', 2]]);
});

it('gives the same leaves in any order of units and any number of threads', async () => {
  const many = Buffer.concat(Array.from({ length: 280 }, () => lines));
  const file = { name: 'events', source: memorySource(many) };
  const one = await decodeAll(matrixEvents, file, { keys, items: false });
  const two = await decodeAll(matrixEvents, file, {
    keys,
    items: false,
    decoders: 2,
    order: (units) => [...units].reverse(),
  });
  expect(one.units.length).toBeGreaterThan(1);
  expect(two.leaves).toEqual(one.leaves);
  expect(one.findings.filter(({ code }) => code === 'DUPLICATE')).toHaveLength(13);
});
