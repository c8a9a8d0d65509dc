import { type ByteColumn, ColumnBuilder, encodeCbor, utf8Encode } from '@custody/bytes';
import { describe, expect, it } from 'vitest';
import { keystream } from '../../../test/chain-ports.ts';
import { Random } from '../../../test/random.ts';
import { digestsOfLeaf, rootOfLeaf, valueOfField, withholdField, withholdPieces } from './disclosed-fields.ts';
import { FINDING_KIND, ITEM_KIND } from './kinds.ts';
import { openLeaf, PartOpener } from './open-leaf.ts';
import { digestPart, PartScratch } from './part-digests.ts';
import { type LeafPart, layoutPart } from './part-layout.ts';
import { saltsOf } from './salts.ts';

const salts = saltsOf(new Uint8Array(32).fill(6), keystream);
const malformed = expect.objectContaining({ code: 'OPENING_MALFORMED' });
const usage = expect.objectContaining({ family: 'usage' });

/** A part of random leaves: absent, empty, short and long values, bodies and maps in pieces. */
function randomPart(seed: number, items: number, findings: number): LeafPart {
  const random = new Random(seed);
  const column = (rows: number, value: () => Uint8Array | null): ByteColumn => {
    const builder = new ColumnBuilder();
    for (let row = 0; row < rows; row++) {
      const bytes = value();
      if (bytes === null) builder.appendAbsent();
      else builder.append(bytes);
    }
    return builder.view();
  };
  const plain = () => (random.below(3) === 0 ? null : random.bytes(random.below(100)));
  const body = () => utf8Encode('word \u20ac and '.repeat(random.below(30)));
  const map = () => encodeCbor(new Map(Array.from({ length: random.below(5) }, (_, i) => [i, random.below(1000)])));
  return {
    items: Array.from({ length: 15 }, (_, f) => column(items, f === 9 ? body : f === 13 ? map : plain)),
    findings: Array.from({ length: 6 }, () => column(findings, plain)),
  };
}

describe('digestPart', () => {
  it('agrees with every leaf opened by itself, at any size', () => {
    for (const [items, findings] of [
      [0, 0],
      [1, 0],
      [0, 3],
      [7, 2],
      [60, 11],
      [256, 0],
      [530, 257],
    ] as const) {
      const part = randomPart(items + 1, items, findings);
      const found = digestPart(part, salts);
      expect(digestPart(part, salts, new PartScratch(null))).toEqual(found);
      const opener = new PartOpener(part, salts);
      expect([found.items.count, found.findings.count]).toEqual([items, findings]);
      for (let row = 0; row < items; row++) {
        const fields = opener.open({ kind: ITEM_KIND, row });
        expect(rootOfLeaf(fields)).toEqual(found.items.roots.slice(row * 32, row * 32 + 32));
        expect(digestsOfLeaf(fields).slice(14 * 32)).toEqual(found.raw.slice(row * 32, row * 32 + 32));
      }
      for (let row = 0; row < findings; row++) {
        const root = rootOfLeaf(openLeaf(part, salts, { kind: FINDING_KIND, row }));
        expect(root).toEqual(found.findings.roots.slice(row * 32, row * 32 + 32));
      }
    }
  });

  it('leaves nothing behind in scratch that is used again', () => {
    const scratch = new PartScratch();
    const big = digestPart(randomPart(1, 50, 20), salts, scratch);
    const kept = big.items.roots.slice();
    const small = digestPart(randomPart(2, 3, 1), salts, scratch);
    expect(big.items.roots).toEqual(kept);
    expect(small).toEqual(digestPart(randomPart(2, 3, 1), salts));
  });

  it('gives another root to every leaf of the same content', () => {
    const row = (bytes: Uint8Array) => {
      const builder = new ColumnBuilder();
      builder.append(bytes);
      builder.append(bytes);
      return builder.view();
    };
    const part = {
      items: Array.from({ length: 15 }, () => row(Uint8Array.of(0xa0))),
      findings: randomPart(1, 0, 0).findings,
    };
    const { roots } = digestPart(part, salts).items;
    expect(roots.slice(0, 32)).not.toEqual(roots.slice(32));
  });

  it('accepts an explicit list of salts, and refuses one that is too short', () => {
    const part = randomPart(3, 4, 2);
    const { blocks } = layoutPart(part);
    const list = salts(blocks);
    expect(digestPart(part, () => list)).toEqual(digestPart(part, salts));
    expect(() => digestPart(part, () => list.subarray(1))).toThrow(usage);
  });

  it('refuses columns that do not fit each other', () => {
    const part = randomPart(3, 4, 2);
    const odd = randomPart(3, 5, 2);
    expect(() => digestPart({ ...part, items: part.items.slice(1) }, salts)).toThrow(usage);
    expect(() => digestPart({ ...part, items: part.items.with(3, odd.items[3] as ByteColumn) }, salts)).toThrow(usage);
    expect(() => digestPart({ ...part, items: part.items.with(14, { digests: new Uint8Array(33) }) }, salts)).toThrow(
      usage,
    );
    expect(() => saltsOf(new Uint8Array(31), keystream)).toThrow(usage);
  });

  it('refuses named fields that are no map', () => {
    const part = randomPart(3, 4, 2);
    const items = part.items.with(13, part.items[9] as ByteColumn);
    expect(() => digestPart({ ...part, items }, salts)).toThrow(
      expect.objectContaining({ code: 'FIELDS_MAP_MALFORMED' }),
    );
  });
});

