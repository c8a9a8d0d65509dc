import { argon2Sync, createHash, createHmac, pbkdf2Sync, scryptSync } from 'node:crypto';
import type { HashName } from './recipe.ts';
import { fail } from './step-failure.ts';

/** Bytes of a derived key; nobody derives more, and a stranger may have written the number. */
export const LONGEST_KEY: number = 64 * 1024;
/** Limits on what one record may cost; a field of the record may give the iterations. */
const MOST_ITERATIONS = 10_000_000;
const MOST_MEMORY: number = 1024 * 1024 * 1024;

const HASH_BYTES: Readonly<Record<HashName, number>> = { sha1: 20, sha224: 28, sha256: 32, sha384: 48, sha512: 64 };

/** HKDF (RFC 5869): extract, then expand. */
export function hkdf(hash: HashName, secret: Buffer, more: { salt: Buffer; info: Buffer; length: number }): Buffer {
  const { salt, info, length } = more;
  if (length > 255 * HASH_BYTES[hash]) fail('malformed', `HKDF gives no ${length} bytes`);
  const extracted = createHmac(hash, salt.length === 0 ? Buffer.alloc(HASH_BYTES[hash]) : salt)
    .update(secret)
    .digest();
  const blocks: Buffer[] = [];
  let last: Buffer = Buffer.alloc(0);
  for (let i = 1; blocks.length * HASH_BYTES[hash] < length; i++) {
    last = createHmac(hash, extracted).update(last).update(info).update(Buffer.of(i)).digest();
    blocks.push(last);
  }
  return Buffer.concat(blocks).subarray(0, length);
}

/** NIST SP 800-56C 4.1 (counter first) and ANSI X9.63 / SEC 1 3.6.1 (secret first). */
export function hashKdf(
  order: 'concat-kdf' | 'x963-kdf',
  hash: HashName,
  input: { secret: Buffer; info: Buffer; length: number },
): Buffer {
  const blocks: Buffer[] = [];
  for (let i = 1; blocks.length * HASH_BYTES[hash] < input.length; i++) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(i);
    const first = order === 'concat-kdf' ? [counter, input.secret] : [input.secret, counter];
    blocks.push(createHash(hash).update(first[0]!).update(first[1]!).update(input.info).digest());
  }
  return Buffer.concat(blocks).subarray(0, input.length);
}

export function pbkdf2(
  hash: HashName,
  password: Buffer,
  more: { salt: Buffer; iterations: number; length: number },
): Buffer {
  const { salt, iterations, length } = more;
  if (iterations < 1 || iterations > MOST_ITERATIONS) fail('too-long', `PBKDF2 with ${iterations} iterations`);
  return pbkdf2Sync(password, salt, iterations, length, hash);
}

export function scrypt(
  password: Buffer,
  salt: Buffer,
  more: { cost: number; blockSize: number; parallel: number; length: number },
): Buffer {
  const { cost, blockSize, parallel, length } = more;
  // RFC 7914 2: 128·N·r bytes, and 128·r·p besides.
  const memory = 128 * blockSize * (cost + parallel + 2);
  if (memory > MOST_MEMORY) fail('too-long', `scrypt would need ${memory} bytes of memory`);
  return scryptSync(password, salt, length, { N: cost, r: blockSize, p: parallel, maxmem: memory * 2 });
}

export function argon2id(
  password: Buffer,
  salt: Buffer,
  more: { passes: number; memoryKiB: number; parallel: number; length: number },
): Buffer {
  const { passes, memoryKiB, parallel, length } = more;
  if (memoryKiB * 1024 > MOST_MEMORY) fail('too-long', `Argon2id would need ${memoryKiB} KiB of memory`);
  if (salt.length < 8) fail('malformed', 'an Argon2 salt of less than 8 bytes');
  if (length < 4) fail('malformed', 'Argon2 gives at least 4 bytes');
  return argon2Sync('argon2id', {
    message: password,
    nonce: salt,
    parallelism: parallel,
    tagLength: length,
    memory: memoryKiB,
    passes,
  });
}
