import { utf8Encode } from '@custody/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signerOf, verifySignature } from '../../../test/chain-ports.ts';
import { encodeAddCheckpoint, readAddCheckpoint } from './add-checkpoint.ts';
import { signCheckpoint, verifyCheckpoint } from './checkpoint.ts';
import { cosign } from './cosignature.ts';
import { readNote } from './note.ts';
import { COSIGNATURE_TYPE, verifierKey } from './verifier-key.ts';

const origin = 'lab-a.example/1';
const log = signerOf(new Uint8Array(32).fill(1));
const witness = signerOf(new Uint8Array(32).fill(2));
const checkpoint = signCheckpoint({ origin, size: 9n, root: new Uint8Array(32).fill(3) }, log);
const malformed = expect.objectContaining({ code: 'ADD_CHECKPOINT_MALFORMED' });

describe('a request to a witness', () => {
  it('round-trips', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const size = fc.bigInt({ min: 0n, max: (1n << 63n) - 1n });
    fc.assert(
      fc.property(size, fc.array(hash, { maxLength: 63 }), (old, proof) => {
        const request = { old, proof, checkpoint };
        expect(readAddCheckpoint(utf8Encode(encodeAddCheckpoint(request)))).toEqual(request);
      }),
      { numRuns: 50 },
    );
  });

  const hash = Buffer.alloc(32).toString('base64');
  it.each([
    ['nothing', ''],
    ['no empty line', `old 0\n${checkpoint.replace('\n\n', '\n')}`],
    ['no size', `old\n\n${checkpoint}`],
    ['a size with a zero before it', `old 01\n\n${checkpoint}`],
    ['a size of 2^63', `old 9223372036854775808\n\n${checkpoint}`],
    ['a size beyond all measure', `old ${'9'.repeat(40)}\n\n${checkpoint}`],
    ['a sign', `old +1\n\n${checkpoint}`],
    ['a space too many', `old  1\n\n${checkpoint}`],
    ['a carriage return', `old 1\r\n\n${checkpoint}`],
    ['a short hash', `old 1\n${Buffer.alloc(31).toString('base64')}\n\n${checkpoint}`],
    ['base64 with bits left over', `old 1\n${hash.replace(/A=$/, 'B=')}\n\n${checkpoint}`],
    ['64 hashes', `old 1\n${`${hash}\n`.repeat(64)}\n${checkpoint}`],
    ['70,000 bytes', `old 1\n\n${'x'.repeat(70_000)}`],
  ])('is refused with %s', (_, text) => {
    expect(() => readAddCheckpoint(utf8Encode(text))).toThrow(malformed);
  });

  it('is refused where it is not UTF-8', () => {
    expect(() => readAddCheckpoint(Uint8Array.of(0x6f, 0xff))).toThrow(malformed);
  });
});

describe('a cosignature', () => {
  const key = verifierKey('lab-b.example/w', witness.publicKey, COSIGNATURE_TYPE);
  const trusted = { logKey: verifierKey(origin, log.publicKey), witnesses: [key], verify: verifySignature };
  const { text } = readNote(checkpoint);

  it('is verified with the time it states', () => {
    const line = cosign(text, 1_793_000_000, { name: key.name, signer: witness });
    const { signers } = verifyCheckpoint(checkpoint + line, trusted).note;
    expect(signers.map(({ key: { name }, time }) => [name, time])).toEqual([
      [origin, undefined],
      [key.name, 1_793_000_000],
    ]);
  });

  it('of another time, another text or another witness is none', () => {
    const line = cosign(text, 1_793_000_000, { name: key.name, signer: witness });
    const bytes = Buffer.from(line.split(' ')[2] ?? '', 'base64');
    for (const at of [11, 12, 75]) {
      const bad = Buffer.from(bytes);
      bad[at] = (bad[at] as number) ^ 1;
      const forged = `\u2014 ${key.name} ${bad.toString('base64')}\n`;
      expect(() => verifyCheckpoint(checkpoint + forged, trusted)).toThrow(
        expect.objectContaining({ code: 'CHECKPOINT_SIGNATURE_INVALID' }),
      );
    }
    const other = cosign(text.replace('\n9\n', '\n8\n'), 1, { name: key.name, signer: witness });
    expect(() => verifyCheckpoint(checkpoint + other, trusted)).toThrow();
    const stranger = cosign(text, 1, { name: 'lab-z.example/w', signer: witness });
    expect(verifyCheckpoint(checkpoint + stranger, trusted).note.signers).toHaveLength(1);
  });

  it('of a time of 2^63 or more is none, though its signature be good', () => {
    const time = 1n << 63n;
    const stamp = Buffer.alloc(8);
    stamp.writeBigUInt64BE(time);
    const signature = witness.sign(utf8Encode(`cosignature/v1\ntime ${time}\n${text}`));
    const line = `\u2014 ${key.name} ${Buffer.concat([key.id, stamp, signature]).toString('base64')}\n`;
    expect(() => verifyCheckpoint(checkpoint + line, trusted)).toThrow(
      expect.objectContaining({ code: 'CHECKPOINT_SIGNATURE_INVALID' }),
    );
    expect(() => cosign(text, -1, { name: key.name, signer: witness })).toThrow(
      expect.objectContaining({ family: 'usage' }),
    );
  });
});
