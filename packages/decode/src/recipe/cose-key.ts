import { type CborValue, encodeCbor } from '@custody/bytes';
import type { BinaryValue } from '../containers/binary-value.ts';
import { KeyAgreement } from './agree-key.ts';
import { type CoseHeader, type CoseLayer, layerOf } from './cose-layer.ts';
import { hkdf } from './derive-key.ts';
import type { CurveName, HashName } from './recipe.ts';
import { fail } from './step-failure.ts';
import { aesUnwrap } from './unwrap-key.ts';

/** What the layer above needs: a key of so many bits for that algorithm. */
interface Wanted {
  readonly key: Buffer;
  readonly bits: number;
  readonly algorithm: number;
}

/** RFC 9053 6: how a recipient's key leads to the content key. */
const DIRECT = -6;
const WRAPS: ReadonlyMap<number, number> = new Map([
  [-3, 128],
  [-4, 192],
  [-5, 256],
]);
const DIRECT_HKDF: ReadonlyMap<number, HashName> = new Map([
  [-10, 'sha256'],
  [-11, 'sha512'],
]);
const AGREED: ReadonlyMap<number, { readonly hash: HashName; readonly wrap: number | null }> = new Map([
  [-25, { hash: 'sha256', wrap: null }],
  [-26, { hash: 'sha512', wrap: null }],
  [-27, { hash: 'sha256', wrap: null }],
  [-28, { hash: 'sha512', wrap: null }],
  [-29, { hash: 'sha256', wrap: -3 }],
  [-30, { hash: 'sha256', wrap: -4 }],
  [-31, { hash: 'sha256', wrap: -5 }],
  [-32, { hash: 'sha256', wrap: -3 }],
  [-33, { hash: 'sha256', wrap: -4 }],
  [-34, { hash: 'sha256', wrap: -5 }],
]);
const CURVES: ReadonlyMap<BinaryValue, CurveName> = new Map<BinaryValue, CurveName>([
  [1, 'p-256'],
  [2, 'p-384'],
  [3, 'p-521'],
  [4, 'x25519'],
  [5, 'x448'],
]);
/** Header labels (RFC 9053 tables 8, 11, 14). */
const LABEL = {
  alg: 1,
  ephemeral: -1,
  static: -2,
  salt: -20,
  partyU: [-21, -22, -23],
  partyV: [-24, -25, -26],
} as const;
const NOTHING: Buffer = Buffer.alloc(0);

/** The content key, by the recipient's structure and the key supplied. Throws StepFailure. */
export function recipientKey(recipient: CoseLayer, wanted: Wanted): Buffer {
  const { header, ciphertext } = recipient;
  const algorithm = header.get(LABEL.alg) as number;
  const secret = rawOf(wanted.key);
  if (algorithm === DIRECT) return secret;
  const wrap = WRAPS.get(algorithm);
  if (wrap !== undefined) {
    const [inner] = recipient.recipients;
    const terms = { key: wanted.key, bits: wrap, algorithm };
    return unwrap(inner === undefined ? secret : recipientKey(layerOf(inner), terms), wrap, ciphertext);
  }
  const hash = DIRECT_HKDF.get(algorithm);
  if (hash !== undefined) return derive(recipient, { secret, hash, bits: wanted.bits, algorithm: wanted.algorithm });
  const agreed = AGREED.get(algorithm);
  if (agreed === undefined) return fail('unsupported', 'a COSE recipient with an unknown algorithm');
  const shared = agree(header, wanted.key);
  if (agreed.wrap === null)
    return derive(recipient, { secret: shared, hash: agreed.hash, bits: wanted.bits, algorithm: wanted.algorithm });
  const bits = WRAPS.get(agreed.wrap) as number;
  return unwrap(
    derive(recipient, { secret: shared, hash: agreed.hash, bits, algorithm: agreed.wrap }),
    bits,
    ciphertext,
  );
}

function unwrap(key: Buffer, bits: number, wrapped: Buffer): Buffer {
  if (key.length * 8 !== bits) return fail('malformed', `the key supplied has not the ${bits} bits of the key wrap`);
  return aesUnwrap('aes-kw', key, wrapped);
}

/** A symmetric key: raw bytes, or those of a JWK. */
export function rawOf(key: Buffer): Buffer {
  if (key[0] !== 0x7b) return key;
  try {
    const { k } = JSON.parse(key.toString('utf8')) as { k?: unknown };
    return typeof k === 'string' ? Buffer.from(k, 'base64url') : key;
  } catch {
    return key;
  }
}

/** RFC 9053 6.3: the sender's key stands in the header, fresh or static. A static key named by its id only is not there. */
function agree(header: CoseHeader, key: Buffer): Buffer {
  const sender = header.get(LABEL.ephemeral) ?? header.get(LABEL.static);
  if (!(sender instanceof Map)) return fail('unsupported', 'a COSE recipient whose sender key is not in the message');
  const curve = CURVES.get(sender.get(-1) as BinaryValue);
  const [x, y] = [sender.get(-2), sender.get(-3)];
  if (curve === undefined || !(x instanceof Uint8Array))
    return fail('malformed', 'the sender key of a COSE recipient is none');
  const agreement = new KeyAgreement(curve);
  if (curve === 'x25519' || curve === 'x448') return agreement.secret(key, Buffer.from(x));
  const point = y instanceof Uint8Array ? [Buffer.of(4), x, y] : [Buffer.of(y === true ? 3 : 2), x];
  return agreement.secret(key, Buffer.concat(point));
}

/** RFC 9053 5.2: COSE_KDF_Context. */
function derive(
  { protected: covered, header }: CoseLayer,
  { secret, hash, bits, algorithm }: { secret: Buffer; hash: HashName; bits: number; algorithm: number },
): Buffer {
  const party = (labels: readonly number[]): CborValue =>
    labels.map((label) => (header.get(label) ?? null) as CborValue);
  const context: CborValue = [algorithm, party(LABEL.partyU), party(LABEL.partyV), [bits, covered]];
  const salt = header.get(LABEL.salt);
  return hkdf(hash, secret, {
    salt: salt instanceof Uint8Array ? Buffer.from(salt) : NOTHING,
    info: Buffer.from(encodeCbor(context)),
    length: bits / 8,
  });
}
