import { CustodyError, utf8Encode } from '@custody/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeBinaryPlist } from '../formats/ios-backup/testing/write-binary-plist.ts';
import { KeyedArchive } from './keyed-archive.ts';
import { plistAt } from './plist-value.ts';
import { readPlist } from './read-plist.ts';

const many = { numRuns: process.env.CUSTODY_LONG === '1' ? 20_000 : 300 };
const sample = writeBinaryPlist({
  name: 'a',
  list: [1, 2.5, true, Buffer.from([1, 2])],
  deep: { er: 'x'.repeat(40) },
  at: { uid: 2 },
});
const xml = `<?xml version="1.0"?><!DOCTYPE plist><plist version="1.0"><dict><key>a&amp;b</key><string>x &lt; &#233;</string>
  <key>n</key><integer>-7</integer><key>t</key><true/><key>e</key><array/><key>l</key><array><real>2.5</real><data> AQ
  I= </data></array><key>d</key><date>2001-01-01T00:00:10Z</date></dict></plist>`;

function neverElse(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof CustodyError) || error.code !== 'PLIST_INVALID') throw error;
  }
}

describe('property lists', () => {
  it('read what was written, binary and XML', () => {
    const plist = readPlist(sample);
    expect(plistAt(plist, 'list')).toEqual(
      [1, 2.5, true, Uint8Array.of(1, 2)].map((one) => (one instanceof Uint8Array ? Buffer.from(one) : one)),
    );
    expect(plistAt(plist, 'deep', 'er')).toBe('x'.repeat(40));
    expect(plistAt(plist, 'at')).toEqual({ uid: 2 });
    expect(plistAt(plist, 'list', 9)).toBe(null);
    const text = readPlist(utf8Encode(xml));
    expect(plistAt(text, 'a&b')).toBe('x < é');
    expect(['n', 't', 'e', 'd'].map((key) => plistAt(text, key))).toEqual([-7, true, [], { seconds: 10 }]);
    expect(plistAt(text, 'l', 1)).toEqual(Uint8Array.of(1, 2));
  });

  it('are refused, never more, where they are damaged, cut or made up', () => {
    for (let end = 0; end < sample.length; end++) neverElse(() => readPlist(sample.subarray(0, end)));
    for (let end = 0; end < xml.length; end += 3) neverElse(() => readPlist(utf8Encode(xml.slice(0, end))));
    const change = fc.tuple(fc.nat(sample.length - 1), fc.nat(255));
    const changed = (changes: readonly (readonly [number, number])[]) => {
      const bytes = Buffer.from(sample);
      for (const [at, byte] of changes) bytes[at] = byte;
      return bytes;
    };
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) =>
        neverElse(() => readPlist(changed(changes))),
      ),
      many,
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) =>
        neverElse(() => readPlist(Buffer.concat([Buffer.from('bplist00'), bytes]))),
      ),
      many,
    );
  });

  it('that refer to themselves, or to one object a million times, end', () => {
    // One array that holds itself, fifteen times: object 0 at 8, its fifteen references to object 0.
    const body = Buffer.concat([Buffer.from('bplist00'), Buffer.from([0xaf, 0x10, 200]), Buffer.alloc(200)]);
    const trailer = Buffer.alloc(32);
    trailer.set([1, 1], 6);
    trailer.writeBigUInt64BE(1n, 8);
    trailer.writeBigUInt64BE(BigInt(body.length), 24);
    expect(() => readPlist(Buffer.concat([body, Buffer.from([8]), trailer]))).toThrow(/circles/);
    const loop = new KeyedArchive(
      readPlist(writeBinaryPlist({ $top: { root: { uid: 1 } }, $objects: ['$null', { a: { uid: 1 } }] })),
    );
    expect(loop.value('a')).toBeInstanceOf(Map);
    expect(loop.value('b')).toBe(null);
  });
});
