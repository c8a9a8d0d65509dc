/** X.509 certificates (RFC 5280) as far as time-stamping asks: node:crypto checks signatures, this reads what it does not tell. */
import { X509Certificate } from 'node:crypto';
import { Asn1, Members } from './asn1.ts';
import { malformed, unsound } from './errors.ts';

const BASIC_CONSTRAINTS = '2.5.29.19';
const KEY_USAGE = '2.5.29.15';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const SUBJECT_KEY = '2.5.29.14';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
/** Critical extensions whose meaning is checked here or does not concern a chain to a key that was handed over. */
const KNOWN_CRITICAL = new Set([BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE, '2.5.29.32']);
const CHAIN_MAX = 8;

interface Extension {
  readonly critical: boolean;
  readonly value: Uint8Array;
}

/** A certificate with its parts as bytes. */
export interface Certificate {
  readonly x509: X509Certificate;
  /** DER of the issuer's name. */
  readonly issuer: Uint8Array;
  readonly serial: Uint8Array;
  readonly subjectKey: Uint8Array | null;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly extensions: ReadonlyMap<string, Extension>;
}

/** A certificate from DER. Throws TIMESTAMP_MALFORMED. */
export function readCertificate(der: Uint8Array): Certificate {
  const [tbs] = Asn1.read(der).sequence();
  if (tbs === undefined) throw malformed('a certificate is empty');
  const parts = new Members(tbs.sequence());
  parts.optional((member) => member.isContext(0));
  const serial = parts.next('the serial number of a certificate').integer();
  parts.next('the algorithm of a certificate');
  const issuer = parts.next('the issuer of a certificate').bytes;
  for (const what of ['the validity', 'the subject', 'the key']) parts.next(`${what} of a certificate`);
  const extensions = readExtensions(parts.optional((m) => m.isContext(3)) ?? parts.optional((m) => m.isContext(1)));
  const x509 = parse(der);
  const subjectKey = extensions.get(SUBJECT_KEY);
  return {
    x509,
    issuer,
    serial,
    subjectKey: subjectKey === undefined ? null : Asn1.read(subjectKey.value).octets(),
    notBefore: x509.validFromDate.getTime(),
    notAfter: x509.validToDate.getTime(),
    extensions,
  };
}

/** Certificates from a PEM file (or one DER certificate). Throws TIMESTAMP_MALFORMED where there is none. */
export function readCertificateFile(bytes: Uint8Array): readonly Certificate[] {
  if (bytes[0] === 0x30) return [readCertificate(bytes)];
  const text = Buffer.from(bytes).toString('latin1');
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw malformed('there is no certificate in the file');
  return blocks.map((block) => readCertificate(Buffer.from(block.replace(/-----[A-Z ]+-----/g, ''), 'base64')));
}

/** Throws TIMESTAMP_SIGNER_UNFIT unless RFC 3161 2.3 lets the certificate sign time-stamps: one purpose, and critical. */
export function requireTimeStamping({ extensions, x509 }: Certificate): void {
  const usage = extensions.get(EXTENDED_KEY_USAGE);
  const unfit = (why: string) => unsound('TIMESTAMP_SIGNER_UNFIT', `the certificate of ${subjectOf(x509)} ${why}`);
  if (usage === undefined) throw unfit('is not one for time-stamping: it names no extended key usage');
  const purposes = Asn1.read(usage.value)
    .sequence()
    .map((member) => member.oid());
  if (purposes.length !== 1 || purposes[0] !== TIME_STAMPING) throw unfit('is not one for time-stamping alone');
  if (!usage.critical) throw unfit('does not mark its purpose of time-stamping as critical');
  const keyUsage = extensions.get(KEY_USAGE);
  // digitalSignature and nonRepudiation are the first two bits (RFC 5280 4.2.1.3).
  if (keyUsage !== undefined && ((keyUsage.value[3] ?? 0) & 0xc0) === 0) throw unfit('may not sign');
}

