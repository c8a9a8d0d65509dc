import { cmsContentKey } from './cms-key.ts';
import { contentOf, DER, type DerElement, derElements, inside, integerOf, oidOf } from './der.ts';
import { openCipher } from './open-cipher.ts';
import { fail, StepFailure } from './step-failure.ts';

/** RFC 5652 6.1, RFC 5083 2.1. */
const ENVELOPED = '1.2.840.113549.1.7.3';
const AUTH_ENVELOPED = '1.2.840.113549.1.9.16.1.23';
/** NIST's AES: 2.16.840.1.101.3.4.1.n, by mode and bytes of key. */
const AES: Readonly<Record<string, { readonly mode: 'cbc' | 'gcm'; readonly key: number }>> = {
  '2.16.840.1.101.3.4.1.2': { mode: 'cbc', key: 16 },
  '2.16.840.1.101.3.4.1.22': { mode: 'cbc', key: 24 },
  '2.16.840.1.101.3.4.1.42': { mode: 'cbc', key: 32 },
  '2.16.840.1.101.3.4.1.6': { mode: 'gcm', key: 16 },
  '2.16.840.1.101.3.4.1.26': { mode: 'gcm', key: 24 },
  '2.16.840.1.101.3.4.1.46': { mode: 'gcm', key: 32 },
};
const MOST_RECIPIENTS = 100;
/** GCMParameters without a length: RFC 5084 3.2. */
const DEFAULT_TAG = 12;
const CONTEXT_0 = 0xa0;
const CONTEXT_1 = 0xa1;

/**
 * Opens EnvelopedData (RFC 5652) and AuthEnvelopedData (RFC 5083) in DER. Of several recipients the first whose key this
 * is. EnvelopedData has no tag: what comes out is not authenticated.
 */
export function openCms(bytes: Buffer, key: Buffer): { text: Buffer; authenticated: boolean } {
  const [kind, wrapped] = inside(derElements(bytes)[0], DER.sequence);
  const type = oidOf(kind);
  if (type !== ENVELOPED && type !== AUTH_ENVELOPED) return fail('unsupported', 'a CMS message of another type');
  const parts = inside(inside(wrapped, CONTEXT_0)[0], DER.sequence);
  const recipientsAt = parts.findIndex(({ tag }) => tag === DER.set);
  const recipients = inside(parts[recipientsAt], DER.set);
  const content = inside(parts[recipientsAt + 1], DER.sequence);
  const sealed = sealedContent(content);
  const rest = parts.slice(recipientsAt + 2);
  let failure: unknown = new StepFailure('malformed', 'the CMS message has no recipient');
  for (const recipient of recipients.slice(0, MOST_RECIPIENTS)) {
    try {
      const secret = cmsContentKey(recipient, key);
      if (secret.length !== sealed.key) fail('failed', 'the key that the recipient leads to is not of its length');
      return type === ENVELOPED
        ? { text: openCbc(sealed, secret), authenticated: false }
        : { text: openGcm(sealed, secret, rest), authenticated: true };
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error;
      failure = error;
    }
  }
  throw failure;
}

interface SealedContent {
  readonly mode: 'cbc' | 'gcm';
  readonly key: number;
  readonly parameters: DerElement | undefined;
  readonly ciphertext: Buffer;
}

function sealedContent(content: readonly DerElement[]): SealedContent {
  const [oid, parameters] = inside(content[1], DER.sequence);
  const algorithm = AES[oidOf(oid)];
  if (algorithm === undefined)
    return fail('unsupported', 'a CMS message with another content encryption than AES-CBC and AES-GCM');
  const encrypted = content[2];
  // [0] IMPLICIT OCTET STRING; in pieces where it is constructed.
  const pieces =
    encrypted?.tag === CONTEXT_0 ? inside(encrypted).map((piece) => contentOf(piece, DER.octetString)) : [];
  const ciphertext = encrypted?.tag === 0x80 ? encrypted.content : Buffer.concat(pieces);
  return { ...algorithm, parameters, ciphertext };
}

const nothing = { tag: null, aad: null, padding: 'pkcs7', public: null } as const;

function openCbc({ mode, parameters, ciphertext }: SealedContent, key: Buffer): Buffer {
  if (mode !== 'cbc') return fail('unsupported', 'EnvelopedData with an authenticating cipher');
  return openCipher('aes-cbc', { ...nothing, key, iv: contentOf(parameters, DER.octetString), ciphertext });
}

/** RFC 5083 2.2: authenticated attributes are covered with the tag of a SET. */
function openGcm({ mode, parameters, ciphertext }: SealedContent, key: Buffer, rest: readonly DerElement[]): Buffer {
  if (mode !== 'gcm') return fail('unsupported', 'AuthEnvelopedData with a cipher that does not authenticate');
  const [iv, length] = inside(parameters, DER.sequence);
  const tag = contentOf(
    rest.find((part) => part.tag === DER.octetString),
    DER.octetString,
  );
  if (tag.length !== (length === undefined ? DEFAULT_TAG : integerOf(length)))
    return fail('malformed', 'the tag is not of its length');
  const attributes = rest.find((part) => part.tag === CONTEXT_1);
  const aad = attributes === undefined ? null : asSet(attributes.content);
  return openCipher('aes-gcm', { ...nothing, key, iv: contentOf(iv, DER.octetString), ciphertext, tag, aad });
}

function asSet(content: Buffer): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(DER.set, ...size), content]);
}
