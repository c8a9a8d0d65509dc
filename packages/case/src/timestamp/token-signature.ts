import { constants, createHash, type KeyObject, verify } from 'node:crypto';
import { type Asn1, Members, TAG } from './asn1.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { malformed, unsound } from './errors.ts';
import { readAlgorithm, type SignerInfo, type TimestampToken, TST_INFO } from './read-token.ts';

const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';

/** Hashes that a token may rest on, by object identifier (RFC 5754). */
const HASHES: ReadonlyMap<string, string> = new Map([
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);
/** Signature algorithms that name their hash: RSA PKCS#1 v1.5 and ECDSA (RFC 5754 3). */
export const SIGNATURES: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.11', 'sha256'],
  ['1.2.840.113549.1.1.12', 'sha384'],
  ['1.2.840.113549.1.1.13', 'sha512'],
  ['1.2.840.10045.4.3.2', 'sha256'],
  ['1.2.840.10045.4.3.3', 'sha384'],
  ['1.2.840.10045.4.3.4', 'sha512'],
]);
const RSA = '1.2.840.113549.1.1.1';
const RSA_PSS = '1.2.840.113549.1.1.10';
const ED25519 = '1.3.101.112';

/** The hash of that object identifier. Throws TIMESTAMP_ALGORITHM_REFUSED. */
export function hashOf(oid: string): string {
  const name = HASHES.get(oid);
  if (name === undefined)
    throw unsound('TIMESTAMP_ALGORITHM_REFUSED', `its hash algorithm ${oid} is too weak or not known`);
  return name;
}

export function digest(oid: string, bytes: Uint8Array): Buffer {
  return createHash(hashOf(oid)).update(bytes).digest();
}

/**
 * The certificate that signed the token, after the signature, what it covers and whose it is were checked (RFC 5652 5.6,
 * RFC 3161 2.4.2, RFC 5816). `supplied` are certificates besides those in the token.
 */
export function verifySignature(token: TimestampToken, supplied: readonly Certificate[]): Certificate {
  const { signer, content } = token;
  const statedType = signer.attributes.get(CONTENT_TYPE)?.oid();
  if (token.contentType !== TST_INFO || statedType !== TST_INFO)
    throw broken('it signs something else than a time-stamp');
  const stated = signer.attributes.get(MESSAGE_DIGEST)?.octets();
  if (stated === undefined || !digest(signer.digestAlgorithm, content).equals(stated))
    throw broken('the digest that was signed is not that of its content: the content was altered');
  const candidates = [...token.certificates.map(readCertificate), ...supplied].filter((one) => isNamed(one, signer.id));
  const [certificate] = candidates;
  if (certificate === undefined) {
    throw unsound('TIMESTAMP_CERTIFICATE_MISMATCH', 'the certificate of its signer is neither inside nor supplied');
  }
  if (!isSigned(signer, certificate.x509.publicKey)) throw broken('its signature is not by the certificate it names');
  requireNamedInside(signer, certificate);
  return certificate;
}

function isNamed(certificate: Certificate, id: SignerInfo['id']): boolean {
  if ('subjectKey' in id) return certificate.subjectKey !== null && same(certificate.subjectKey, id.subjectKey);
  return same(certificate.issuer, id.issuer) && same(certificate.serial, id.serial);
}

function isSigned(signer: SignerInfo, key: KeyObject): boolean {
  const { oid, parameters } = signer.signatureAlgorithm;
  try {
    if (oid === ED25519) return verify(null, signer.signedAttributes, key, signer.signature);
    if (oid === RSA_PSS) return isSignedByPss(signer, key, parameters);
    const hash = oid === RSA ? hashOf(signer.digestAlgorithm) : SIGNATURES.get(oid);
    if (hash === undefined) {
      throw unsound('TIMESTAMP_ALGORITHM_REFUSED', `its signature algorithm ${oid} is too weak or not known`);
    }
    return verify(hash, signer.signedAttributes, key, signer.signature);
  } catch (error) {
    if (error instanceof Error && 'family' in error) throw error;
    return false;
  }
}

/** RFC 4055 3.1: hash [0], mask [1], salt length [2]; defaults are SHA-1, which is not accepted. */
function isSignedByPss(signer: SignerInfo, key: KeyObject, parameters: Asn1 | null): boolean {
  const parts = new Members(parameters?.sequence() ?? []);
  const hash = parts.optional((member) => member.isContext(0))?.members[0];
  parts.optional((member) => member.isContext(1));
  const salt = parts.optional((member) => member.isContext(2))?.members[0];
  if (hash === undefined) throw unsound('TIMESTAMP_ALGORITHM_REFUSED', 'its signature rests on SHA-1');
  const saltLength = salt === undefined ? 20 : Number(salt.unsigned());
  const options = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
  return verify(hashOf(readAlgorithm(hash).oid), signer.signedAttributes, options, signer.signature);
}

/** RFC 3161 2.4.2: the signed attributes name the certificate, so that no other one with the same key takes its place. */
function requireNamedInside({ attributes }: SignerInfo, { x509, issuer, serial }: Certificate): void {
  const second = attributes.get(SIGNING_CERTIFICATE_V2);
  const first = attributes.get(SIGNING_CERTIFICATE);
  if (first === undefined && second === undefined)
    throw unsound('TIMESTAMP_CERTIFICATE_MISMATCH', 'what was signed does not name the certificate (ESSCertID)');
  for (const [attribute, isSecond] of [
    [second, true],
    [first, false],
  ] as const) {
    if (attribute === undefined) continue;
    const named = readCertificateId(attribute, isSecond);
    const hash = createHash(named.hash).update(x509.raw).digest();
    const isSame = hash.equals(named.digest) && (named.serial === null || same(named.serial, serial));
    if (!isSame || (named.issuer !== null && !same(named.issuer, issuer)))
      throw unsound('TIMESTAMP_CERTIFICATE_MISMATCH', 'what was signed names another certificate (ESSCertID)');
  }
}

interface CertificateId {
  readonly hash: string;
  readonly digest: Uint8Array;
  readonly issuer: Uint8Array | null;
  readonly serial: Uint8Array | null;
}

/** The first ESSCertID or ESSCertIDv2 (RFC 5035 3 and 4), which is the signer's. */
function readCertificateId(attribute: Asn1, isSecond: boolean): CertificateId {
  const [list] = attribute.sequence();
  const [id] = list?.sequence() ?? [];
  if (id === undefined) throw malformed('the name of its certificate is missing');
  const parts = new Members(id.sequence());
  const algorithm = isSecond ? parts.optional((member) => member.is(TAG.sequence)) : null;
  const hash = isSecond ? (algorithm === null ? 'sha256' : hashOf(readAlgorithm(algorithm).oid)) : 'sha1';
  const stated = parts.next('the hash of its certificate').octets();
  const issuerSerial = parts.optional((member) => member.is(TAG.sequence));
  parts.end('the name of its certificate');
  if (issuerSerial === null) return { hash, digest: stated, issuer: null, serial: null };
  const pair = new Members(issuerSerial.sequence());
  // GeneralNames of one directoryName [4].
  const name = pair
    .next('the issuer of its certificate')
    .sequence()
    .find((one) => one.isContext(4))?.members[0];
  const serial = pair.next('the serial number of its certificate').integer();
  return { hash, digest: stated, issuer: name?.bytes ?? null, serial };
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function broken(why: string): Error {
  return unsound('TIMESTAMP_SIGNATURE_INVALID', why);
}
