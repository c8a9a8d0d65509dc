import { encodeCbor, utf8Encode } from '@custody/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutBody, cutFieldsMap, mapHead, mapHeadEnd } from './cut-pieces.ts';

describe('cutBody', () => {
  it('leaves 64 bytes whole and cuts 65', () => {
    expect(cutBody(utf8Encode('x'.repeat(64)))).toEqual([64]);
    expect(cutBody(utf8Encode('x'.repeat(65)))).toEqual([64, 65]);
    expect(cutBody(new Uint8Array(0))).toEqual([0]);
  });

  it('cuts after the last white space among the next 64 bytes', () => {
    expect(cutBody(utf8Encode(`${'a'.repeat(30)} ${'b'.repeat(20)} ${'c'.repeat(30)}`))).toEqual([52, 82]);
    expect(cutBody(utf8Encode(`${'a'.repeat(63)} ${'b'.repeat(10)}`))).toEqual([64, 74]);
    expect(cutBody(utf8Encode(`${'a'.repeat(64)} ${'b'.repeat(10)}`))).toEqual([64, 75]);
    expect(cutBody(utf8Encode(` ${'a'.repeat(70)}`))).toEqual([1, 65, 71]);
  });

  it.each([0x09, 0x0a, 0x0d, 0x20])('takes byte %i for white space', (byte) => {
    const bytes = new Uint8Array(70).fill(0x61);
    bytes[40] = byte;
    expect(cutBody(bytes)).toEqual([41, 70]);
  });

  it('does not cut a UTF-8 sequence', () => {
    for (let before = 61; before <= 64; before++) {
      const bytes = utf8Encode(`${'a'.repeat(before)}\u{1f600}\u{1f600}`);
      const [end] = cutBody(bytes);
      expect(end).toBe(before);
      expect(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end))).toBe('a'.repeat(end as number));
    }
    expect(cutBody(utf8Encode(`${'a'.repeat(60)}\u{1f600}\u{1f600}`))[0]).toBe(64);
    expect(cutBody(utf8Encode('\u20ac'.repeat(30)))).toEqual([63, 90]);
  });

  it('cuts at 64 where four continuation bytes leave no better place', () => {
    expect(cutBody(new Uint8Array(130).fill(0x80))).toEqual([64, 128, 130]);
  });

  it('cuts within a range as it cuts the range alone', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat({ max: 20 }), (bytes, start) => {
        const at = Math.min(start, bytes.length);
        expect(cutBody(bytes, at).map((end) => end - at)).toEqual(cutBody(bytes.slice(at)));
      }),
      { numRuns: 100 },
    );
  });
});

describe('cutFieldsMap', () => {
  const malformed = expect.objectContaining({ code: 'FIELDS_MAP_MALFORMED' });

  it('finds the entries, whatever they hold', () => {
    const entries = [
      ['a', 1],
      ['b', [1, [2, 'three']]],
      ['c', new Map([['d', Uint8Array.of(1, 2, 3)]])],
      ['e', -70000],
      ['f', 1.5],
      ['g', 'x'.repeat(300)],
      ['h', null],
    ] as const;
    const map = encodeCbor(new Map<string, never>(entries as never));
    const ends = cutFieldsMap(map);
    let at = mapHeadEnd(map, 0, map.length);
    expect(at).toBe(1);
    for (const [i, entry] of entries.entries()) {
      const alone = encodeCbor(new Map<string, never>([entry] as never));
      expect(map.subarray(at, ends[i])).toEqual(alone.subarray(1));
      at = ends[i] as number;
    }
  });

  it.each([0, 1, 23, 24, 255, 256, 70000])('writes the head of %i entries as CBOR does', (count) => {
    const map = encodeCbor(new Map(Array.from({ length: count }, (_, i) => [i, 0])));
    const head = mapHead(count);
    expect(map.subarray(0, head.length)).toEqual(head);
    expect(mapHeadEnd(map, 0, map.length)).toBe(head.length);
    expect(cutFieldsMap(map).length).toBe(count);
  });

  it('refuses every truncation, and bytes after the end', () => {
    const map = encodeCbor(
      new Map<string, never>([
        ['key', [1, 'two'] as never],
        ['other', 70000 as never],
      ]),
    );
    for (let end = 0; end < map.length; end++) expect(() => cutFieldsMap(map.subarray(0, end))).toThrow(malformed);
    expect(() => cutFieldsMap(Uint8Array.of(...map, 0))).toThrow(malformed);
  });

  it.each([
    ['a list', [0x81, 0x01]],
    ['an indefinite length', [0xbf, 0x01, 0x01, 0xff]],
    ['a reserved head', [0xa1, 0x01, 0x1c]],
    ['2^32 entries in five bytes', [0xba, 0xff, 0xff, 0xff, 0xff]],
    ['2^64 entries', [0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
    ['a list of 2^64', [0xa1, 0x01, 0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
    ['a text of 2^64 bytes', [0xa1, 0x01, 0x7b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
  ])('refuses %s', (_, bytes) => {
    expect(() => cutFieldsMap(Uint8Array.from(bytes))).toThrow(malformed);
  });

  it('is not brought down by nesting', () => {
    const deep = new Uint8Array(100_003).fill(0x81);
    deep.set([0xa1, 0x01]);
    deep[deep.length - 1] = 0x01;
    expect(cutFieldsMap(deep)).toEqual([deep.length]);
    expect(() => cutFieldsMap(deep.subarray(0, 100_000))).toThrow(malformed);
  });

  it('ends on anything', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const map = Uint8Array.of(0xa3, ...bytes);
        try {
          expect(cutFieldsMap(map).at(-1)).toBe(map.length);
        } catch (error) {
          expect(error).toMatchObject({ code: 'FIELDS_MAP_MALFORMED' });
        }
      }),
      { numRuns: 300 },
    );
  });
});
