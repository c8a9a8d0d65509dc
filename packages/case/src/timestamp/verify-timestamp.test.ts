import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWithShared } from '../../../../test/shared-folder.ts';
import { type Certificate, readCertificate, readCertificateFile } from './certificate.ts';
import { readTimestampResponse } from './read-token.ts';
import { forgeResponse, POLICY, TestAuthority, type TokenParts } from './testing/test-authority.ts';
import { encodeTimestampRequest } from './timestamp-request.ts';
import { type TimestampTerms, verifyTimestamp } from './verify-timestamp.ts';

const authority = new TestAuthority();
const data = Buffer.from('an invented checkpoint\n');
/** Every byte takes seconds. */
const STEP = process.env.CUSTODY_LONG === '1' ? 1 : 5;
const SECOND_OPINIONS = process.env.CUSTODY_LONG === '1' ? 1000 : 8;
const nonce = 0xfedcba9876543210n;
let trusted: readonly Certificate[];
let good: Buffer;
let honest: Pick<TokenParts, 'data' | 'certificate' | 'key' | 'nonce'>;

beforeAll(() => {
  trusted = readCertificateFile(readFileSync(authority.path('ca.pem')));
  good = authority.answer(encodeTimestampRequest(data, { nonce }));
  const { pem, key } = authority.certify('tsa_ext');
  honest = { data, certificate: pem, key, nonce };
});
afterAll(() => authority.remove());

function terms(more: Partial<TimestampTerms> = {}): TimestampTerms {
  return { data, authorities: trusted, now: Date.now(), nonce, ...more };
}

const code = (name: string) => expect.objectContaining({ code: name });

describe('a time-stamp by openssl', () => {
  it('is verified, and openssl agrees', () => {
    const verified = verifyTimestamp(good, terms({ policy: POLICY }));
    expect(verified).toMatchObject({
      policy: POLICY,
      accuracy: 1000,
      signer: 'CN=invented TSA',
      authority: 'CN=invented ca',
    });
    expect(Math.abs(verified.genTime - Date.now())).toBeLessThan(60_000);
    const text = authority.openssl(
      'ts',
      '-verify',
      '-in',
      'answer.tsr',
      '-queryfile',
      'request.tsq',
      '-CAfile',
      'ca.pem',
    );
    expect(text.toString()).toContain('Verification: OK');
  });

  it('answers a request for another policy under that policy', () => {
    const policy = '1.3.6.1.4.1.99999.1.2';
    const answer = authority.answer(encodeTimestampRequest(data, { nonce, policy }));
    expect(verifyTimestamp(answer, terms({ policy })).policy).toBe(policy);
    expect(() => verifyTimestamp(good, terms({ policy }))).toThrow(code('TIMESTAMP_POLICY_MISMATCH'));
  });

  it('is verified without an authority as far as that goes, and says so', () => {
    expect(verifyTimestamp(good, terms({ authorities: null })).authority).toBeNull();
  });

  it('is about these bytes, this request and this authority only', () => {
    expect(() => verifyTimestamp(good, terms({ data: Buffer.from('other') }))).toThrow(
      code('TIMESTAMP_IMPRINT_MISMATCH'),
    );
    expect(() => verifyTimestamp(good, terms({ nonce: nonce + 1n }))).toThrow(code('TIMESTAMP_NONCE_MISMATCH'));
    const foreign = readCertificateFile(readFileSync(authority.path('foreign.pem')));
    expect(() => verifyTimestamp(good, terms({ authorities: foreign }))).toThrow(code('TIMESTAMP_CHAIN_INVALID'));
    expect(() => verifyTimestamp(good, terms({ now: Date.now() - 3_600_000 }))).toThrow(
      code('TIMESTAMP_TIME_IMPLAUSIBLE'),
    );
  });

  it('with a byte changed is refused for a reason of its own, or says the same as before', () => {
    const before = verifyTimestamp(good, terms());
    const faults: string[] = [];
    const accepted: { at: number; bad: Buffer }[] = [];
    for (let at = 0; at < good.length; at += STEP) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] as number) ^ 0x01;
      try {
        expect(verifyTimestamp(bad, terms())).toEqual(before);
        accepted.push({ at, bad });
      } catch (error) {
        const { code: found } = error as { code?: string };
        if (found?.startsWith('TIMESTAMP_') !== true) faults.push(`byte ${at}: ${String(error)}`);
      }
    }
    expect(faults).toEqual([]);
    // Nobody signs the status (granted, or with modifications), the list of digests, and a certificate that is supplied anyway.
    expect(accepted.length).toBeLessThan(good.length / 2);
    expect(accepted.length).toBeGreaterThan(0);
    // Nothing passes here that a second implementation refuses.
    for (const { at, bad } of accepted.slice(0, SECOND_OPINIONS))
      expect(authority.accepts(bad, data), `byte ${at} of ${good.toString('base64')}`).toBe(true);
  });

  it('that names its certificate by a string in place of a number is refused, as openssl does', () => {
    const [signer] = readTimestampResponse(good).token?.certificates.map(readCertificate) ?? [];
    const bad = Buffer.from(good);
    // Tag and length of one byte before the bytes of the number.
    const tag = bad.lastIndexOf(signer?.serial ?? '') - 2;
    expect(bad[tag]).toBe(0x02);
    bad[tag] = 0x04;
    expect(() => verifyTimestamp(bad, terms())).toThrow(code('TIMESTAMP_MALFORMED'));
    expect(authority.accepts(bad, data)).toBe(false);
  });

  it('cut short anywhere, or with a byte more, is refused', () => {
    for (let end = 0; end < good.length; end++)
      expect(() => verifyTimestamp(good.subarray(0, end), terms())).toThrow(code('TIMESTAMP_MALFORMED'));
    expect(() => verifyTimestamp(Buffer.concat([good, Buffer.of(0)]), terms())).toThrow(code('TIMESTAMP_MALFORMED'));
  });

  it('of random bytes is none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => verifyTimestamp(bytes, terms())).toThrow(code('TIMESTAMP_MALFORMED'));
      }),
      { numRuns: 300 },
    );
  });
});

