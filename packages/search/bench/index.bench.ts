/**
 * Building, storing and asking tiles, one core: `npm run bench -w packages/search`. µs a message; the best of several
 * rounds, so that a busy machine disturbs little. Text is drawn from 15,000 made-up words as common as Zipf's law has it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Extractor, Tokeniser } from '@custody/entities';
import { BatchWriter, itemSlot, type LeafBatch } from '@custody/evidence';
import { queryTiles, storeTile, TileBuilder, type TileInput } from '@custody/search';
import { generateIdentity, openDirectoryVault } from '@custody/vault';
import { generatorOf } from '../src/testing/made-up-leaves.ts';
import { encodePartObject } from '../src/tile-codec.ts';

const LEAVES = 4096;
const TILES = 250;
const random = generatorOf(7);
const words = Array.from({ length: 15_000 }, (_, i) => {
  const length = 1 + Math.floor(random() * 3 + Math.log2(i + 1) / 2.5);
  return Array.from({ length }, () => String.fromCharCode(97 + Math.floor(random() ** 1.5 * 26))).join('');
});
const wordAt = (): string => words[Math.floor(words.length ** random()) - 1] as string;
const users = Array.from({ length: 2000 }, (_, i) => `+4930231250${String(i).padStart(4, '0')}`);

function message(): string {
  const size = 150 + Math.floor(random() * 150);
  const parts: string[] = [];
  for (let length = 0; length < size; length += 1 + (parts.at(-1)?.length ?? 0)) parts.push(wordAt());
  const draw = random();
  if (draw < 0.05) parts.push(`EUR ${Math.floor(random() * 90_000)}`);
  else if (draw < 0.08) parts.push(users[Math.floor(random() * users.length)] as string);
  else if (draw < 0.1) parts.push(`${wordAt()}@example.org`);
  return parts.join(' ');
}

function makeBatch(): LeafBatch {
  const writer = new BatchWriter();
  for (let leaf = 0; leaf < LEAVES; leaf++) {
    writer.begin('message', 'bench', null);
    writer.locator({ path: 'bench', offset: leaf, length: 1, row: leaf });
    writer.sender(writer.party('phone', users[Math.floor(random() ** 2 * users.length)] as string));
    writer.recipient(writer.party('phone', users[Math.floor(random() ** 2 * users.length)] as string));
    const utc = 1_700_000_000_000 + leaf * 977;
    writer.sentAt({ utc, raw: String(utc), zone: 'UTC', precision: 'ms', clock: 'server' });
    writer.body(message());
    writer.end();
  }
  return writer.batch();
}

const rows: Record<string, { 'µs a message': number }> = {};

function measure(name: string, run: () => unknown): void {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 40; round++) {
    const start = process.hrtime.bigint();
    run();
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 1000 / LEAVES);
  }
  rows[name] = { 'µs a message': Number(best.toFixed(3)) };
}

const batch = makeBatch();
const input: TileInput = { batch, from: 0, to: LEAVES, codes: new Uint8Array(LEAVES) };
const body = batch.items[itemSlot.body - 1] as LeafBatch['items'][number];
const eachBody = (take: (start: number, end: number) => void) => {
  for (let i = 0; i < LEAVES; i++) take(i === 0 ? 0 : (body.ends[i - 1] as number), body.ends[i] as number);
};

const tokeniser = new Tokeniser();
let seen = 0;
const token = () => {
  seen++;
};
eachBody((start, end) => tokeniser.tokenise(body.bytes, start, end, token));
console.log(`${(body.bytes.length / LEAVES).toFixed(0)} bytes and ${(seen / LEAVES).toFixed(1)} words a message`);
measure('tokenise alone', () => eachBody((start, end) => tokeniser.tokenise(body.bytes, start, end, token)));
const extractor = new Extractor({ region: 'DE' });
measure('extract alone', () => eachBody((start, end) => extractor.scan(body.bytes, start, end, token)));
const builder = new TileBuilder({ region: 'DE' });
measure('build (tokenise, extract, sort, encode)', () => builder.build(input));
const plain = builder.build(input);
const identity = generateIdentity();
measure('compress and seal', () => {
  for (const part of Object.values(plain)) encodePartObject('index/v2/0/bench', part, identity.recipient);
});
console.table(rows);

const stored = Object.entries(plain).map(([part, bytes]) => [
  part,
  {
    'B a message, plain': bytes.length / LEAVES,
    stored: encodePartObject('index/v2/0/bench', bytes, identity.recipient).length / LEAVES,
  },
]);
console.table(Object.fromEntries(stored));

const folder = mkdtempSync(join(tmpdir(), 'search-bench-'));
const vault = await openDirectoryVault(folder);
const tiles = Array.from({ length: TILES }, (_, n) => ({ label: `1/0-${n}`, first: n * LEAVES }));
const begun = process.hrtime.bigint();
for (const { label } of tiles) await storeTile(vault, label, plain, identity.recipient);
const perMessage = Number(process.hrtime.bigint() - begun) / 1000 / TILES / LEAVES;
console.log(`storing ${TILES} tiles: ${perMessage.toFixed(3)} µs a message`);

const asked: Record<string, { hits: number; 'ms, cold': number; 'ms, keys kept': number; 'of it CPU': number }> = {};
for (const [name, query] of Object.entries({
  'a phone number': { type: 'phone', value: users[1700] as string },
  'a party': { party: users[1700] as string },
  'a value that is nowhere': { value: 'nobody@example.net' },
  'two words': { text: `${words[9000]} ${words[20]}` },
  'money of 89,000 and more': { type: 'money', min: '89000' },
  'a minute': { from: 1_700_000_060_000, to: 1_700_000_120_000 },
})) {
  const times: number[] = [];
  const busy: number[] = [];
  let hits = 0;
  // A vault of its own has no keys kept.
  const fresh = await openDirectoryVault(folder);
  for (let round = 0; round < 4; round++) {
    hits = 0;
    const start = process.hrtime.bigint();
    const before = process.cpuUsage();
    for await (const _ of queryTiles(fresh, tiles, query, [identity.secret])) hits++;
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
    const { user, system } = process.cpuUsage(before);
    busy.push((user + system) / 1000);
  }
  asked[name] = {
    hits,
    'ms, cold': Math.round(times[0] as number),
    'ms, keys kept': Math.round(Math.min(...times)),
    'of it CPU': Math.round(Math.min(...busy)),
  };
}
console.table(asked);
rmSync(folder, { recursive: true, force: true });
