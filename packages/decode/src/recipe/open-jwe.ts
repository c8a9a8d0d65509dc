import { inflate } from './inflate.ts';
import { contentKey } from './jwe-key.ts';
import { openCipher } from './open-cipher.ts';
import type { CipherName } from './recipe.ts';
import { fail, StepFailure } from './step-failure.ts';

/** Header parameters; every value was written by a stranger. */
export type JoseHeader = Readonly<Record<string, unknown>>;

/** RFC 7518 5.1: cipher and length of the content encryption key. */
const CONTENT: Readonly<
  Record<string, { readonly cipher: CipherName; readonly key: number; readonly tag: number; readonly iv: number }>
> = {
  A128GCM: { cipher: 'aes-gcm', key: 16, tag: 16, iv: 12 },
  A192GCM: { cipher: 'aes-gcm', key: 24, tag: 16, iv: 12 },
  A256GCM: { cipher: 'aes-gcm', key: 32, tag: 16, iv: 12 },
  'A128CBC-HS256': { cipher: 'a128cbc-hs256', key: 32, tag: 16, iv: 16 },
  'A192CBC-HS384': { cipher: 'a192cbc-hs384', key: 48, tag: 24, iv: 16 },
  'A256CBC-HS512': { cipher: 'a256cbc-hs512', key: 64, tag: 32, iv: 16 },
};

interface Parts {
  readonly protected: string;
  readonly header: JoseHeader;
  readonly encryptedKey: Buffer;
  readonly iv: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
  readonly aad: string | null;
}

/** RFC 7516 7.1: five parts with points between them. */
export function openJwe(token: Buffer, key: Buffer): Buffer {
  const [header, encryptedKey, iv, ciphertext, tag, ...more] = token.toString('latin1').trim().split('.');
  if (tag === undefined || more.length > 0) return fail('malformed', 'the JWE has not its five parts');
  const parts = {
    protected: header as string,
    header: headerOf(header as string),
    encryptedKey: base64Url(encryptedKey),
    iv: base64Url(iv),
    ciphertext: base64Url(ciphertext),
    tag: base64Url(tag),
    aad: null,
  };
  return openParts(parts, key);
}

/** RFC 7516 7.2: JSON, general or flattened. Of several recipients the first whose key this is. */
export function openJweJson(token: Buffer, key: Buffer): Buffer {
  const json = objectOf(token.toString('utf8'));
  const { protected: covered, unprotected, iv, ciphertext, tag, aad, recipients } = json;
  const shared = { ...headerOf(covered), ...plainHeader(unprotected, covered) };
  const list = Array.isArray(recipients) ? (recipients as JoseHeader[]) : [json];
  let failure: unknown = null;
  for (const recipient of list.slice(0, 100)) {
    const parts = {
      protected: typeof covered === 'string' ? covered : '',
      header: { ...shared, ...plainHeader(recipient.header, covered) },
      encryptedKey: base64Url(recipient.encrypted_key ?? ''),
      iv: base64Url(iv ?? ''),
      ciphertext: base64Url(ciphertext),
      tag: base64Url(tag ?? ''),
      aad: typeof aad === 'string' ? aad : null,
    };
    try {
      return openParts(parts, key);
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error;
      if (failure === null || error.refusal === 'failed') failure = error;
    }
  }
  throw failure ?? new StepFailure('malformed', 'the JWE has no recipient');
}

function openParts(parts: Parts, key: Buffer): Buffer {
  const { header } = parts;
  const content = CONTENT[String(header.enc)];
  if (content === undefined) return fail('unsupported', `the JWE has the content encryption ${shown(header.enc)}`);
  if (header.crit !== undefined) return fail('unsupported', 'the JWE has critical extensions');
  const secret = contentKey(header, parts.encryptedKey, { key, length: content.key, enc: String(header.enc) });
  if (secret.length !== content.key) return fail('failed', 'the content encryption key is not of its length');
  if (parts.tag.length !== content.tag || parts.iv.length !== content.iv)
    return fail('malformed', 'the tag or IV of the JWE is not of its length');
  const covered = parts.aad === null ? parts.protected : `${parts.protected}.${parts.aad}`;
  const text = openCipher(content.cipher, {
    key: secret,
    iv: parts.iv,
    ciphertext: parts.ciphertext,
    tag: parts.tag,
    aad: Buffer.from(covered, 'latin1'),
    padding: 'pkcs7',
    public: null,
  });
  if (header.zip === undefined) return text;
  return header.zip === 'DEF'
    ? inflate('deflate-raw', text)
    : fail('unsupported', `the JWE has the compression ${shown(header.zip)}`);
}

/** RFC 7516 4: names may stand in one of the headers only. */
function plainHeader(header: unknown, covered: unknown): JoseHeader {
  if (header === undefined) return {};
  if (typeof header !== 'object' || header === null) return fail('malformed', 'a header of the JWE is no object');
  const names = Object.keys(headerOf(covered));
  if (Object.keys(header).some((name) => names.includes(name)))
    return fail('malformed', 'a header parameter stands twice');
  return header as JoseHeader;
}

function headerOf(encoded: unknown): JoseHeader {
  return encoded === undefined ? {} : objectOf(base64Url(encoded).toString('utf8'));
}

function objectOf(text: string): JoseHeader {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as JoseHeader;
  } catch {}
  return fail('malformed', 'a part of the JWE is no JSON object');
}

/** RFC 7515 2: without padding, and with nothing between. */
export function base64Url(text: unknown): Buffer {
  if (typeof text !== 'string') return fail('malformed', 'a part of the JWE is missing');
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : fail('malformed', 'a part of the JWE is not base64url');
}

/** A word that a stranger wrote. */
function shown(word: unknown): string {
  return JSON.stringify(String(word).slice(0, 40));
}
