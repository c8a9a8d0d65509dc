import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BinaryCursor, Incomplete, NotBinary } from '../containers/binary-value.ts';
import { readCbor } from '../containers/read-cbor.ts';
import { readMsgpack } from '../containers/read-msgpack.ts';
import { KeyAgreement } from './agree-key.ts';
import { openStandard } from './open-standard.ts';
import { standardNames } from './standard-names.ts';
import { StepFailure } from './step-failure.ts';

const jwe = `${Buffer.from('{"alg":"dir","enc":"A256GCM"}').toString('base64url')}..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA`;
const starts: readonly Buffer[] = [
  Buffer.from(jwe),
  Buffer.from('{"protected":"e30","recipients":[{}],"ciphertext":"","tag":"","iv":""}'),
  Buffer.from('d8608443a10101a1054c02d1f7e6f26c43d4868d87ce4160818340a2012504416140', 'hex'),
  Buffer.from('301a06092a864886f70d010703a00d300b0201003100300406002000', 'hex'),
  Buffer.from('age-encryption.org/v1\n-> X25519 AAAA\nAAAA\n--- AAAA\n'),
];

/** A start with some bytes changed, cut anywhere. */
const mutated = fc
  .record({
    start: fc.constantFrom(...starts),
    changes: fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 6 }),
    length: fc.nat(200),
  })
  .map(({ start, changes, length }) => {
    const bytes = Buffer.from(start);
    for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
    return bytes.subarray(0, Math.max(1, Math.min(bytes.length, length)));
  });

describe('bytes that a stranger wrote', () => {
  it.each(standardNames)('%s: are refused in words, never by a crash', (standard) => {
    const key = Buffer.alloc(32, 1);
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 300 }).map(Buffer.from)), (bytes) => {
        try {
          openStandard(standard, bytes, { key, aad: null, password: null });
        } catch (error) {
          expect(error).toBeInstanceOf(StepFailure);
        }
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ['CBOR', readCbor],
    ['MessagePack', readMsgpack],
  ] as const)('%s: give a value, or say why not', (_name, read) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const cursor = new BinaryCursor(Buffer.from(bytes));
        try {
          read(cursor);
          expect(cursor.at).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(error instanceof Incomplete || error instanceof NotBinary).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('keys of any shape lead to a secret or to words', () => {
    const agreement = new KeyAgreement('p-256');
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.json().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(bytes, bytes, (own, other) => {
        try {
          agreement.secret(Buffer.from(own), Buffer.from(other));
        } catch (error) {
          expect(error).toBeInstanceOf(StepFailure);
        }
      }),
      { numRuns: 400 },
    );
  });
});
