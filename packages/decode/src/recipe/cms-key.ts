import { KeyAgreement } from './agree-key.ts';
import { contentOf, DER, type DerElement, inside, integerOf, oidOf } from './der.ts';
import { hashKdf, pbkdf2 } from './derive-key.ts';
import { pwriUnwrap } from './pwri-unwrap.ts';
import type { CurveName, HashName } from './recipe.ts';
import { rsaOaep, rsaPkcs1, rsaPrivateKey } from './rsa-decrypt.ts';
import { fail, StepFailure } from './step-failure.ts';
import { aesUnwrap } from './unwrap-key.ts';

const HASHES: Readonly<Record<string, HashName>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};
const RSA = '1.2.840.113549.1.1.1';
const RSA_OAEP = '1.2.840.113549.1.1.7';
/** RFC 5753 7.1.4: one-pass Diffie-Hellman with the X9.63 KDF. */
const AGREEMENTS: Readonly<Record<string, HashName>> = {
  '1.3.133.16.840.63.0.2': 'sha1',
  '1.3.132.1.11.0': 'sha224',
  '1.3.132.1.11.1': 'sha256',
  '1.3.132.1.11.2': 'sha384',
  '1.3.132.1.11.3': 'sha512',
};
/** AES key wrap, by bytes of key. */
const WRAPS: Readonly<Record<string, number>> = {
  '2.16.840.1.101.3.4.1.5': 16,
  '2.16.840.1.101.3.4.1.25': 24,
  '2.16.840.1.101.3.4.1.45': 32,
};
const PBKDF2_HASHES: Readonly<Record<string, HashName>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};
const PBKDF2 = '1.2.840.113549.1.5.12';
const PWRI_KEK = '1.2.840.113549.1.9.16.3.9';
const AES_CBC: Readonly<Record<string, number>> = {
  '2.16.840.1.101.3.4.1.2': 16,
  '2.16.840.1.101.3.4.1.22': 24,
  '2.16.840.1.101.3.4.1.42': 32,
};
const NOTHING: Buffer = Buffer.alloc(0);
/** Bytes of an uncompressed point, by curve: the key that a message brings need not name its own. */
const POINTS: ReadonlyMap<number, CurveName> = new Map([
  [65, 'p-256'],
  [97, 'p-384'],
  [133, 'p-521'],
]);

/** The content encryption key by one RecipientInfo (RFC 5652 6.2) and the key supplied. Throws StepFailure. */
export function cmsContentKey(recipient: DerElement, key: Buffer): Buffer {
  const parts = inside(recipient);
  switch (recipient.tag) {
    case DER.sequence:
      return transported(parts, key);
    case 0xa1:
      return agreed(parts, key);
    case 0xa2:
      return aesUnwrap('aes-kw', sized(key, WRAPS[oidOf(inside(parts[2])[0])]), contentOf(parts[3], DER.octetString));
    case 0xa3:
      return byPassword(parts, key);
    default:
      return fail('unsupported', 'a CMS recipient of another kind');
  }
}

function sized(key: Buffer, bytes: number | undefined): Buffer {
  if (bytes === undefined) return fail('unsupported', 'a CMS recipient with an unknown key wrap');
  return key.length === bytes ? key : fail('malformed', `the key supplied has not the ${bytes} bytes of the key wrap`);
}

function transported(parts: readonly DerElement[], key: Buffer): Buffer {
  const [oid, parameters] = inside(parts[2], DER.sequence);
  const sealed = contentOf(parts[3], DER.octetString);
  const algorithm = oidOf(oid);
  if (algorithm === RSA) return rsaPkcs1(rsaPrivateKey(key), sealed);
  if (algorithm !== RSA_OAEP) return fail('unsupported', 'a CMS recipient with an unknown key transport');
  return rsaOaep(rsaPrivateKey(key), sealed, oaepParameters(parameters));
}

