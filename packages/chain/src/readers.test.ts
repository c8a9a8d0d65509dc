import { FormatError, utf8Encode } from '@custody/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signerOf } from '../../../test/chain-ports.ts';
import { readCheckpoint } from './checkpoint.ts';
import { readCommit } from './commit.ts';
import { cutFieldsMap } from './cut-pieces.ts';
import { readEntry } from './entry.ts';
import { readNote, signNote } from './note.ts';
import { readOpening, readPiece } from './openings.ts';
import { encodeSegmentClear, readSegmentClear } from './segment-clear.ts';
import { readTilePath, tilePath } from './tile-paths.ts';
import { encodeEntryBundle, readEntryBundle, readHashTile } from './tiles.ts';
import { readTlogProof } from './tlog-proof.ts';
import { encodeVerifierKey, readVerifierKey, verifierKey } from './verifier-key.ts';

const signer = signerOf(new Uint8Array(32).fill(1));
const latin1 = new TextDecoder('latin1');

/** Every reader of the package with a good sample, in bytes. Text readers get theirs decoded as Latin-1. */
const readers: [string, (bytes: Uint8Array) => unknown, Uint8Array][] = [
  ['readCheckpoint', (b) => readCheckpoint(latin1.decode(b)), utf8Encode(`a.example\n1\n${'A'.repeat(43)}=\n`)],
  [
    'readCommit',
    readCommit,
    Uint8Array.of(...utf8Encode('custody/commit/v1\n'), 0, 0, 0, 5, 0x84, 0, 0x80, 0x80, 0x60, ...new Uint8Array(64)),
  ],
  ['readEntry', readEntry, Uint8Array.of(...utf8Encode('custody/entry/v1\n'), 8, ...new Uint8Array(172)).with(91, 6)],
  ['readNote', readNote, utf8Encode(signNote('text\n', 'a.example', signer))],
  ['readOpening', readOpening, Uint8Array.of(2, 1, 0, 0, 0, 3, ...new Uint8Array(19))],
  ['readPiece', readPiece, Uint8Array.of(5, 1, 0, 0, 0, 3, ...new Uint8Array(19))],
  ['cutFieldsMap', cutFieldsMap, Uint8Array.of(0xa2, 0x61, 0x61, 0x82, 1, 2, 0x61, 0x62, 0xa1, 1, 0x43, 1, 2, 3)],
  [
    'readSegmentClear',
    readSegmentClear,
    encodeSegmentClear({ derive: 1, unit: 2, part: 3, first: 4, count: 5, root: new Uint8Array(32) }),
  ],
  [
    'readTilePath',
    (b) => readTilePath(latin1.decode(b)),
    utf8Encode(tilePath({ level: 5, index: 1234067, width: 256 })),
  ],
  [
    'readEntryBundle',
    (b) => readEntryBundle(b, 3),
    encodeEntryBundle([new Uint8Array(3), new Uint8Array(0), new Uint8Array(9)]),
  ],
  ['readHashTile', (b) => readHashTile(b, 2), new Uint8Array(64)],
  [
    'readTlogProof',
    (b) => readTlogProof(latin1.decode(b)),
    utf8Encode(`c2sp.org/tlog-proof@v1\nextra AA==\nindex 3\n${'A'.repeat(43)}=\n\nnote`),
  ],
  [
    'readVerifierKey',
    (b) => readVerifierKey(latin1.decode(b)),
    utf8Encode(encodeVerifierKey(verifierKey('a.example', signer.publicKey))),
  ],
];

/** Reads, or refuses with a FormatError and nothing else. */
function readsOrRefuses(read: (bytes: Uint8Array) => unknown, bytes: Uint8Array): void {
  try {
    read(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
  }
}

describe.each(readers)('%s', (name, read, sample) => {
  it('refuses its sample cut anywhere, or with a byte more', () => {
    const isTail = name === 'readTlogProof';
    if (name !== 'readCommit') read(sample);
    for (let end = 0; end < sample.length - (isTail ? 4 : 0); end++) {
      expect(() => read(sample.subarray(0, end)), `cut at ${end}`).toThrow(FormatError);
    }
    if (!isTail) expect(() => read(Uint8Array.of(...sample, 0x2b))).toThrow(FormatError);
  });

  it('reads or refuses its sample with bytes changed, and anything else', () => {
    const change = fc.tuple(fc.nat({ max: sample.length - 1 }), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 5 }),
        fc.uint8Array({ maxLength: 60 }),
        (changes, noise) => {
          const changed = sample.slice();
          for (const [at, value] of changes) changed[at] = value;
          readsOrRefuses(read, changed);
          readsOrRefuses(read, noise);
          readsOrRefuses(read, Uint8Array.of(...changed.subarray(0, 20), ...noise));
        },
      ),
      { numRuns: 150 },
    );
  });
});
