import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { base64Decode, base64Encode, base64UrlDecode, base64UrlEncode } from './base64.ts';
import { hexDecode, hexEncode } from './hex.ts';
import { utf8Decode, utf8DecodeLossy, utf8Encode, utf8ValidUpTo } from './utf8.ts';

const bytes = fc.uint8Array({ maxLength: 200 });

describe('hex', () => {
  test('any bytes, there and back; capitals are read', () => {
    fc.assert(
      fc.property(bytes, (it) => {
        expect(hexEncode(it)).toBe(Buffer.from(it).toString('hex'));
        expect(hexDecode(hexEncode(it))).toStrictEqual(it);
        expect(hexDecode(hexEncode(it).toUpperCase())).toStrictEqual(it);
      }),
    );
  });

  test.each([
    ['0', 1],
    ['0g', 1],
    ['@0', 0],
    ['00 0', 2],
    ['0x', 1],
    ['`0', 0],
    ['00é0', 2],
  ])('%j is refused at %i', (text, offset) => {
    expect(() => hexDecode(text)).toThrow(expect.objectContaining({ code: 'HEX_INVALID', detail: { offset } }));
  });
});

describe('base64', () => {
  test('RFC 4648 section 10', () => {
    const rows = ['', 'Zg==', 'Zm8=', 'Zm9v', 'Zm9vYg==', 'Zm9vYmE=', 'Zm9vYmFy'];
    rows.forEach((text, length) => {
      expect(base64Encode(utf8Encode('foobar'.slice(0, length)))).toBe(text);
      expect(base64Decode(text)).toStrictEqual(utf8Encode('foobar'.slice(0, length)));
      expect(base64UrlEncode(utf8Encode('foobar'.slice(0, length)))).toBe(text.replaceAll('=', ''));
    });
  });

  test('any bytes as Buffer has them, there and back', () => {
    fc.assert(
      fc.property(bytes, (it) => {
        expect(base64Encode(it)).toBe(Buffer.from(it).toString('base64'));
        expect(base64Decode(base64Encode(it))).toStrictEqual(it);
        expect(base64UrlEncode(it)).toBe(Buffer.from(it).toString('base64url'));
        expect(base64UrlDecode(base64UrlEncode(it))).toStrictEqual(it);
      }),
    );
  });

  test.each([
    'Z',
    'Zg',
    'Zg=',
    'Zh==',
    'Zm9=',
    'Z===',
    '====',
    '=',
    'Zg==Zg==',
    'Zm 9v',
    'Zm9v\n',
    'Zm-_',
    'Zmé=',
    'Zg\u0100=',
  ])('%j is refused', (text) => {
    expect(() => base64Decode(text)).toThrow(expect.objectContaining({ code: 'BASE64_INVALID' }));
  });

  test.each(['Z', 'Zg==', 'Zh', 'Zm9v=', 'Zm+/'])('%j is refused as base64url', (text) => {
    expect(() => base64UrlDecode(text)).toThrow(expect.objectContaining({ code: 'BASE64_INVALID' }));
  });

  test('what is accepted is what would be written', () => {
    const text = fc.string({ unit: fc.constantFrom(...'AQgwZz09+/-_='), maxLength: 12 });
    fc.assert(
      fc.property(text, (it) => {
        for (const [decode, encode] of [
          [base64Decode, base64Encode],
          [base64UrlDecode, base64UrlEncode],
        ] as const) {
          try {
            expect(encode(decode(it))).toBe(it);
          } catch (error) {
            expect(error).toMatchObject({ code: 'BASE64_INVALID' });
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('utf8', () => {
  test('any text, there and back, with a byte order mark and within a larger array', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (it) => {
        const encoded = utf8Encode(it);
        expect(utf8Decode(encoded)).toBe(it);
        expect(utf8DecodeLossy(encoded)).toBe(it);
        expect(utf8Decode(Uint8Array.of(0xff, ...encoded, 0xff), 1, encoded.length + 1)).toBe(it);
        expect(utf8ValidUpTo(encoded)).toBe(encoded.length);
      }),
    );
    expect(utf8Decode(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa');
    expect(utf8Encode('\ud800')).toStrictEqual(utf8Encode('\ufffd'));
  });

  test('any bytes: the first bad offset is where the platform stops, and lossy never throws', () => {
    const fatal = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const isText = (it: Uint8Array) => {
      try {
        fatal.decode(it);
        return true;
      } catch {
        return false;
      }
    };
    const mixed = fc.array(
      fc.constantFrom(
        0x41,
        0x80,
        0x8f,
        0x90,
        0x9f,
        0xa0,
        0xbf,
        0xc1,
        0xc2,
        0xdf,
        0xe0,
        0xe1,
        0xed,
        0xef,
        0xf0,
        0xf1,
        0xf4,
        0xf5,
        0xff,
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(mixed, (list) => {
        const it = Uint8Array.from(list);
        const valid = utf8ValidUpTo(it);
        expect(valid === it.length).toBe(isText(it));
        expect(isText(it.subarray(0, valid))).toBe(true);
        expect(utf8DecodeLossy(it)).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(it));
        if (valid === it.length) return;
        expect(() => utf8Decode(it)).toThrow(
          expect.objectContaining({ code: 'UTF8_INVALID', detail: { offset: valid } }),
        );
      }),
      { numRuns: 5000 },
    );
  });
});
