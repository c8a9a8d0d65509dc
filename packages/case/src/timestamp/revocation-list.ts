/** Certificate revocation lists (RFC 5280 section 5), complete ones only: deltas and indirect lists are refused by name. */
import { constants, type KeyObject, verify } from 'node:crypto';
import { CustodyError, FormatError } from '@custody/bytes';
import { Asn1, Members, TAG, unsignedOf } from './asn1.ts';
import { malformed, type TimestampErrorCode } from './errors.ts';
import { readAnyTime } from './read-time.ts';
import { readAlgorithm } from './read-token.ts';
import { SIGNATURES } from './token-signature.ts';

/** A list of a time-stamping authority has some kilobytes. */
const MOST_BYTES = 16 * 1024 * 1024;
const REASON = '2.5.29.21';
/** Kept on the list beyond their end (RFC 5280 has none; ISO 9594-8 has this). */
const EXPIRED_ON_LIST = '2.5.29.60';
/** Number and key of the list: neither changes what it says. */
const HARMLESS = new Set(['2.5.29.20', '2.5.29.35', EXPIRED_ON_LIST, REASON, '2.5.29.24']);
const RSA_PSS = '1.2.840.113549.1.1.10';
const ED25519 = '1.3.101.112';

export interface Revoked {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** CRLReason (RFC 5280 5.3.1); null where the list states none. */
  readonly reason: number | null;
}

export interface RevocationList {
  /** DER of the issuer's name. */
  readonly issuer: Uint8Array;
  readonly thisUpdate: number;
  /** By serial number in hex. */
  readonly revoked: ReadonlyMap<string, Revoked>;
  /** Certificates stay on it after they have ended. */
  readonly keepsExpired: boolean;
  readonly isBy: (key: KeyObject) => boolean;
}

/** Lists from a PEM file, or one in DER. Throws FormatError REVOCATION_LIST_MALFORMED. */
export function readRevocationFile(bytes: Uint8Array): readonly RevocationList[] {
  if (bytes.length > MOST_BYTES) throw unreadable(`it has ${bytes.length} bytes, more than any list of an authority`);
  if (bytes[0] === 0x30) return [readRevocationList(bytes)];
  const text = Buffer.from(bytes).toString('latin1');
  const blocks = text.match(/-----BEGIN X509 CRL-----[^-]+-----END X509 CRL-----/g) ?? [];
  if (blocks.length === 0) throw unreadable('there is no "X509 CRL" in the file');
  return blocks.map((block) => readRevocationList(Buffer.from(block.replace(/-----[A-Z0-9 ]+-----/g, ''), 'base64')));
}

function readRevocationList(der: Uint8Array): RevocationList {
  try {
    return readList(der);
  } catch (error) {
    if (error instanceof CustodyError && error.code === 'TIMESTAMP_MALFORMED')
      throw unreadable(error.message.slice(error.message.indexOf(':') + 2));
    throw error;
  }
}

function readList(der: Uint8Array): RevocationList {
  const whole = new Members(Asn1.read(der).sequence());
  const signed = whole.next('what is signed of the list');
  const { oid } = readAlgorithm(whole.next('the algorithm of the list'));
  const signature = whole.next('the signature of the list');
  whole.end('the list');
  if (!signature.is(TAG.bits) || signature.content[0] !== 0) throw malformed('its signature is no string of bytes');
  const parts = new Members(signed.sequence());
  const version = parts.optional((one) => one.is(TAG.integer));
  if (version !== null && version.unsigned() !== 1n) throw malformed('its version is not known');
  const inner = readAlgorithm(parts.next('the algorithm that is signed')).oid;
  if (inner !== oid) throw malformed('it names two algorithms');
  const issuer = parts.next('the issuer of the list').bytes;
  const thisUpdate = readAnyTime(parts.next('the time of the list'));
  parts.optional((one) => one.is(TAG.utcTime) || one.is(TAG.generalizedTime));
  const revoked = readRevoked(parts.optional((one) => one.is(TAG.sequence)));
  const extensions = readExtensions(parts.optional((one) => one.isContext(0))?.members[0] ?? null);
  parts.end('the list');
  const bytes = signature.content.subarray(1);
  return {
    issuer,
    thisUpdate,
    revoked,
    keepsExpired: extensions.has(EXPIRED_ON_LIST),
    isBy: (key) => isSigned({ oid, signed: signed.bytes, signature: bytes }, key),
  };
}

function readRevoked(list: Asn1 | null): ReadonlyMap<string, Revoked> {
  const out = new Map<string, Revoked>();
  for (const entry of list?.sequence() ?? []) {
    const parts = new Members(entry.sequence());
    const serial = serialOf(parts.next('a serial number').integer());
    const at = readAnyTime(parts.next('the time of a revocation'));
    const stated = readExtensions(parts.optional((one) => one.is(TAG.sequence))).get(REASON);
    parts.end('an entry of the list');
    // ENUMERATED of one byte.
    const reason = stated === undefined ? null : (stated[2] ?? null);
    if (stated !== undefined && (stated[0] !== 0x0a || stated.length !== 3)) throw malformed('a reason is broken');
    out.set(serial, { at, reason });
  }
  return out;
}

/** Values by object identifier; what is critical and would change the meaning is refused. */
function readExtensions(list: Asn1 | null): ReadonlyMap<string, Uint8Array> {
  const out = new Map<string, Uint8Array>();
  for (const one of list?.sequence() ?? []) {
    const parts = new Members(one.sequence());
    const oid = parts.next('the type of an extension').oid();
    const critical = parts.optional((member) => member.is(1)) !== null;
    const value = parts.next('the value of an extension').octets();
    parts.end('an extension');
    if (critical && !HARMLESS.has(oid)) throw malformed(`it is a partial list or has a critical extension (${oid})`);
    out.set(oid, value);
  }
  return out;
}

/** As it is looked up: hex without leading zeros. */
export function serialOf(content: Uint8Array): string {
  return unsignedOf(content).toString(16);
}

function isSigned(
  { oid, signed, signature }: { readonly oid: string; readonly signed: Uint8Array; readonly signature: Uint8Array },
  key: KeyObject,
): boolean {
  try {
    if (oid === ED25519) return verify(null, signed, key, signature);
    if (oid === RSA_PSS) {
      const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO };
      return ['sha256', 'sha384', 'sha512'].some((hash) => verify(hash, signed, { key, ...padding }, signature));
    }
    const hash = SIGNATURES.get(oid);
    return hash !== undefined && verify(hash, signed, key, signature);
  } catch {
    return false;
  }
}

function unreadable(why: string): FormatError<TimestampErrorCode> {
  return new FormatError('REVOCATION_LIST_MALFORMED', `this is no revocation list as RFC 5280 has it: ${why}`);
}