/**
 * The chain from the signer to one of `trusted`, every certificate in it valid at `time`, whatever the time is now. Throws
 * TIMESTAMP_CHAIN_INVALID.
 */
export function chainAt(
  signer: Certificate,
  others: readonly Certificate[],
  terms: { readonly trusted: readonly Certificate[]; readonly time: number },
): readonly Certificate[] {
  const { trusted, time } = terms;
  const chain = [signer];
  for (;;) {
    const last = chain[chain.length - 1] as Certificate;
    requireValidAt(last, time);
    if (trusted.some((one) => one.x509.raw.equals(last.x509.raw))) return chain;
    if (chain.length > CHAIN_MAX) throw broken('its chain of certificates does not end');
    const issuer = [...trusted, ...others].find((one) => isIssuer(one, last, { below: chain.length - 1, time }));
    if (issuer === undefined || chain.includes(issuer)) {
      throw broken(
        `no certificate supplied as authority stands behind ${subjectOf(last.x509)} at ${new Date(time).toISOString()}`,
      );
    }
    chain.push(issuer);
  }
}

/** Whether a certificate may sign revocation lists: cRLSign is the seventh bit (RFC 5280 4.2.1.3). */
export function mayList({ extensions }: Certificate): boolean {
  const keyUsage = extensions.get(KEY_USAGE);
  return keyUsage === undefined || ((keyUsage.value[3] ?? 0) & 0x02) !== 0;
}

/** The subject in one line. */
export function subjectOf(x509: X509Certificate): string {
  return x509.subject.split('\n').reverse().join(', ');
}

function isIssuer(
  issuer: Certificate,
  of: Certificate,
  at: { readonly below: number; readonly time: number },
): boolean {
  const { x509, extensions } = issuer;
  if (!of.x509.checkIssued(x509) || !x509.ca || at.time < issuer.notBefore || at.time > issuer.notAfter) return false;
  const constraints = extensions.get(BASIC_CONSTRAINTS);
  const limit = constraints === undefined ? undefined : Asn1.read(constraints.value).sequence()[1];
  if (limit !== undefined && Number(limit.unsigned()) < at.below) return false;
  try {
    return of.x509.verify(x509.publicKey);
  } catch {
    return false;
  }
}

function requireValidAt({ x509, notBefore, notAfter, extensions }: Certificate, time: number): void {
  if (time < notBefore || time > notAfter) {
    throw unsound('TIMESTAMP_CHAIN_INVALID', `the certificate of ${subjectOf(x509)} was not valid at the stated time`, {
      from: x509.validFrom,
      to: x509.validTo,
      time: new Date(time).toISOString(),
    });
  }
  for (const [oid, { critical }] of extensions) {
    if (critical && !KNOWN_CRITICAL.has(oid))
      throw broken(`a certificate has the critical extension ${oid}, which is not known`);
  }
}

function readExtensions(wrapped: Asn1 | null): ReadonlyMap<string, Extension> {
  const extensions = new Map<string, Extension>();
  if (wrapped === null || !wrapped.isContext(3)) return extensions;
  for (const extension of (wrapped.members[0] ?? wrapped).sequence()) {
    const parts = new Members(extension.sequence());
    const oid = parts.next('the type of an extension').oid();
    const critical = parts.optional((member) => member.is(1)) !== null;
    const value = parts.next('the value of an extension').octets();
    parts.end('an extension');
    if (extensions.has(oid)) throw malformed('a certificate has an extension twice');
    extensions.set(oid, { critical, value });
  }
  return extensions;
}

function parse(der: Uint8Array): X509Certificate {
  try {
    const x509 = new X509Certificate(der);
    // Asked for here, since a key that cannot be read throws only now.
    void x509.publicKey;
    return x509;
  } catch {
    throw malformed('a certificate cannot be read');
  }
}

function broken(why: string): Error {
  return unsound('TIMESTAMP_CHAIN_INVALID', why);
}
