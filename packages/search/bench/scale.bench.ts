/**
 * Merged tiles at scale: `node --conditions=source packages/search/bench/scale.bench.ts [SEGMENTS]` (default 256: a
 * million messages). Builds tiles of made-up messages (a few, stored again and again), merges them, asks them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  discardSources,
  type MergedTile,
  type MergeSource,
  mergeTile,
  queryTiles,
  storeTile,
  TileBuilder,
  type TilePlain,
} from '@custody/search';
import { generateIdentity, openDirectoryVault, type Vault } from '@custody/vault';
import { generatorOf } from '../src/testing/made-up-leaves.ts';
import { makeChats } from './made-up-chats.ts';

const SEGMENTS = Number(process.argv[2] ?? 256);
const LEAVES = 4096;
/** Different tiles; the others repeat them. */
const DIFFERENT = 24;
const random = generatorOf(7);
const chats = makeChats(random);
const folder = mkdtempSync(join(tmpdir(), 'search-scale-'));
const identity = generateIdentity();
const keys = { recipient: identity.recipient, identities: [identity.secret] };
const segments = Array.from({ length: SEGMENTS }, (_, n) => ({ label: `1/${n}-0`, first: n * LEAVES, ordinal: n }));

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function stored(vault: Vault): Promise<number> {
  let bytes = 0;
  for await (const { length } of vault.list('index/')) bytes += length;
  return bytes;
}

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const before = cpuMs();
  const result = await work();
  console.log(
    `${name}: ${(((cpuMs() - before) * 1000) / SEGMENTS / LEAVES).toFixed(2)} µs of processor time a message`,
  );
  return result;
}

const vault = await openDirectoryVault(folder);
const builder = new TileBuilder({ region: 'DE' });
const plains = Array.from({ length: Math.min(DIFFERENT, SEGMENTS) }, (_, n) =>
  builder.build({ batch: chats.batch(LEAVES, n), from: 0, to: LEAVES, codes: new Uint8Array(LEAVES) }),
);
await timed('store tiles', async () => {
  for (const { label, ordinal } of segments) {
    await storeTile(vault, label, plains[ordinal % plains.length] as TilePlain, keys.recipient);
  }
});
console.log(`level 0: ${((await stored(vault)) / SEGMENTS / LEAVES).toFixed(1)} bytes a message`);

async function ask(when: string): Promise<void> {
  const rows: Record<string, Record<string, number>> = {};
  for (const [name, query] of Object.entries(chats.queries)) {
    const fresh = await openDirectoryVault(folder);
    const row: Record<string, number> = {};
    for (const round of ['cold', 'again', 'warm'] as const) {
      let hits = 0;
      const [cpu, wall] = [cpuMs(), performance.now()];
      for await (const _ of queryTiles(fresh, segments, query, keys.identities)) hits++;
      row.hits = hits;
      row[`${round}, CPU ms`] = Math.round((cpuMs() - cpu) * 10) / 10;
      row[`${round}, ms`] = Math.round((performance.now() - wall) * 10) / 10;
    }
    rows[name] = row;
  }
  console.log(when);
  console.table(rows);
}

await ask('level 0 only');
for (let level = 1; 16 ** level <= SEGMENTS; level++) {
  await timed(`merge to level ${level}`, async () => {
    for (let number = 0; (number + 1) * 16 ** level <= SEGMENTS; number++) {
      const tile: MergedTile = { level, number, generation: 0 };
      const sources: MergeSource[] = Array.from({ length: 16 }, (_, i) => {
        const child = number * 16 + i;
        return level === 1
          ? (segments[child] as MergeSource)
          : { tile: { level: level - 1, number: child, generation: 0 } };
      });
      await mergeTile(vault, tile, sources, keys);
      await discardSources(vault, sources);
    }
  });
  console.log(`up to level ${level}: ${((await stored(vault)) / SEGMENTS / LEAVES).toFixed(1)} bytes a message`);
  const sizes: Record<string, number> = {};
  for await (const { name, length } of vault.list('index/v2/')) {
    const part = name.split('.').at(-1) as string;
    sizes[part.includes('/') ? 'keys' : part] = (sizes[part.includes('/') ? 'keys' : part] ?? 0) + length;
  }
  console.log(
    Object.entries(sizes)
      .map(([part, size]) => `${part} ${(size / SEGMENTS / LEAVES).toFixed(1)}`)
      .join(', '),
  );
  console.log(`resident: ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB`);
}
await ask('merged');
rmSync(folder, { recursive: true, force: true });
