import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Certificate, readCertificateFile } from './certificate.ts';
import { readRevocationFile } from './revocation-list.ts';
import { TestAuthority } from './testing/test-authority.ts';
import { encodeTimestampRequest } from './timestamp-request.ts';
import { verifyTimestamp } from './verify-timestamp.ts';

const authority = new TestAuthority();
const data = Buffer.from('an invented checkpoint\n');
const now = Math.floor(Date.now() / 1000);
const DAY = 86_400;
let trusted: readonly Certificate[];
let token: Buffer;

beforeAll(() => {
  trusted = readCertificateFile(readFileSync(authority.path('ca.pem')));
  token = authority.answer(encodeTimestampRequest(data, { nonce: 5n }));
});
afterAll(() => authority.remove());

type Terms = Parameters<TestAuthority['revocationList']>[0];

function verified(...lists: readonly Terms[]): ReturnType<typeof verifyTimestamp>['revocation'] {
  const read = lists.flatMap((terms) => readRevocationFile(authority.revocationList(terms)));
  return verifyTimestamp(token, { data, authorities: trusted, now: Date.now(), lists: read }).revocation;
}

const code = (name: string) => expect.objectContaining({ code: name });

describe('a revocation list', () => {
  it('on which nothing stands, made after the stamp, shows that nothing was revoked; openssl agrees', () => {
    expect(verified({ made: now + DAY })).toMatchObject([{ subject: 'CN=invented TSA', state: 'not revoked' }]);
    authority.revocationList();
    expect(authority.isListedGood()).toBe(true);
    expect(verifyTimestamp(token, { data, authorities: trusted, now: Date.now() }).revocation).toBeNull();
  });

  it.each([
    ['before the stamp', { at: now - DAY, reason: 'superseded' }],
    ['later, for its key', { at: now + DAY, reason: 'keyCompromise' }],
    ['later, for no reason that is stated', { at: now + DAY }],
    ['on hold', { at: now - DAY, reason: 'certificateHold' }],
  ])('on which it stands, revoked %s, makes the stamp void', (_, terms) => {
    expect(() => verified({ ...terms, made: now + 2 * DAY })).toThrow(code('TIMESTAMP_SIGNER_REVOKED'));
  });

  it('on which it stands because its time was over leaves what was stamped before (RFC 3161 section 4)', () => {
    const terms = { at: now + DAY, reason: 'cessationOfOperation', made: now + 2 * DAY };
    expect(verified(terms)).toMatchObject([{ state: 'revoked later', why: expect.stringContaining('cessation') }]);
    authority.revocationList({ at: now - DAY, reason: 'superseded' });
    expect(authority.isListedGood()).toBe(false);
  });

  it('older than the stamp, or of somebody else, shows nothing, and that is said', () => {
    expect(verified({ made: now - DAY })).toMatchObject([
      { state: 'not covered', why: expect.stringMatching(/older/) },
    ]);
    expect(verified({ ca: 'foreign' })).toMatchObject([
      { state: 'not covered', why: expect.stringMatching(/no list/) },
    ]);
    expect(verified({ made: now + 4000 * DAY })).toMatchObject([
      { state: 'not covered', why: expect.stringMatching(/had ended/) },
    ]);
    expect(verified({ made: now + 4000 * DAY }, { made: now + DAY })).toMatchObject([{ state: 'not revoked' }]);
  });

  it('that its issuer did not sign, or that was altered anywhere, is refused or says the same', () => {
    const good = authority.revocationList({ made: now + DAY });
    const der = Buffer.from(good.toString().replace(/-----[A-Z0-9 ]+-----/g, ''), 'base64');
    for (let at = 0; at < der.length; at++) {
      const bad = Buffer.from(der);
      bad[at] = (bad[at] as number) ^ 0x01;
      try {
        const lists = readRevocationFile(bad);
        const { revocation } = verifyTimestamp(token, { data, authorities: trusted, now: Date.now(), lists });
        // Another issuer's name: then it is no list of this one.
        expect(revocation?.[0]?.state, `byte ${at}`).toBe('not covered');
      } catch (error) {
        expect(['REVOCATION_LIST_MALFORMED', 'REVOCATION_LIST_UNSOUND'], `byte ${at}: ${error}`).toContain(
          (error as { code?: string }).code,
        );
      }
    }
    for (let end = 0; end < der.length; end += 3)
      expect(() => readRevocationFile(der.subarray(0, end))).toThrow(code('REVOCATION_LIST_MALFORMED'));
  });

  it('of random bytes is none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, isDer) => {
        const all = isDer ? Uint8Array.of(0x30, ...bytes) : bytes;
        expect(() => readRevocationFile(all)).toThrow(code('REVOCATION_LIST_MALFORMED'));
      }),
      { numRuns: 300 },
    );
  });
});
