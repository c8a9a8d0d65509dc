import { createDecipheriv } from 'node:crypto';
import { x25519 } from '@noble/curves/ed25519.js';
import { KeyAgreement } from './agree-key.ts';
import { hkdf, scrypt } from './derive-key.ts';
import { fail, StepFailure } from './step-failure.ts';

/** A recipient stanza: type and arguments, and the wrapped file key. */
export interface AgeStanza {
  readonly args: readonly string[];
  readonly body: Buffer;
}

const FILE_KEY = 16;
const TAG = 16;
const SALT = 16;
/** A work factor that a stranger wrote: 2^20 takes 1 GiB. */
const MOST_WORK = 20;
const IDENTITY = /^AGE-SECRET-KEY-1([QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58})$/m;
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

const agreement = new KeyAgreement('x25519');

/** The file key by the first stanza that the key supplied opens: an identity (AGE-SECRET-KEY-1…), else a passphrase. */
export function ageFileKey(stanzas: readonly AgeStanza[], key: Buffer): Buffer {
  const isScrypt = stanzas.some(({ args }) => args[0] === 'scrypt');
  if (isScrypt && stanzas.length > 1) return fail('malformed', 'a passphrase stands alone in an age file');
  const identity = IDENTITY.exec(key.toString('latin1'));
  const scalar = identity === null ? null : fromBech32((identity[1] as string).toLowerCase());
  for (const stanza of stanzas) check(stanza);
  let failure: StepFailure | null = null;
  for (const stanza of stanzas) {
    try {
      if (stanza.args[0] === 'X25519' && scalar !== null) return byIdentity(stanza, scalar);
      if (stanza.args[0] === 'scrypt' && scalar === null) return byPassphrase(stanza, key);
    } catch (error) {
      if (!(error instanceof StepFailure) || error.refusal !== 'failed') throw error;
      failure = error;
    }
  }
  throw failure ?? new StepFailure('key-missing', 'the age file is for another kind of key than the one supplied');
}

/** What a stanza of a known type must look like, whosever it is. */
function check({ args, body }: AgeStanza): void {
  const [type, ...rest] = args;
  if (type !== 'X25519' && type !== 'scrypt') return;
  const isWhole = type === 'X25519' ? rest.length === 1 : rest.length === 2 && /^[1-9]\d*$/.test(rest[1] as string);
  if (!isWhole || body.length !== FILE_KEY + TAG)
    fail('malformed', `an age stanza of the type ${type} is not as it must be`);
  if (argument(rest[0] as string).length !== (type === 'X25519' ? 32 : SALT))
    fail('malformed', 'an age stanza has an argument of a wrong length');
}

function argument(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  const isCanonical = bytes.toString('base64').replace(/=+$/, '') === text;
  return isCanonical ? bytes : fail('malformed', 'an argument of an age stanza is not base64');
}

function byIdentity({ args, body }: AgeStanza, scalar: Buffer): Buffer {
  const ephemeral = argument(args[1] as string);
  const salt = Buffer.concat([ephemeral, x25519.getPublicKey(scalar)]);
  const secret = agreement.secret(scalar, ephemeral);
  return unwrap(hkdf('sha256', secret, { salt, info: Buffer.from('age-encryption.org/v1/X25519'), length: 32 }), body);
}

function byPassphrase({ args, body }: AgeStanza, passphrase: Buffer): Buffer {
  const work = Number(args[2]);
  if (work > MOST_WORK) return fail('too-long', `the age file asks for scrypt with 2^${args[2]?.slice(0, 10)}`);
  const salt = Buffer.concat([Buffer.from('age-encryption.org/v1/scrypt'), argument(args[1] as string)]);
  return unwrap(scrypt(passphrase, salt, { cost: 2 ** work, blockSize: 8, parallel: 1, length: 32 }), body);
}

function unwrap(key: Buffer, body: Buffer): Buffer {
  const decipher = createDecipheriv('chacha20-poly1305', key, Buffer.alloc(12), { authTagLength: TAG });
  decipher.setAuthTag(body.subarray(FILE_KEY));
  const fileKey = decipher.update(body.subarray(0, FILE_KEY));
  try {
    decipher.final();
    return fileKey;
  } catch {
    return fail('failed', 'the age file is for another key, or its header was altered');
  }
}

/** BIP 173: 52 characters of data, 6 of checksum. */
function fromBech32(text: string): Buffer {
  const values = [...text].map((character) => BECH32.indexOf(character));
  const prefix = 'age-secret-key-';
  const expanded = [...prefix]
    .map((c) => c.charCodeAt(0) >> 5)
    .concat(
      0,
      [...prefix].map((c) => c.charCodeAt(0) & 31),
    );
  if (checksum([...expanded, ...values]) !== 1)
    return fail('malformed', 'the age identity supplied has a wrong checksum');
  let bits = 0n;
  for (const value of values.slice(0, -6)) bits = (bits << 5n) | BigInt(value);
  return Buffer.from((bits >> 4n).toString(16).padStart(64, '0'), 'hex');
}

function checksum(values: readonly number[]): number {
  const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (let i = 0; i < 5; i++) if ((top >>> i) & 1) sum ^= generator[i] as number;
  }
  return sum >>> 0;
}
