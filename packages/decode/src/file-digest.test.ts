import { createHash, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { fileDigest } from './file-digest.ts';
import { memorySource } from './testing/memory-source.ts';

it.each([0, 1, 262_144, 700_001])(
  'hashes %d bytes, from a source that fills memory and from one that gives its own',
  (size) => {
    const bytes = new Uint8Array(randomBytes(size));
    const wanted = { sha256: createHash('sha256').update(bytes).digest('hex'), size };
    const plain = memorySource(bytes);
    const filling = {
      ...plain,
      readInto: (at: number, into: Uint8Array) => into.set(bytes.subarray(at, at + into.length)),
    };
    expect(fileDigest(plain)).toEqual(wanted);
    expect(fileDigest(filling)).toEqual(wanted);
  },
);
