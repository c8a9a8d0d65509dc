import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { base64Encode, sha256 } from '@custody/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signerOf, verifySignature } from '../../../test/chain-ports.ts';
import { describeWithShared } from '../../../test/shared-folder.ts';
import { encodeCheckpoint, matchCheckpoint, readCheckpoint, signCheckpoint, verifyCheckpoint } from './checkpoint.ts';
import { encodeNote, readNote, signNote } from './note.ts';
import { verifierKey } from './verifier-key.ts';

const origin = 'custody.example/case-7';
const log = signerOf(new Uint8Array(32).fill(4));
const logKey = verifierKey(origin, log.publicKey);
const trusted = { logKey, verify: verifySignature };
const root = sha256(Uint8Array.of(1));
const rootText = base64Encode(root);
const emptyRoot = base64Encode(sha256(new Uint8Array(0)));

function code(wanted: string): unknown {
  return expect.objectContaining({ code: wanted });
}

describe('a checkpoint', () => {
  it('is signed and verified', () => {
    const note = signCheckpoint({ origin, size: 12n, root }, log);
    expect(verifyCheckpoint(note, trusted)).toMatchObject({ origin, size: 12n, root, extensions: [] });
  });

  it('round-trips at any size of 63 bits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: (1n << 63n) - 1n }), (size) => {
        expect(readCheckpoint(encodeCheckpoint({ origin, size, root }))).toEqual({
          origin,
          size,
          root,
          extensions: [],
        });
      }),
      { numRuns: 50 },
    );
  });

  it('reports extension lines', () => {
    const note = signNote(`${origin}\n1\n${rootText}\nmore\nand more\n`, origin, log);
    expect(verifyCheckpoint(note, trusted).extensions).toEqual(['more', 'and more']);
  });

  it.each([
    ['two lines', `${origin}\n1\n`],
    ['no end of the last line', `${origin}\n1\n${rootText}`],
    ['an empty origin', `\n1\n${rootText}\n`],
    ['a leading zero', `${origin}\n01\n${rootText}\n`],
    ['a plus sign', `${origin}\n+1\n${rootText}\n`],
    ['a minus sign', `${origin}\n-1\n${rootText}\n`],
    ['a space', `${origin}\n1 \n${rootText}\n`],
    ['hexadecimal', `${origin}\n0x1\n${rootText}\n`],
    ['other digits', `${origin}\n\u0661\n${rootText}\n`],
    ['no size', `${origin}\n\n${rootText}\n`],
    ['2^63', `${origin}\n9223372036854775808\n${rootText}\n`],
    ['a size of 28 digits', `${origin}\n3438945738945739845734895735\n${rootText}\n`],
    ['a root of 31 bytes', `${origin}\n1\n${base64Encode(root.slice(1))}\n`],
    ['a root of 33 bytes', `${origin}\n1\n${base64Encode(new Uint8Array(33))}\n`],
    ['base64 without padding', `${origin}\n1\n${rootText.slice(0, -1)}\n`],
    ['base64 with bits left over', `${origin}\n1\n${rootText.replace(/.=$/, '/=')}\n`],
    ['URL-safe base64', `${origin}\n1\n${base64Encode(new Uint8Array(32).fill(0xff)).replaceAll('/', '_')}\n`],
    ['an empty log with a root of something', `${origin}\n0\n${rootText}\n`],
    ['an empty extension line', `${origin}\n1\n${rootText}\n\n`],
    ['a carriage return', `${origin}\r\n1\n${rootText}\n`],
    ['a lone surrogate', `\ud800\n1\n${rootText}\n`],
  ])('is refused with %s', (_, text) => {
    expect(() => readCheckpoint(text)).toThrow(code('CHECKPOINT_MALFORMED'));
  });

  it('is accepted for an empty log with the root of nothing', () => {
    expect(readCheckpoint(`${origin}\n0\n${emptyRoot}\n`).size).toBe(0n);
  });

  it('is refused without, or with a false, signature of the log', () => {
    const note = signCheckpoint({ origin, size: 12n, root }, log);
    const other = verifierKey(origin, signerOf(new Uint8Array(32).fill(9)).publicKey);
    expect(() => verifyCheckpoint(note, { ...trusted, logKey: other })).toThrow(code('CHECKPOINT_SIGNATURE_MISSING'));
    const { text, signatures } = readNote(note);
    const moved = encodeNote({ text: text.replace('\n12\n', '\n13\n'), signatures });
    expect(() => verifyCheckpoint(moved, trusted)).toThrow(code('CHECKPOINT_SIGNATURE_INVALID'));
  });

  it('is refused when only a witness signed it', () => {
    const witness = signerOf(new Uint8Array(32).fill(8));
    const note = signNote(encodeCheckpoint({ origin, size: 1n, root }), 'witness.example', witness);
    const witnesses = [verifierKey('witness.example', witness.publicKey)];
    expect(() => verifyCheckpoint(note, { ...trusted, witnesses })).toThrow(code('CHECKPOINT_SIGNATURE_MISSING'));
  });

  it('is refused when the log signed one of another name', () => {
    const note = signNote(encodeCheckpoint({ origin: 'other.example', size: 1n, root }), origin, log);
    expect(() => verifyCheckpoint(note, trusted)).toThrow(code('CHECKPOINT_ORIGIN_MISMATCH'));
  });

  it('is held against a tree', () => {
    const checkpoint = readCheckpoint(encodeCheckpoint({ origin, size: 3n, root }));
    matchCheckpoint(checkpoint, { size: 3n, root });
    expect(() => matchCheckpoint(checkpoint, { size: 4n, root })).toThrow(code('CHECKPOINT_SIZE_MISMATCH'));
    expect(() => matchCheckpoint(checkpoint, { size: 3n, root: sha256(root) })).toThrow(
      code('CHECKPOINT_ROOT_MISMATCH'),
    );
  });

  it('reads or refuses anything', () => {
    const line = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.nat().map(String),
      fc.constantFrom('0', rootText, emptyRoot, origin, ''),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        try {
          const { origin: name, size, root: hash, extensions } = readCheckpoint(lines.map((l) => `${l}\n`).join(''));
          expect([name, String(size), base64Encode(hash), ...extensions].join('\n')).toBe(lines.join('\n'));
        } catch (error) {
          expect(error).toMatchObject({ code: 'CHECKPOINT_MALFORMED' });
        }
      }),
      { numRuns: 300 },
    );
  });
});

describeWithShared('checkpoints of transparency-dev/formats', (shared) => {
  const { checkpointParse } = JSON.parse(
    readFileSync(join(shared, 'vectors/integrity/transcribed/signed-note.json'), 'utf8'),
  ) as { checkpointParse: { in: string; ok: boolean }[] };

  it.each(checkpointParse.map((c) => [JSON.stringify(c.in), c] as const))('%s', (_, { in: text, ok }) => {
    // Their one good example has a root of seven bytes: a root of SHA-256 has 32, and here nothing else passes.
    if (ok) expect(() => readCheckpoint(text)).toThrow(/7 bytes/);
    else expect(() => readCheckpoint(text)).toThrow(code('CHECKPOINT_MALFORMED'));
  });
});
