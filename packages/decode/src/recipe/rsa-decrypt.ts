import { constants, createHash, createPrivateKey, type KeyObject, privateDecrypt } from 'node:crypto';
import type { HashName } from './recipe.ts';
import { fail } from './step-failure.ts';

/** Smaller moduli are broken and larger ones take seconds a record: both would be somebody's joke. */
const MODULUS_BITS = { least: 1024, most: 16_384 };

/** An RSA private key in PEM, PKCS#8 or PKCS#1 DER, or JWK. */
export function rsaPrivateKey(bytes: Buffer): KeyObject {
  let key: KeyObject | null = null;
  for (const input of keyInputs(bytes)) {
    try {
      key ??= createPrivateKey(input());
    } catch {}
  }
  if (key?.asymmetricKeyType !== 'rsa') fail('malformed', 'the key supplied is no RSA private key');
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < MODULUS_BITS.least || bits > MODULUS_BITS.most) fail('unsupported', `an RSA key of ${bits} bits`);
  return key;
}

/** What is to be tried: to make one may fail as well, a key file is anybody's text. */
function keyInputs(bytes: Buffer): (() => Parameters<typeof createPrivateKey>[0])[] {
  if (bytes[0] === 0x7b) return [() => ({ key: JSON.parse(bytes.toString('utf8')), format: 'jwk' })];
  if (bytes[0] === 0x2d) return [() => bytes];
  return [() => ({ key: bytes, format: 'der', type: 'pkcs8' }), () => ({ key: bytes, format: 'der', type: 'pkcs1' })];
}

/**
 * RSAES-OAEP (RFC 8017 7.1.2), the hash of MGF1 on its own, which node:crypto cannot say. Errors need not be alike here:
 * the lab holds the key, nobody asks it questions from outside.
 */
export function rsaOaep(
  key: KeyObject,
  sealed: Buffer,
  more: { hash: HashName; mgf1Hash: HashName; label: Buffer },
): Buffer {
  const block = raw(key, sealed);
  const labelHash = createHash(more.hash).update(more.label).digest();
  const size = labelHash.length;
  if (block.length < 2 * size + 2 || block[0] !== 0) wrong();
  const masked = block.subarray(1 + size);
  const seed = xor(block.subarray(1, 1 + size), mgf1(more.mgf1Hash, masked, size));
  const data = xor(masked, mgf1(more.mgf1Hash, seed, masked.length));
  if (!data.subarray(0, size).equals(labelHash)) wrong();
  const one = data.findIndex((byte, i) => i >= size && byte !== 0);
  if (one < 0 || data[one] !== 1) wrong();
  return data.subarray(one + 1);
}

/** RSAES-PKCS1-v1_5 (RFC 8017 7.2.2). */
export function rsaPkcs1(key: KeyObject, sealed: Buffer): Buffer {
  const block = raw(key, sealed);
  const zero = block.indexOf(0, 2);
  if (block[0] !== 0 || block[1] !== 2 || zero < 10) wrong();
  return block.subarray(zero + 1);
}

function raw(key: KeyObject, sealed: Buffer): Buffer {
  const bytes = ((key.asymmetricKeyDetails?.modulusLength ?? 0) + 7) >> 3;
  if (sealed.length !== bytes) fail('malformed', 'the wrapped key is not as long as the RSA modulus');
  try {
    return privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, sealed);
  } catch {
    return wrong();
  }
}

function wrong(): never {
  fail('failed', 'the RSA padding is wrong: the record was altered or damaged, or the key is not its key');
}

function mgf1(hash: HashName, seed: Buffer, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let i = 0, made = 0; made < length; i++) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(i);
    const block = createHash(hash).update(seed).update(counter).digest();
    blocks.push(block);
    made += block.length;
  }
  return Buffer.concat(blocks).subarray(0, length);
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, i) => byte ^ (b[i] as number)));
}
