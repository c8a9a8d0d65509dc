import { equalBytes, hexEncode } from '@custody/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeOpening, encodePiece, fieldsRoot, piecesDigest, readOpening, readPiece } from './openings.ts';

const salt = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
const malformed = expect.objectContaining({ code: 'OPENING_MALFORMED' });

describe('openings', () => {
  it('have the bytes of SPEC.md section 2', () => {
    const value = Uint8Array.of(0xaa, 0xbb);
    const saltHex = '0102030405060708090a0b0c0d0e0f10';
    expect(hexEncode(encodeOpening({ number: 7, salt, value }))).toBe(`020700000002${saltHex}aabb`);
    expect(hexEncode(encodeOpening({ number: 7, salt, value: new Uint8Array(0) }))).toBe(`020700000000${saltHex}`);
    expect(hexEncode(encodeOpening({ number: 7, salt, value: null }))).toBe(`0207ffffffff${saltHex}`);
    expect(hexEncode(encodePiece({ number: 10, salt, value }))).toBe(`050a00000002${saltHex}aabb`);
  });

  it('round-trip', () => {
    const value = fc.option(fc.uint8Array({ maxLength: 80 }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 255 }), value, (number, bytes) => {
        expect(readOpening(encodeOpening({ number, salt, value: bytes }))).toEqual({ number, salt, value: bytes });
        if (bytes)
          expect(readPiece(encodePiece({ number, salt, value: bytes }))).toEqual({ number, salt, value: bytes });
      }),
      { numRuns: 100 },
    );
  });

  it('are refused cut short, lengthened, or as the other sort', () => {
    const bytes = encodeOpening({ number: 7, salt, value: Uint8Array.of(1, 2, 3) });
    for (let end = 0; end < bytes.length; end++) expect(() => readOpening(bytes.subarray(0, end))).toThrow(malformed);
    expect(() => readOpening(Uint8Array.of(...bytes, 0))).toThrow(malformed);
    expect(() => readPiece(bytes)).toThrow(malformed);
    expect(() => readOpening(encodePiece({ number: 7, salt, value: bytes }))).toThrow(malformed);
    const absent = encodeOpening({ number: 7, salt, value: null });
    expect(() => readOpening(Uint8Array.of(...absent, 0))).toThrow(malformed);
    expect(() => readPiece(Uint8Array.of(5, ...absent.subarray(1)))).toThrow(malformed);
    expect(() => readOpening(Uint8Array.of(2, 0, ...absent.subarray(2)))).toThrow(malformed);
  });

  it('have exactly one form: whatever reads, writes back the same', () => {
    const head = fc.constantFrom(2, 5, 0);
    const any = fc
      .tuple(head, fc.uint8Array({ minLength: 0, maxLength: 40 }))
      .map(([first, rest]) => Uint8Array.of(first, ...rest));
    const near = fc
      .uint8Array({ maxLength: 6 })
      .map((rest) => Uint8Array.of(2, 1, 0, 0, 0, rest.length, ...salt, ...rest));
    fc.assert(
      fc.property(fc.oneof(any, near), (bytes) => {
        try {
          expect(equalBytes(encodeOpening(readOpening(bytes)), bytes)).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: 'OPENING_MALFORMED' });
        }
      }),
      { numRuns: 200 },
    );
  });

  it('keep their own copy of a buffer that is used again', () => {
    const buffer = Buffer.from(encodeOpening({ number: 1, salt, value: Uint8Array.of(9) }));
    const { value } = readOpening(buffer);
    buffer.fill(0);
    expect(value).toEqual(Uint8Array.of(9));
  });

  it('are not made with numbers or salts that do not exist', () => {
    const usage = expect.objectContaining({ family: 'usage' });
    expect(() => encodeOpening({ number: 0, salt, value: null })).toThrow(usage);
    expect(() => encodeOpening({ number: 256, salt, value: null })).toThrow(usage);
    expect(() => encodeOpening({ number: 1, salt: salt.subarray(1), value: null })).toThrow(usage);
    expect(() => fieldsRoot(new Uint8Array(31))).toThrow(usage);
    expect(() => piecesDigest(10, new Uint8Array(33))).toThrow(usage);
  });
});