describe('a time-stamp made by hand', () => {
  it('is verified when nothing is wrong with it', () => {
    expect(verifyTimestamp(forgeResponse(honest), terms()).policy).toBe(POLICY);
    expect(authority.accepts(forgeResponse(honest), data)).toBe(true);
  });

  it.each<[string, () => Partial<TokenParts>, string]>([
    ['of another content type', () => ({ contentType: '1.2.840.113549.1.7.1' }), 'TIMESTAMP_SIGNATURE_INVALID'],
    [
      'whose attribute says another content type',
      () => ({ attributeType: '1.2.840.113549.1.7.1' }),
      'TIMESTAMP_SIGNATURE_INVALID',
    ],
    ['whose signed digest is of something else', () => ({ digestOf: Buffer.of(1) }), 'TIMESTAMP_SIGNATURE_INVALID'],
    ['signed by another key', () => ({ key: authority.certify('lax_ext').key }), 'TIMESTAMP_SIGNATURE_INVALID'],
    ['that names no certificate in what was signed', () => ({ named: null }), 'TIMESTAMP_CERTIFICATE_MISMATCH'],
    ['that names another certificate', () => ({ named: authority.path('ca.pem') }), 'TIMESTAMP_CERTIFICATE_MISMATCH'],
    ['without a nonce', () => ({ nonce: undefined as unknown as bigint }), 'TIMESTAMP_NONCE_MISMATCH'],
    ['from before its certificate', () => ({ genTime: new Date('2020-01-01T00:00:00Z') }), 'TIMESTAMP_CHAIN_INVALID'],
    ['that was not granted', () => ({ status: 2 }), 'TIMESTAMP_MALFORMED'],
    ['with a critical extension nobody knows', () => ({ criticalExtension: true }), 'TIMESTAMP_MALFORMED'],
  ])('%s is refused', (_, wrong, expected) => {
    expect(() => verifyTimestamp(forgeResponse({ ...honest, ...wrong() }), terms())).toThrow(code(expected));
  });

  it.each([
    ['whose purpose is not critical', 'lax_ext', 'TIMESTAMP_SIGNER_UNFIT'],
    ['that names no purpose', 'none_ext', 'TIMESTAMP_SIGNER_UNFIT'],
    ['that is for servers, too', 'both_ext', 'TIMESTAMP_SIGNER_UNFIT'],
    ['that may not sign', 'unsigned_ext', 'TIMESTAMP_SIGNER_UNFIT'],
    ['with a critical extension nobody knows', 'odd_ext', 'TIMESTAMP_CHAIN_INVALID'],
  ] as const)('by a certificate %s is refused', (_, kind, expected) => {
    const { pem: certificate, key } = authority.certify(kind);
    const forged = forgeResponse({ ...honest, certificate, key });
    expect(() => verifyTimestamp(forged, terms())).toThrow(code(expected));
    expect(authority.accepts(forged, data)).toBe(false);
  });

  it('is refused in the spellings that BER allows and DER has not', () => {
    const forged = forgeResponse(honest);
    // The outer sequence with an indefinite length, and with a length of four bytes where two do.
    const body = forged.subarray(4);
    const indefinite = Buffer.concat([Buffer.of(0x30, 0x80), body, Buffer.of(0, 0)]);
    const long = Buffer.concat([Buffer.of(0x30, 0x84, 0, 0), forged.subarray(2, 4), body]);
    expect(forged[1]).toBe(0x82);
    for (const bytes of [indefinite, long])
      expect(() => verifyTimestamp(bytes, terms())).toThrow(code('TIMESTAMP_MALFORMED'));
  });
});

