import { KeyAgreement } from './agree-key.ts';
import { hashKdf, pbkdf2 } from './derive-key.ts';
import { curveForms } from './key-form.ts';
import { openCipher } from './open-cipher.ts';
import type { CurveName, HashName } from './recipe.ts';
import { rsaOaep, rsaPkcs1, rsaPrivateKey } from './rsa-decrypt.ts';
import { fail } from './step-failure.ts';
import { aesUnwrap } from './unwrap-key.ts';

type Header = Readonly<Record<string, unknown>>;

const OAEP: Readonly<Record<string, HashName>> = {
  'RSA-OAEP': 'sha1',
  'RSA-OAEP-256': 'sha256',
  'RSA-OAEP-384': 'sha384',
  'RSA-OAEP-512': 'sha512',
};
const NOTHING: Buffer = Buffer.alloc(0);

/** The content encryption key of a JWE (RFC 7518 4). `length`: bytes that it has to have. */
export function contentKey(
  header: Header,
  encryptedKey: Buffer,
  { key, length, enc }: { key: Buffer; length: number; enc: string },
): Buffer {
  const alg = String(header.alg);
  const jwk = jwkOf(key);
  if (jwk !== null) checkUse(jwk, alg, enc);
  const secret = jwk?.kty === 'oct' ? Buffer.from(String(jwk.k), 'base64url') : key;
  if (alg === 'dir') return encryptedKey.length === 0 ? secret : fail('malformed', 'a directly used key is not sent');
  const hash = OAEP[alg];
  if (hash !== undefined) return rsaOaep(rsaPrivateKey(key), encryptedKey, { hash, mgf1Hash: hash, label: NOTHING });
  if (alg === 'RSA1_5') return rsaPkcs1(rsaPrivateKey(key), encryptedKey);
  const wrap = /^A(128|192|256)(GCM)?KW$/.exec(alg);
  if (wrap !== null) {
    if (secret.length * 8 !== Number(wrap[1])) return fail('malformed', `the key supplied is none for ${alg}`);
    return wrap[2] === undefined ? aesUnwrap('aes-kw', secret, encryptedKey) : gcmUnwrap(header, secret, encryptedKey);
  }
  const agreed = /^ECDH-ES(?:\+A(128|192|256)KW)?$/.exec(alg);
  if (agreed !== null) {
    const bytes = agreed[1] === undefined ? length : Number(agreed[1]) / 8;
    const shared = agree(header, key, { bytes, name: agreed[1] === undefined ? enc : alg });
    return agreed[1] === undefined ? shared : aesUnwrap('aes-kw', shared, encryptedKey);
  }
  const pbes = /^PBES2-HS(256|384|512)\+A(128|192|256)KW$/.exec(alg);
  if (pbes === null) return fail('unsupported', `the JWE has the key management ${JSON.stringify(alg.slice(0, 40))}`);
  const salt = Buffer.concat([Buffer.from(alg), Buffer.of(0), param(header, 'p2s')]);
  const iterations = typeof header.p2c === 'number' ? header.p2c : 0;
  const kek = pbkdf2(`sha${pbes[1]}` as HashName, secret, { salt, iterations, length: Number(pbes[2]) / 8 });
  return aesUnwrap('aes-kw', kek, encryptedKey);
}

/** A key that says what it is for is used for nothing else (RFC 7517 4.2 and 4.4). */
function checkUse(jwk: Header, alg: string, enc: string): void {
  const named = jwk.alg;
  if (named !== undefined && named !== alg && !(alg === 'dir' && named === enc))
    fail('malformed', 'the JSON Web Key is for another algorithm than the JWE names');
  if (jwk.use !== undefined && jwk.use !== 'enc') fail('malformed', 'the JSON Web Key is not for encryption');
}

function jwkOf(key: Buffer): Header | null {
  if (key[0] !== 0x7b) return null;
  try {
    return JSON.parse(key.toString('utf8')) as Header;
  } catch {
    return null;
  }
}

function gcmUnwrap(header: Header, key: Buffer, ciphertext: Buffer): Buffer {
  const [iv, tag] = [param(header, 'iv'), param(header, 'tag')];
  if (tag.length !== 16 || iv.length !== 12)
    return fail('malformed', 'the tag or IV of the wrapped key is not of its length');
  return openCipher('aes-gcm', { key, iv, ciphertext, tag, aad: NOTHING, padding: 'pkcs7', public: null });
}

/** RFC 7518 4.6.2: Concat KDF with SHA-256 over lengths and names. */
function agree(header: Header, key: Buffer, { bytes, name }: { bytes: number; name: string }): Buffer {
  const epk = header.epk as Header | undefined;
  const curve = Object.entries(curveForms).find(([, { crv }]) => crv === epk?.crv)?.[0] as CurveName | undefined;
  if (curve === undefined) return fail('unsupported', 'the JWE has an ephemeral key of an unknown curve');
  const secret = new KeyAgreement(curve).secret(key, Buffer.from(JSON.stringify(epk)));
  const prefixed = (part: Buffer) => [u32(part.length), part];
  const parties = [prefixed(optional(header, 'apu')), prefixed(optional(header, 'apv'))].flat();
  const info = Buffer.concat([...prefixed(Buffer.from(name)), ...parties, u32(bytes * 8)]);
  return hashKdf('concat-kdf', 'sha256', { secret, info, length: bytes });
}

function u32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value);
  return out;
}

function optional(header: Header, name: string): Buffer {
  return header[name] === undefined ? NOTHING : param(header, name);
}

function param(header: Header, name: string): Buffer {
  const value = header[name];
  return typeof value === 'string'
    ? Buffer.from(value, 'base64url')
    : fail('malformed', `the JWE lacks its parameter ${name}`);
}
