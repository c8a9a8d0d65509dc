/**
 * Nanoseconds a digest, one core: `npm run bench -w packages/bytes`. The best of many rounds, so that a busy machine
 * disturbs little. crypto.hash is called once a piece as a caller without digestMany would.
 */
import { hash } from 'node:crypto';
import { cpus } from 'node:os';
import { digestLinked, digestMany, digestPairs, sha256 } from '@custody/bytes';
import * as noble from '../src/sha256-noble.ts';

const PIECES = 4096;
const ROUNDS = 120;

function nanoseconds(pieces: number, run: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.hrtime.bigint();
    run();
    best = Math.min(best, Number(process.hrtime.bigint() - start) / pieces);
  }
  return best;
}

function each(data: Uint8Array, length: number, run: (piece: Uint8Array) => void): () => void {
  return () => {
    for (let at = 0; at + length <= data.length; at += length) run(data.subarray(at, at + length));
  };
}

function row(length: number): Record<string, number> {
  const data = new Uint8Array(PIECES * length).map((_, i) => i * 31);
  const ends = Uint32Array.from({ length: PIECES }, (_, i) => (i + 1) * length);
  const out = new Uint8Array(PIECES * 32);
  const many = nanoseconds(PIECES, () => digestMany(data, ends, out));
  const timed = {
    blocks: ((length + 8) >> 6) + 1,
    digestMany: many,
    'a block': many / (((length + 8) >> 6) + 1),
    'crypto.hash hex': nanoseconds(
      PIECES,
      each(data, length, (piece) => hash('sha256', piece, 'hex')),
    ),
    'crypto.hash binary': nanoseconds(
      PIECES,
      each(data, length, (piece) => hash('sha256', piece, 'binary')),
    ),
    'crypto.hash buffer': nanoseconds(
      PIECES,
      each(data, length, (piece) => hash('sha256', piece, 'buffer')),
    ),
    sha256: nanoseconds(PIECES, each(data, length, sha256)),
    noble: nanoseconds(PIECES, each(data, length, noble.sha256)),
  };
  return Object.fromEntries(Object.entries(timed).map(([name, value]) => [name, Math.round(value)]));
}

const lengths = process.argv.slice(2).map(Number);
console.log(`${cpus()[0]?.model}, Node ${process.versions.node}, ${PIECES} pieces a batch, ns a digest`);
console.table(Object.fromEntries((lengths.length > 0 ? lengths : [40, 100, 200, 600]).map((n) => [`${n} B`, row(n)])));

const hashes = new Uint8Array(PIECES * 32);
const records = new Uint8Array(PIECES * 33);
const out = new Uint8Array(PIECES * 32);
console.table({
  digestPairs: Math.round(nanoseconds(PIECES / 2, () => digestPairs(1, hashes, out))),
  'digestLinked, 33-byte records': Math.round(
    nanoseconds(PIECES, () => digestLinked(0, hashes.subarray(0, 32), records, 33, out)),
  ),
});
