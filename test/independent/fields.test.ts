import { ColumnBuilder, encodeCbor } from '@custody/bytes';
import {
  cutBody,
  digestPart,
  digestsOfLeaf,
  FINDING_KIND,
  ITEM_KIND,
  type LeafPart,
  PartOpener,
  rootOfLeaf,
  saltsOf,
  valueOfField,
} from '@custody/chain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keystream } from '../chain-ports.ts';
import { bodyPieces, partFields, type Values } from './fields.ts';

const secret = Uint8Array.from({ length: 32 }, (_, i) => i * 7);

/** Bytes in which white space, continuation bytes and plain letters are all common. */
const body: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .array(fc.constantFrom(0x20, 0x0a, 0x09, 0x0d, 0x61, 0x62, 0x80, 0xbf, 0xc3, 0xf0), { maxLength: 300 })
    .map((bytes) => Uint8Array.from(bytes)),
  fc
    .array(fc.constantFrom(0x61, 0x80, 0x81, 0xe2), { minLength: 60, maxLength: 200 })
    .map((bytes) => Uint8Array.from(bytes)),
  fc.string({ unit: 'grapheme', maxLength: 120 }).map((text) => new TextEncoder().encode(text)),
  fc
    .constantFrom('', 'x'.repeat(64), 'x'.repeat(65), 'x'.repeat(128), 'x'.repeat(129))
    .map((t) => new TextEncoder().encode(t)),
);

const plainCbor = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string(),
    fc.integer(),
    fc.uint8Array({ maxLength: 40 }),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
})).value as fc.Arbitrary<string | number | Uint8Array | boolean>;

const map = fc
  .uniqueArray(fc.tuple(fc.string({ maxLength: 30 }), plainCbor), { selector: ([key]) => key, maxLength: 30 })
  .map((entries) => encodeCbor(new Map(entries)));

const value = fc.option(fc.uint8Array({ maxLength: 90 }), { freq: 3 });
const item: fc.Arbitrary<Values> = fc
  .tuple(fc.array(value, { minLength: 15, maxLength: 15 }), fc.option(body, { freq: 6 }), fc.option(map, { freq: 4 }))
  .map(([fields, text, named]) => (fields as (Uint8Array | null)[]).with(9, text).with(13, named));
const finding: fc.Arbitrary<Values> = fc.array(value, { minLength: 6, maxLength: 6 });

function columns(leaves: readonly Values[], fields: number) {
  return Array.from({ length: fields }, (_, f) => {
    const builder = new ColumnBuilder();
    for (const leaf of leaves) {
      const bytes = leaf[f];
      if (bytes) builder.append(bytes);
      else builder.appendAbsent();
    }
    return builder.view();
  });
}

function partOf(items: readonly Values[], findings: readonly Values[]): LeafPart {
  return { items: columns(items, 15), findings: columns(findings, 6) };
}

describe('fields, read twice', () => {
  it('cuts bodies at the same places', () => {
    fc.assert(
      fc.property(body, (bytes) => {
        const ends = cutBody(bytes);
        const pieces = ends.map((end, i) => Buffer.from(bytes.subarray(i === 0 ? 0 : ends[i - 1], end)));
        expect(pieces).toEqual(bodyPieces(bytes) ?? [Buffer.from(bytes)]);
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same fields roots for whole parts', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 8 }), fc.array(finding, { maxLength: 4 }), (items, findings) => {
        const expected = partFields(items, findings, secret);
        const found = digestPart(partOf(items, findings), saltsOf(secret, keystream));
        expect(Buffer.from(found.items.roots)).toEqual(Buffer.concat(expected.items.map((leaf) => leaf.root)));
        expect(Buffer.from(found.findings.roots)).toEqual(Buffer.concat(expected.findings.map((leaf) => leaf.root)));
        expect(Buffer.from(found.raw)).toEqual(Buffer.concat(expected.items.map((leaf) => leaf.digests[14] as Buffer)));
      }),
      { numRuns: 150 },
    );
  });

  it('opens every leaf to the same digests, and to the values that went in', () => {
    fc.assert(
      fc.property(
        fc.array(item, { minLength: 1, maxLength: 5 }),
        fc.array(finding, { maxLength: 3 }),
        (items, findings) => {
          const expected = partFields(items, findings, secret);
          const opener = new PartOpener(partOf(items, findings), saltsOf(secret, keystream));
          const kinds = [
            { kind: ITEM_KIND, values: items, leaves: expected.items },
            { kind: FINDING_KIND, values: findings, leaves: expected.findings },
          ] as const;
          for (const { kind, values, leaves } of kinds) {
            for (const [row, leaf] of leaves.entries()) {
              const fields = opener.open({ kind, row });
              expect(Buffer.from(digestsOfLeaf(fields))).toEqual(Buffer.concat(leaf.digests));
              expect(Buffer.from(rootOfLeaf(fields))).toEqual(leaf.root);
              const opened = fields.map((field, f) => valueOfField(field, f === 13) ?? null);
              expect(opened.map((v) => v && Buffer.from(v))).toEqual(values[row]?.map((v) => v && Buffer.from(v)));
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('lets the raw records stand as digests', () => {
    const leaf: Values = Array.from({ length: 15 }, (_, f) => Uint8Array.of(f === 13 ? 0xa0 : f));
    const whole = partOf([leaf, leaf], []);
    const { raw, items } = digestPart(whole, saltsOf(secret, keystream));
    const kept: LeafPart = { ...whole, items: [...whole.items.slice(0, 14), { digests: raw }] };
    const again = digestPart(kept, saltsOf(secret, keystream));
    expect(again.items.roots).toEqual(items.roots);
    const opened = new PartOpener(kept, saltsOf(secret, keystream)).open({ kind: ITEM_KIND, row: 1 });
    expect(opened[14]).toEqual({ digest: raw.slice(32) });
    expect(rootOfLeaf(opened)).toEqual(items.roots.slice(32));
  });
});