/** RFC 4055 4.1: each has its default. */
function oaepParameters(parameters: DerElement | undefined): { hash: HashName; mgf1Hash: HashName; label: Buffer } {
  const fields = parameters === undefined ? [] : inside(parameters, DER.sequence);
  const of = (tag: number) => fields.find((field) => field.tag === tag);
  const hashOf = (algorithm: DerElement | undefined): HashName => {
    const hash = HASHES[oidOf(inside(algorithm, DER.sequence)[0])];
    return hash ?? fail('unsupported', 'RSA-OAEP with an unknown hash');
  };
  const [hash, mask, label] = [of(0xa0), of(0xa1), of(0xa2)];
  return {
    hash: hash === undefined ? 'sha1' : hashOf(inside(hash)[0]),
    mgf1Hash: mask === undefined ? 'sha1' : hashOf(inside(inside(mask)[0], DER.sequence)[1]),
    label: label === undefined ? NOTHING : contentOf(inside(inside(label)[0], DER.sequence)[1], DER.octetString),
  };
}

/** RFC 5753 3.1: KEK from ECC-CMS-SharedInfo; each encrypted key of the recipient is tried. */
function agreed(parts: readonly DerElement[], key: Buffer): Buffer {
  const originator = inside(inside(parts[1], 0xa0)[0], 0xa1);
  const point = contentOf(originator[1], DER.bitString).subarray(1);
  const optional = parts.find((part) => part.tag === 0xa1);
  const algorithm = parts.find((part, i) => i >= 2 && part.tag === DER.sequence);
  const [oid, wrap] = inside(algorithm, DER.sequence);
  const hash = AGREEMENTS[oidOf(oid)];
  const bytes = WRAPS[oidOf(inside(wrap, DER.sequence)[0])];
  const curve = POINTS.get(point.length);
  if (hash === undefined || bytes === undefined || curve === undefined)
    return fail('unsupported', 'a CMS recipient with an unknown key agreement');
  const secret = new KeyAgreement(curve).secret(key, point);
  const info = sharedInfo(wrap as DerElement, optional, bytes);
  const kek = hashKdf('x963-kdf', hash, { secret, info, length: bytes });
  const sealed = inside(parts.at(-1), DER.sequence).map((one) =>
    contentOf(inside(one, DER.sequence)[1], DER.octetString),
  );
  return firstOf(sealed.map((wrapped) => () => aesUnwrap('aes-kw', kek, wrapped)));
}

function firstOf(attempts: readonly (() => Buffer)[]): Buffer {
  let failure: unknown = new StepFailure('malformed', 'a CMS recipient without an encrypted key');
  for (const attempt of attempts.slice(0, 100)) {
    try {
      return attempt();
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error;
      failure = error;
    }
  }
  throw failure;
}

/** RFC 5753 7.2: key wrap algorithm, user keying material, bits of the KEK. */
function sharedInfo(wrap: DerElement, keyingMaterial: DerElement | undefined, bytes: number): Buffer {
  const bits = Buffer.alloc(4);
  bits.writeUInt32BE(bytes * 8);
  const material = keyingMaterial === undefined ? NOTHING : der(0xa0, keyingMaterial.content);
  return der(
    DER.sequence,
    Buffer.concat([der(wrap.tag, wrap.content), material, der(0xa2, der(DER.octetString, bits))]),
  );
}

function der(tag: number, content: Buffer): Buffer {
  if (content.length > 127) return fail('unsupported', 'a CMS recipient with long keying material');
  return Buffer.concat([Buffer.of(tag, content.length), content]);
}

/** RFC 3211: PBKDF2, then the CBC key wrap with a length and check bytes. */
function byPassword(parts: readonly DerElement[], password: Buffer): Buffer {
  const derivation = inside(parts[1], 0xa0);
  const [wrapOid, wrapParameters] = inside(parts[2], DER.sequence);
  if (oidOf(derivation[0]) !== PBKDF2 || oidOf(wrapOid) !== PWRI_KEK)
    return fail('unsupported', 'a CMS recipient with another password scheme');
  const [salt, iterations, ...more] = inside(derivation[1], DER.sequence);
  const prf = more.find((field) => field.tag === DER.sequence);
  const hash = prf === undefined ? 'sha1' : PBKDF2_HASHES[oidOf(inside(prf)[0])];
  const [cipher, iv] = inside(wrapParameters, DER.sequence);
  const length = AES_CBC[oidOf(cipher)];
  if (hash === undefined || length === undefined)
    return fail('unsupported', 'a CMS recipient with another password scheme');
  const terms = { salt: contentOf(salt, DER.octetString), iterations: integerOf(iterations), length };
  const sealed = contentOf(parts[3], DER.octetString);
  return pwriUnwrap(pbkdf2(hash, password, terms), contentOf(iv, DER.octetString), sealed);
}
