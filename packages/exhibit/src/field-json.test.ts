import { type DisclosedField, digestOfField } from '@custody/chain';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fieldJson, readFieldJson } from './field-json.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const value = fc.uint8Array({ maxLength: 40 });
const digest = fc.record({ digest: bytes(32) });
const piece = fc.oneof(digest, fc.record({ salt: bytes(16), value }));
const field: fc.Arbitrary<DisclosedField> = fc.oneof(
  digest,
  fc.record({ salt: bytes(16), value: fc.option(value) }),
  fc.record({ pieces: fc.array(piece, { minLength: 2, maxLength: 4 }) }),
);

it('brings every field through JSON as it was, with its digest', () => {
  fc.assert(
    fc.property(field, fc.integer({ min: 1, max: 15 }), (one, number) => {
      const back = readFieldJson(JSON.parse(JSON.stringify(fieldJson(one))));
      expect(back).toEqual(one);
      expect(digestOfField(number, back)).toEqual(digestOfField(number, one));
    }),
  );
});

it.each(['0', 'AB', 'zz', ' 00', '0x'])('refuses the hex %j: one value has one text', (text) => {
  expect(() => readFieldJson({ digest: text })).toThrow(expect.objectContaining({ code: 'EXHIBIT_MALFORMED' }));
});
