/** RFC 3161 2.4.2, RFC 5652 5: the parts of a time-stamp response, read strictly; nothing is verified here. */
import { Asn1, Members, TAG, unsignedOf } from './asn1.ts';
import { malformed } from './errors.ts';
import { readGeneralizedTime } from './read-time.ts';

const SIGNED_DATA = '1.2.840.113549.1.7.2';
export const TST_INFO = '1.2.840.113549.1.9.16.1.4';
/** A token has some kilobytes; certificates of long chains a few more. */
export const RESPONSE_MAX: number = 256 * 1024;

export interface TstInfo {
  readonly policy: string;
  readonly hashAlgorithm: string;
  readonly imprint: Uint8Array;
  readonly serial: bigint;
  /** Milliseconds since 1970. */
  readonly genTime: number;
  /** Milliseconds to either side; null where none is stated. */
  readonly accuracy: number | null;
  readonly nonce: bigint | null;
}

export interface SignerInfo {
  /** DER of the issuer's name and the serial number, or the subject key identifier. */
  readonly id: { readonly issuer: Uint8Array; readonly serial: Uint8Array } | { readonly subjectKey: Uint8Array };
  readonly digestAlgorithm: string;
  /** As signed: with the tag of a set. */
  readonly signedAttributes: Uint8Array;
  /** Values by type; each type stands once, each with one value. */
  readonly attributes: ReadonlyMap<string, Asn1>;
  readonly signatureAlgorithm: { readonly oid: string; readonly parameters: Asn1 | null };
  readonly signature: Uint8Array;
}

export interface TimestampToken {
  readonly contentType: string;
  readonly content: Uint8Array;
  readonly info: TstInfo;
  readonly certificates: readonly Uint8Array[];
  readonly signer: SignerInfo;
}

export interface TimestampResponse {
  /** PKIStatus: 0 granted, 1 granted with modifications, else refused. */
  readonly status: number;
  readonly statusText: string;
  readonly token: TimestampToken | null;
}

/** A TimeStampResp from untrusted bytes. Throws TIMESTAMP_MALFORMED. */
export function readTimestampResponse(bytes: Uint8Array): TimestampResponse {
  if (bytes.length > RESPONSE_MAX) throw malformed(`it is longer than ${RESPONSE_MAX} bytes`);
  const parts = new Members(Asn1.read(bytes).sequence());
  const [status, ...more] = parts.next('its status').sequence();
  if (status === undefined) throw malformed('its status is missing');
  const token = parts.optional(() => true);
  parts.end('the response');
  const strings = more.find((member) => member.is(TAG.sequence))?.sequence() ?? [];
  const statusText = strings.map((text) => Buffer.from(text.content).toString('utf8')).join('; ');
  return {
    status: Number(status.unsigned()),
    statusText: statusText.slice(0, 200),
    token: token === null ? null : readToken(token),
  };
}

function readToken(contentInfo: Asn1): TimestampToken {
  const outer = new Members(contentInfo.sequence());
  if (outer.next('its type').oid() !== SIGNED_DATA) throw malformed('the token is not signed data');
  const wrapped = outer.next('its content');
  outer.end('the token');
  if (!wrapped.isContext(0) || wrapped.members.length !== 1) throw malformed('the token has no content');
  const parts = new Members((wrapped.members[0] as Asn1).sequence());
  if (parts.next('its version').unsigned() !== 3n) throw malformed('its signed data are not of version 3');
  const digests = parts.next('its digest algorithms').set();
  const { contentType, content } = readContent(parts.next('what was signed'));
  const certificates = parts.optional((member) => member.isContext(0))?.members ?? [];
  parts.optional((member) => member.isContext(1));
  const signers = parts.next('its signers').set();
  parts.end('signed data');
  const [signer] = signers;
  if (signer === undefined || signers.length !== 1) throw malformed(`it has ${signers.length} signers, not one`);
  // RFC 5652 10.2.2: a certificate, or one of the other kinds, which are tagged.
  if (certificates.some((one) => !one.is(TAG.sequence) && ![0, 1, 2, 3].some((tag) => one.isContext(tag))))
    throw malformed('what stands among its certificates is none');
  const read = readSigner(signer);
  if (!digests.some((one) => readAlgorithm(one).oid === read.digestAlgorithm))
    throw malformed('its signer used a digest that it does not list');
  return {
    contentType,
    content,
    info: readTstInfo(content),
    certificates: certificates.filter((member) => member.is(TAG.sequence)).map((member) => member.bytes),
    signer: read,
  };
}