describe('a disclosure', () => {
  const part = randomPart(8, 12, 0);
  const { roots } = digestPart(part, salts).items;
  const opener = new PartOpener(part, salts);
  const long = Array.from({ length: 12 }, (_, row) => opener.open({ kind: ITEM_KIND, row })).findIndex(
    (fields) => 'pieces' in (fields[9] ?? {}),
  );
  const fields = opener.open({ kind: ITEM_KIND, row: long });
  const root = roots.slice(long * 32, long * 32 + 32);
  const [bodyField] = fields.slice(9);
  if (bodyField === undefined || !('pieces' in bodyField)) throw new Error('no long body in the fixture');

  it('leads to the same root whatever is withheld', () => {
    for (let number = 1; number <= 15; number++) {
      const redacted = fields.map((field, f) => (f + 1 === number ? withholdField(number, field) : field));
      expect(rootOfLeaf(redacted)).toEqual(root);
      expect(valueOfField(redacted[number - 1] as never)).toBeUndefined();
    }
    for (let piece = 0; piece < bodyField.pieces.length; piece++) {
      const redacted = fields.with(9, withholdPieces(10, bodyField, [piece]));
      expect(rootOfLeaf(redacted)).toEqual(root);
      expect(valueOfField(redacted[9] as never)).toBeUndefined();
    }
  });

  it('leads to another root with any opened byte or salt changed, or two pieces exchanged', () => {
    const [first, second, ...rest] = bodyField.pieces;
    if (first === undefined || second === undefined) throw new Error('too few pieces');
    expect(rootOfLeaf(fields.with(9, { pieces: [second, first, ...rest] }))).not.toEqual(root);
    expect(rootOfLeaf(fields.with(9, { pieces: [first, ...rest] }))).not.toEqual(root);
    for (const [f, field] of fields.entries()) {
      if (!('salt' in field)) continue;
      const salt = field.salt.with(3, (field.salt[3] as number) ^ 1);
      expect(rootOfLeaf(fields.with(f, { ...field, salt }))).not.toEqual(root);
      const value = field.value === null ? new Uint8Array(0) : Uint8Array.of(...field.value, 0);
      expect(rootOfLeaf(fields.with(f, { ...field, value }))).not.toEqual(root);
    }
    const [a, b] = fields;
    expect(rootOfLeaf([b as never, a as never, ...fields.slice(2)])).not.toEqual(root);
  });

  it('is refused with digests of another length or a field in one piece of several', () => {
    expect(() => rootOfLeaf(fields.with(0, { digest: new Uint8Array(31) }))).toThrow(malformed);
    expect(() => rootOfLeaf(fields.with(0, { salt: new Uint8Array(15), value: null }))).toThrow(malformed);
    expect(() => rootOfLeaf(fields.with(9, { pieces: bodyField.pieces.slice(0, 1) }))).toThrow(malformed);
    expect(() => withholdPieces(1, fields[0] as never, [0])).toThrow(usage);
    expect(() => opener.open({ kind: ITEM_KIND, row: 12 })).toThrow(usage);
    expect(() => opener.open({ kind: FINDING_KIND, row: 0 })).toThrow(usage);
  });
});