describeWithShared('time-stamps of others', (shared) => {
  const integrity = join(shared, 'vectors/integrity');
  const read = (path: string) => readFileSync(join(integrity, path));
  const now = Date.parse('2026-12-31T00:00:00Z');

  it('the local authority: good and rejected', () => {
    const authorities = readCertificateFile(read('local-tsa/ca.pem'));
    const stamped = { data: read('local-tsa/checkpoint.txt'), authorities, now };
    expect(verifyTimestamp(read('local-tsa/good.tsr'), stamped).authority).toBe('CN=custody test CA');
    const tampered = { ...stamped, data: read('local-tsa/tampered.txt') };
    expect(() => verifyTimestamp(read('local-tsa/good.tsr'), tampered)).toThrow(code('TIMESTAMP_IMPRINT_MISMATCH'));
    expect(() => verifyTimestamp(read('local-tsa/rejected.tsr'), stamped)).toThrow(code('TIMESTAMP_MALFORMED'));
    const other = { ...stamped, authorities: readCertificateFile(read('local-tsa/ca2.pem')) };
    expect(() => verifyTimestamp(read('local-tsa/good.tsr'), other)).toThrow(code('TIMESTAMP_CHAIN_INVALID'));
  });

  it('the worked example of the notes', () => {
    const authorities = readCertificateFile(read('local-tsa/ca.pem'));
    const anchor = { data: read('custody-worked-example/stamped.txt'), authorities, now };
    expect(verifyTimestamp(read('custody-worked-example/anchor.tsr'), anchor).policy).toBe(POLICY);
  });

  interface Bundle {
    readonly messageSignature?: { readonly signature: string };
    readonly dsseEnvelope?: { readonly signatures: readonly { readonly sig: string }[] };
    readonly verificationMaterial: {
      readonly timestampVerificationData?: {
        readonly rfc3161Timestamps?: readonly { readonly signedTimestamp: string }[];
      };
    };
  }
  interface Root {
    readonly timestampAuthorities: readonly {
      readonly certChain: { readonly certificates: readonly { readonly rawBytes: string }[] };
    }[];
  }

  it.each([
    ['rekor2-timestamp-with-embedded-cert', null],
    ['rekor2-timestamp-without-embedded-cert', null],
    ['rekor2-timestamp-with-expired-cert-chain', null],
    ['rekor2-happy-path', null],
    ['rekor2-timestamp-payload-mismatch_fail', 'TIMESTAMP_IMPRINT_MISMATCH'],
    ['rekor2-timestamp-untrusted-tsa-with-embedded-cert_fail', 'TIMESTAMP_CHAIN_INVALID'],
    ['rekor2-timestamp-untrusted-tsa-without-embedded-cert_fail', 'TIMESTAMP_CERTIFICATE_MISMATCH'],
    ['rekor2-timestamp-outside-tsa-cert-validity_fail', 'TIMESTAMP_CHAIN_INVALID'],
  ])('sigstore-conformance %s', (name, expected) => {
    const folder = `sigstore-conformance/test/assets/bundle-verify/${name}`;
    const bundle = JSON.parse(read(`${folder}/bundle.sigstore.json`).toString()) as Bundle;
    const root = JSON.parse(read(`${folder}/trusted_root.json`).toString()) as Root;
    const authorities = root.timestampAuthorities.flatMap(({ certChain }) =>
      certChain.certificates.map(({ rawBytes }) => readCertificate(Buffer.from(rawBytes, 'base64'))),
    );
    const signature = bundle.messageSignature?.signature ?? bundle.dsseEnvelope?.signatures[0]?.sig ?? '';
    const [token] = bundle.verificationMaterial.timestampVerificationData?.rfc3161Timestamps ?? [];
    const response = Buffer.from(token?.signedTimestamp ?? '', 'base64');
    const verify = () => verifyTimestamp(response, { data: Buffer.from(signature, 'base64'), authorities, now });
    if (expected === null) expect(verify().genTime).toBeGreaterThan(0);
    else expect(verify).toThrow(code(expected));
  });

  it.each(['respNonce.tsr', 'respNoNonce.tsr'])('digitorus %s', (name) => {
    const stamped = { data: read('digitorus-timestamp/data.txt'), authorities: null, now };
    expect(new Date(verifyTimestamp(read(`digitorus-timestamp/${name}`), stamped).genTime).getUTCFullYear()).toBe(2017);
  });

  it('digitorus: a refusal, and a token whose certificate was left out', () => {
    const stamped = { data: read('digitorus-timestamp/data.txt'), authorities: null, now };
    expect(() => verifyTimestamp(read('digitorus-timestamp/respRejection.tsr'), stamped)).toThrow(
      code('TIMESTAMP_MALFORMED'),
    );
    expect(() => verifyTimestamp(read('digitorus-timestamp/respNoCert.tsr'), stamped)).toThrow(
      code('TIMESTAMP_CERTIFICATE_MISMATCH'),
    );
  });
});