function readContent(encapsulated: Asn1): { contentType: string; content: Uint8Array } {
  const parts = new Members(encapsulated.sequence());
  const contentType = parts.next('the type of what was signed').oid();
  const wrapped = parts.next('what was signed');
  parts.end('what was signed');
  if (!wrapped.isContext(0) || wrapped.members.length !== 1) throw malformed('what was signed is not inside');
  return { contentType, content: (wrapped.members[0] as Asn1).octets() };
}

function readTstInfo(content: Uint8Array): TstInfo {
  const parts = new Members(Asn1.read(content).sequence());
  if (parts.next('its version').unsigned() !== 1n) throw malformed('its information is not of version 1');
  const policy = parts.next('its policy').oid();
  const imprint = new Members(parts.next('its imprint').sequence());
  const hashAlgorithm = readAlgorithm(imprint.next('the hash algorithm of its imprint')).oid;
  const hashed = imprint.next('the hash of its imprint').octets();
  imprint.end('its imprint');
  const serial = parts.next('its serial number').unsigned();
  const time = parts.next('its time');
  if (!time.is(TAG.generalizedTime)) throw malformed('its time is missing');
  const accuracy = parts.optional((member) => member.is(TAG.sequence));
  parts.optional((member) => member.is(1));
  const nonce = parts.optional((member) => member.is(TAG.integer));
  parts.optional((member) => member.isContext(0));
  refuseCritical(parts.optional((member) => member.isContext(1)));
  parts.end('its information');
  return {
    policy,
    hashAlgorithm,
    imprint: hashed,
    serial,
    genTime: readGeneralizedTime(time.content),
    accuracy: accuracy === null ? null : readAccuracy(accuracy),
    nonce: nonce === null ? null : nonce.unsigned(),
  };
}

/** RFC 3161 2.4.2: an extension that is critical and not known must lead to refusal, and none is known. */
function refuseCritical(extensions: Asn1 | null): void {
  for (const extension of extensions?.members ?? []) {
    if (extension.sequence().some((part) => part.is(1)))
      throw malformed('it has a critical extension that is not known');
  }
}

function readAccuracy(accuracy: Asn1): number {
  const parts = new Members(accuracy.sequence());
  const seconds = parts.optional((member) => member.is(TAG.integer));
  const millis = parts.optional((member) => member.isContext(0));
  const micros = parts.optional((member) => member.isContext(1));
  parts.end('its accuracy');
  const part = (member: Asn1 | null) => (member === null ? 0 : Number(unsignedOf(member.content)));
  return part(seconds) * 1000 + part(millis) + part(micros) / 1000;
}

function readSigner(signer: Asn1): SignerInfo {
  const parts = new Members(signer.sequence());
  parts.next('the version of its signer').unsigned();
  const id = readSignerId(parts.next('the name of its signer'));
  const digestAlgorithm = readAlgorithm(parts.next('the digest algorithm of its signer')).oid;
  const signed = parts.next('what its signer signed');
  if (!signed.isContext(0)) throw malformed('its signer signed no attributes');
  const signatureAlgorithm = readAlgorithm(parts.next('the signature algorithm'));
  const signature = parts.next('the signature').octets();
  parts.optional((member) => member.isContext(1));
  parts.end('its signer');
  const signedAttributes = new Uint8Array(signed.bytes);
  // RFC 5652 5.4: signed with the tag of a SET OF, sent with an implicit one.
  signedAttributes[0] = 0x31;
  return {
    id,
    digestAlgorithm,
    signedAttributes,
    attributes: readAttributes(signed.members),
    signatureAlgorithm,
    signature,
  };
}

function readSignerId(id: Asn1): SignerInfo['id'] {
  if (id.isContext(0)) return { subjectKey: id.content };
  const parts = new Members(id.sequence());
  const issuer = parts.next('the issuer').bytes;
  const serial = parts.next('the serial number').integer();
  parts.end('the name of its signer');
  return { issuer, serial };
}

function readAttributes(list: readonly Asn1[]): ReadonlyMap<string, Asn1> {
  const attributes = new Map<string, Asn1>();
  for (const attribute of list) {
    const parts = new Members(attribute.sequence());
    const type = parts.next('the type of an attribute').oid();
    const [value, ...others] = parts.next('the value of an attribute').set();
    parts.end('an attribute');
    if (value === undefined || others.length > 0 || attributes.has(type))
      throw malformed(`the attribute ${type} has not one value`);
    attributes.set(type, value);
  }
  return attributes;
}

/** AlgorithmIdentifier (RFC 5280 4.1.1.2). */
export function readAlgorithm(algorithm: Asn1): { readonly oid: string; readonly parameters: Asn1 | null } {
  const parts = new Members(algorithm.sequence());
  const oid = parts.next('an algorithm').oid();
  const parameters = parts.optional(() => true);
  parts.end('an algorithm');
  return { oid, parameters };
}
