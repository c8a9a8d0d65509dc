import { describe, expect, it } from 'vitest';
import { Random } from '../../../test/random.ts';
import { u32be } from './big-endian.ts';
import { concatBytes } from './concat-bytes.ts';
import { DigestRows, type SaltedValues } from './digest-rows.ts';
import { sha256 } from './sha256.ts';

const random = new Random(3);
const rows = DigestRows.create() as DigestRows;

/** Lengths about every border: of a block, of what is hashed in the module, of what it has room for. */
const LENGTHS = [0, 1, 33, 34, 97, 98, 740, 2016, 2017, 2018, 5000, 262_144, 300_000, 12];

function valuesOf(lengths: readonly number[], marks: Uint8Array | null): SaltedValues {
  const ends = new Uint32Array(lengths.length);
  let end = 7;
  lengths.forEach((length, i) => {
    end += marks?.[i] === 1 ? 0 : length;
    ends[i] = end;
  });
  const salts = random.bytes(16 * lengths.length);
  return { prefix: 2, number: 9, data: random.bytes(end), starts: null, first: 7, ends, marks, salts };
}

function digestOf({ prefix, number, data, ends, first, marks, salts }: SaltedValues, i: number): Uint8Array {
  const value = data.subarray(i === 0 ? first : ends[i - 1], ends[i]);
  const length = marks?.[i] === 1 ? 0xffffffff : value.length;
  return sha256(concatBytes([Uint8Array.of(prefix, number), u32be(length), salts.slice(16 * i, 16 * i + 16), value]));
}

const rowOf = (digests: readonly Uint8Array[]) =>
  sha256(concatBytes([Uint8Array.of(3, 0, digests.length), ...digests]));

describe('DigestRows', () => {
  it('gives the digests over columns of values of any length, absent ones too', () => {
    const marks = Uint8Array.from(LENGTHS, (_, i) => (i % 5 === 4 ? 1 : 0));
    const columns = [valuesOf(LENGTHS, marks), valuesOf(LENGTHS.toReversed(), null)];
    rows.start(3, 2, LENGTHS.length);
    columns.forEach((values, column) => {
      rows.column(column, values);
    });
    const expected = LENGTHS.map((_, i) => rowOf(columns.map((values) => digestOf(values, i))));
    expect(rows.finish()).toEqual(concatBytes(expected));
  });

  it.each(Array.from({ length: 12 }, (_, i) => i + 1))(
    'has a place for each of %i messages of equal length',
    (count) => {
      for (const length of [20, 60, 150]) {
        const values = valuesOf(new Array(count).fill(length), null);
        rows.start(3, 1, count);
        rows.column(0, values);
        const expected = Array.from({ length: count }, (_, i) => rowOf([digestOf(values, i)]));
        expect(rows.finish()).toEqual(concatBytes(expected));
      }
    },
  );

  it('gives lists of as many parts as it has room for, and rows in one piece between them', () => {
    const counts = [0, 1, 2, 63, 64, 0, 200, 1];
    const first = Uint32Array.from([0, ...counts.map((_, i) => counts.slice(0, i + 1).reduce((a, b) => a + b))]);
    const total = first[counts.length] as number;
    const parts = valuesOf(
      Array.from({ length: total }, () => random.below(70)),
      null,
    );
    const marks = Uint8Array.from(counts, (count) => (count === 0 ? 0 : 2));
    const whole = valuesOf(counts, marks);
    rows.start(3, 1, counts.length);
    rows.parts(parts);
    rows.column(0, whole);
    rows.lists(0, { prefix: 4, number: 9, first });
    const digests = counts.map((count, row) => {
      if (count === 0) return digestOf(whole, row);
      const list = Array.from({ length: count }, (_, k) => digestOf(parts, (first[row] as number) + k));
      return sha256(concatBytes([Uint8Array.of(4, 9), u32be(count), ...list]));
    });
    expect(rows.finish()).toEqual(concatBytes(digests.map((digest) => rowOf([digest]))));
  });

  it('takes digests from elsewhere as they are', () => {
    const digests = random.bytes(5 * 32);
    rows.start(3, 1, 5);
    rows.partDigests.set(digests);
    rows.placeParts(0);
    const each = Array.from({ length: 5 }, (_, i) => rowOf([digests.slice(32 * i, 32 * i + 32)]));
    expect(rows.finish()).toEqual(concatBytes(each));
  });

  it('refuses more than there is room for', () => {
    const usage = expect.objectContaining({ family: 'usage', code: 'DIGEST_SHAPE' });
    expect(() => rows.start(3, 16, 1)).toThrow(usage);
    expect(() => rows.start(3, 1, rows.mostRows + 1)).toThrow(usage);
    expect(() => rows.parts(valuesOf(new Array(rows.mostParts + 1).fill(0), null))).toThrow(usage);
  });
});
