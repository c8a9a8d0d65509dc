/**
 * Sealing, opening and storing, one core: `npm run bench -w packages/vault`. The best of several rounds, so that a
 * busy machine disturbs little; storing is the mean, for it waits for the disk.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CreateOptions,
  generateIdentity,
  openDirectoryVault,
  openSealed,
  openSealedFileSync,
  seal,
  sealStream,
} from '@custody/vault';

const MIB = 1024 * 1024;
const rows: Record<string, { 'µs a call': number; 'GB/s'?: number }> = {};

function measure(name: string, run: () => void, size: { calls: number; bytes?: number }): void {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 6; round++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < size.calls; i++) run();
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 1000 / size.calls);
  }
  rows[name] = {
    'µs a call': Number(best.toFixed(1)),
    ...(size.bytes !== undefined && { 'GB/s': Number((size.bytes / best / 1000).toFixed(2)) }),
  };
}

const me = generateIdentity();
const to = [me.recipient];
const folder = mkdtempSync(join(tmpdir(), 'vault-bench-'));

for (const [label, bytes, calls] of [
  ['500 B', 500, 300],
  ['400 KB', 400_000, 50],
  ['64 MiB', 64 * MIB, 2],
] as const) {
  const plain = randomBytes(bytes);
  const sealed = seal(plain, to);
  const size = { calls, ...(bytes > 10_000 && { bytes }) };
  measure(`seal ${label}`, () => seal(plain, to), size);
  measure(`open ${label}`, () => openSealed(sealed, [me]), size);
}

const large = randomBytes(64 * MIB);
async function* chunks(): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < large.length; at += MIB) yield large.subarray(at, at + MIB);
}
const start = process.hrtime.bigint();
for await (const piece of sealStream(chunks(), to)) if (piece.length === 0) throw new Error('an empty piece');
const nanoseconds = Number(process.hrtime.bigint() - start);
rows['seal 64 MiB as a stream'] = {
  'µs a call': Math.round(nanoseconds / 1000),
  'GB/s': Number((large.length / nanoseconds).toFixed(2)),
};

writeFileSync(join(folder, 'sealed'), seal(large, to));
const reader = openSealedFileSync(join(folder, 'sealed'), [me]);
measure('read 4 KiB of a kept chunk', () => reader.read(70_000, 4096), { calls: 5000 });
let chunk = 0;
const nextChunk = (): void => {
  // 97 and the 960 chunks have no common factor: each comes up once before any comes again.
  chunk = (chunk + 97) % 960;
  reader.read(chunk * 65_536, 4096);
};
measure('read 4 KiB of another chunk', nextChunk, { calls: 300 });
reader.close();

const vault = await openDirectoryVault(join(folder, 'vault'));
let number = 0;
async function store(name: string, options: CreateOptions, atOnce: number): Promise<void> {
  const data = randomBytes(100_000);
  const began = process.hrtime.bigint();
  const count = 200;
  for (let i = 0; i < count; i += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, () => vault.create(`n/${number++}`, data, options)));
  }
  rows[name] = { 'µs a call': Math.round(Number(process.hrtime.bigint() - began) / 1000 / count) };
}
await store('create 100 KB', {}, 1);
await store('create 100 KB, five at once', {}, 5);
await store('create 100 KB, not durable, five at once', { durable: false }, 5);

console.table(rows);
rmSync(folder, { recursive: true });
