import { createHash, createHmac } from 'node:crypto';
import { KeyAgreement } from './agree-key.ts';
import { argon2id, hashKdf, hkdf, LONGEST_KEY, pbkdf2, scrypt } from './derive-key.ts';
import { compileBytes, compileNumber, type Evaluate, type Frame, type Names } from './expression.ts';
import { inflate } from './inflate.ts';
import { isAuthenticating, openCipher } from './open-cipher.ts';
import { openStandard } from './open-standard.ts';
import type { BytesOf, HashName, KeyStep, Step } from './recipe.ts';
import { rsaOaep, rsaPkcs1, rsaPrivateKey } from './rsa-decrypt.ts';
import { slowCacheOf } from './slow-cache.ts';
import { aesUnwrap } from './unwrap-key.ts';

type Of<D extends Step['do']> = Step extends infer S
  ? S extends { do: infer E }
    ? E extends D
      ? S
      : never
    : never
  : never;
/** Steps that make a value from bytes alone; keys, MACs and ciphers are the runner's. */
export type MakingStep = Exclude<Step, KeyStep | Of<'verify-mac'> | Of<'decrypt'> | Of<'open'>>;

const NOTHING: Buffer = Buffer.alloc(0);

/** The function that makes a step's value for a record. */
export function compileStep(step: MakingStep, names: Names): Evaluate {
  const of = (bytes: BytesOf | undefined): Evaluate =>
    bytes === undefined ? () => NOTHING : compileBytes(bytes, names);
  switch (step.do) {
    case 'take':
      return of(step.from);
    case 'hash': {
      const over = of(step.over);
      return (frame) => createHash(step.hash).update(over(frame)).digest();
    }
    case 'hmac': {
      const [key, over] = [of(step.key), of(step.over)];
      return (frame) => createHmac(step.hash, key(frame)).update(over(frame)).digest();
    }
    case 'agree': {
      const agreement = new KeyAgreement(step.curve);
      const [own, other] = [of(step.private), of(step.public)];
      return (frame) => agreement.secret(own(frame), other(frame));
    }
    case 'unwrap':
      return unwrap(step, of);
    case 'decompress': {
      const from = of(step.from);
      return (frame) => inflate(step.compression, from(frame));
    }
    default:
      return derive(step, names, of);
  }
}

type Compile = (bytes: BytesOf | undefined) => Evaluate;

function unwrap(step: Of<'unwrap'>, of: Compile): Evaluate {
  const [key, wrapped, label] = [of(step.key), of(step.wrapped), of(step.label)];
  const { wrap } = step;
  if (wrap === 'aes-kw' || wrap === 'aes-kwp') return (frame) => aesUnwrap(wrap, key(frame), wrapped(frame));
  const keys = new Map<string, ReturnType<typeof rsaPrivateKey>>();
  const rsa = (frame: Frame) => {
    const bytes = key(frame);
    const name = bytes.toString('latin1');
    const known = keys.get(name) ?? rsaPrivateKey(bytes);
    keys.set(name, known);
    return known;
  };
  if (wrap === 'rsa-pkcs1') return (frame) => rsaPkcs1(rsa(frame), wrapped(frame));
  const hash: HashName = step.hash ?? 'sha1';
  const mgf1Hash = step.mgf1Hash ?? hash;
  return (frame) => rsaOaep(rsa(frame), wrapped(frame), { hash, mgf1Hash, label: label(frame) });
}

function isHashKdf(step: DerivingStep): step is Of<'concat-kdf' | 'x963-kdf'> {
  return step.do === 'concat-kdf' || step.do === 'x963-kdf';
}

type DerivingStep = Of<'hkdf' | 'pbkdf2' | 'scrypt' | 'argon2id' | 'concat-kdf' | 'x963-kdf'>;

function derive(step: DerivingStep, names: Names, of: Compile): Evaluate {
  const lengthOf = compileNumber(step.length, names, LONGEST_KEY);
  if (step.do === 'hkdf') {
    const [secret, salt, info] = [of(step.secret), of(step.salt), of(step.info)];
    return (frame) => hkdf(step.hash, secret(frame), { salt: salt(frame), info: info(frame), length: lengthOf(frame) });
  }
  if (isHashKdf(step)) {
    const [secret, info] = [of(step.secret), of(step.info)];
    return (frame) =>
      hashKdf(step.do, step.hash, { secret: secret(frame), info: info(frame), length: lengthOf(frame) });
  }
  const [password, salt] = [of(step.password), of(step.salt)];
  const cache = slowCacheOf(step);
  const iterationsOf = step.do === 'pbkdf2' ? compileNumber(step.iterations, names, Number.MAX_SAFE_INTEGER) : () => 0;
  return (frame) => {
    const [secret, salted, length, iterations] = [password(frame), salt(frame), lengthOf(frame), iterationsOf(frame)];
    return cache.get([secret, salted, Buffer.from(`${length} ${iterations}`)], () => {
      if (step.do === 'pbkdf2') return pbkdf2(step.hash, secret, { salt: salted, iterations, length });
      if (step.do === 'scrypt') return scrypt(secret, salted, { ...step, length });
      return argon2id(secret, salted, { ...step, length });
    });
  };
}

/** The plaintext of a `decrypt` step, and the sealed bytes and IV that a MAC must cover. */
export interface Decrypted {
  /** A tag of its own was found right. */
  readonly authenticated: boolean;
  readonly text: Buffer;
  readonly ciphertext: Buffer;
  readonly iv: Buffer | null;
}

export function compileDecrypt(step: Of<'decrypt'>, names: Names): (frame: Frame) => Decrypted {
  const of = (bytes: BytesOf | undefined) => (bytes === undefined ? null : compileBytes(bytes, names));
  const [key, ciphertext] = [compileBytes(step.key, names), compileBytes(step.ciphertext, names)];
  const [iv, tag, aad, other] = [of(step.iv), of(step.tag), of(step.aad), of(step.public)];
  const padding = step.padding ?? 'pkcs7';
  const authenticated = isAuthenticating(step.cipher, step.tag !== undefined);
  return (frame) => {
    const sealed = {
      key: key(frame),
      iv: iv?.(frame) ?? null,
      ciphertext: ciphertext(frame),
      tag: tag?.(frame) ?? null,
      aad: aad?.(frame) ?? null,
      padding,
      public: other?.(frame) ?? null,
    };
    return { text: openCipher(step.cipher, sealed), ciphertext: sealed.ciphertext, iv: sealed.iv, authenticated };
  };
}

export function compileOpen(step: Of<'open'>, names: Names): (frame: Frame) => Decrypted {
  const [from, key] = [compileBytes(step.from, names), compileBytes(step.key, names)];
  const of = (bytes: BytesOf | undefined) => (bytes === undefined ? null : compileBytes(bytes, names));
  const [aad, password] = [of(step.aad), of(step.password)];
  return (frame) => {
    const sealed = from(frame);
    const more = { aad: aad?.(frame) ?? null, password: password?.(frame) ?? null };
    const opened = openStandard(step.standard, sealed, { key: key(frame), ...more });
    return { ...opened, ciphertext: sealed, iv: null };
  };
}
