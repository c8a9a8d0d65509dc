import {
  createCipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  type KeyObject,
  pbkdf2Sync,
  sign,
} from 'node:crypto';

/** Key material of invented people, made without any code of the decoder. */

const b64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '');
const hmac = (key: Uint8Array, ...parts: Uint8Array[]): Buffer => {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
};
/** Bytes that are always the same for the same name. */
export const seeded = (name: string, length: number): Buffer =>
  Buffer.concat([0, 1, 2, 3, 4].map((i) => createHash('sha256').update(`${name} ${i}`).digest())).subarray(0, length);

function privateKey(seed: Uint8Array, algorithm: '70' | '6e'): KeyObject {
  const head = Buffer.from(`302e020100300506032b65${algorithm}04220420`, 'hex');
  return createPrivateKey({ key: Buffer.concat([head, seed]), format: 'der', type: 'pkcs8' });
}
const publicBytes = (key: KeyObject): Buffer =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);

/** A server's or device's signing key. */
export class Signer {
  readonly #key: KeyObject;
  constructor(name: string) {
    this.#key = privateKey(seeded(name, 32), '70');
  }
  get publicKey(): Buffer {
    return publicBytes(this.#key);
  }
  sign(data: Uint8Array): string {
    return b64(sign(null, data, this.#key));
  }
}

/** The sending side of a Megolm session: a ratchet that goes one step at a time. */
export class OutboundSession {
  readonly #key: KeyObject;
  #parts: Buffer[];
  index = 0;

  constructor(name: string) {
    this.#key = privateKey(seeded(`${name} ed25519`, 32), '70');
    this.#parts = [0, 1, 2, 3].map((i) => seeded(`${name} R${i}`, 32));
  }

  get id(): string {
    return b64(publicBytes(this.#key));
  }

  /** `session_key` as exported, at the present index. */
  get exported(): string {
    const index = Buffer.alloc(4);
    index.writeUInt32BE(this.index);
    return b64(Buffer.concat([Buffer.of(1), index, ...this.#parts, publicBytes(this.#key)]));
  }

  skip(): void {
    this.index++;
    const slowest = this.index % 2 ** 24 === 0 ? 0 : this.index % 2 ** 16 === 0 ? 1 : this.index % 2 ** 8 === 0 ? 2 : 3;
    const from = this.#parts[slowest] as Buffer;
    for (let part = slowest; part < 4; part++) this.#parts[part] = hmac(from, Buffer.of(part));
  }

  encrypt(plaintext: string): string {
    const keys = Buffer.from(hkdfSync('sha256', Buffer.concat(this.#parts), Buffer.alloc(32), 'MEGOLM_KEYS', 80));
    const cipher = createCipheriv('aes-256-cbc', keys.subarray(0, 32), keys.subarray(64));
    const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    const payload = Buffer.concat([
      Buffer.of(3, 0x08),
      varint(this.index),
      Buffer.of(0x12),
      varint(ciphertext.length),
      ciphertext,
    ]);
    const signed = Buffer.concat([payload, hmac(keys.subarray(32, 64), payload).subarray(0, 8)]);
    this.skip();
    return b64(Buffer.concat([signed, sign(null, signed, this.#key)]));
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

/** An exported key file. */
export function writeKeyExport(sessions: readonly object[], passphrase: string, rounds = 1000): string {
  const head = Buffer.concat([
    Buffer.of(1),
    seeded('salt', 16),
    seeded('iv', 8),
    Buffer.alloc(8),
    Buffer.from([0, 0, rounds >> 8, rounds & 255]),
  ]);
  const keys = pbkdf2Sync(passphrase, head.subarray(1, 17), rounds, 64, 'sha512');
  const cipher = createCipheriv('aes-256-ctr', keys.subarray(0, 32), head.subarray(17, 33));
  const body = Buffer.concat([head, cipher.update(JSON.stringify(sessions))]);
  const text = Buffer.concat([body, hmac(keys.subarray(32), body)]).toString('base64');
  return `-----BEGIN MEGOLM SESSION DATA-----\n${text.replace(/.{96}/g, '$&\n')}\n-----END MEGOLM SESSION DATA-----\n`;
}

/** A backup and the secret storage that keeps its key, for one passphrase. */
export class BackupWriter {
  readonly secret: Buffer;
  readonly #storageKey: Buffer;
  readonly #salt = 'pinchofsalt';
  static readonly rounds = 1000;

  constructor(name: string, passphrase: string) {
    this.secret = seeded(`${name} backup`, 32);
    this.#storageKey = pbkdf2Sync(passphrase, this.#salt, BackupWriter.rounds, 32, 'sha512');
  }

  get publicKey(): string {
    return b64(publicBytes(privateKey(this.secret, '6e')));
  }

  /** The storage key as people write it down. */
  get recoveryKey(): string {
    const bytes = Buffer.concat([Buffer.of(0x8b, 1), this.#storageKey]);
    const parity = bytes.reduce((sum, byte) => sum ^ byte, 0);
    let value = BigInt(`0x${Buffer.concat([bytes, Buffer.of(parity)]).toString('hex')}`);
    let text = '';
    for (; value > 0n; value /= 58n)
      text = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'[Number(value % 58n)] + text;
    return text.replace(/.{4}/g, '$& ').trim();
  }

  /** Contents of account data by type. */
  accountData(): Record<string, object> {
    const check = this.#seal('', Buffer.alloc(32), seeded('check iv', 16));
    const sealed = this.#seal('m.megolm_backup.v1', Buffer.from(b64(this.secret)), seeded('secret iv', 16));
    const passphrase = { algorithm: 'm.pbkdf2', iterations: BackupWriter.rounds, salt: this.#salt };
    return {
      'm.secret_storage.default_key': { key: 'one' },
      'm.secret_storage.key.one': {
        algorithm: 'm.secret_storage.v1.aes-hmac-sha2',
        iv: check.iv,
        mac: check.mac,
        passphrase,
      },
      'm.megolm_backup.v1': { encrypted: { one: sealed } },
    };
  }

  /** `session_data` of one session; the MAC covers nothing, as in the world. */
  seal(session: object, name: string): object {
    const ephemeral = privateKey(seeded(`ephemeral ${name}`, 32), '6e');
    const shared = diffieHellman({ privateKey: ephemeral, publicKey: createPublicKey(privateKey(this.secret, '6e')) });
    const keys = Buffer.from(hkdfSync('sha256', shared, Buffer.alloc(32), '', 80));
    const cipher = createCipheriv('aes-256-cbc', keys.subarray(0, 32), keys.subarray(64));
    const ciphertext = Buffer.concat([cipher.update(JSON.stringify(session)), cipher.final()]);
    return {
      ciphertext: b64(ciphertext),
      ephemeral: b64(publicBytes(ephemeral)),
      mac: b64(hmac(keys.subarray(32, 64)).subarray(0, 8)),
    };
  }

  #seal(name: string, plain: Buffer, iv: Buffer): { iv: string; ciphertext: string; mac: string } {
    const keys = Buffer.from(hkdfSync('sha256', this.#storageKey, Buffer.alloc(32), name, 64));
    const ciphertext = createCipheriv('aes-256-ctr', keys.subarray(0, 32), iv).update(plain);
    return { iv: b64(iv), ciphertext: b64(ciphertext), mac: b64(hmac(keys.subarray(32), ciphertext)) };
  }
}

/** An encrypted file and the object that an event names it with. */
export function sealFile(content: Buffer, mxc: string): { readonly ciphertext: Buffer; readonly file: object } {
  const [key, iv] = [seeded('file key', 32), Buffer.concat([seeded('file iv', 8), Buffer.alloc(8)])];
  const ciphertext = createCipheriv('aes-256-ctr', key, iv).update(content);
  const k = key.toString('base64url');
  const hashes = { sha256: b64(createHash('sha256').update(ciphertext).digest()) };
  return {
    ciphertext,
    file: {
      v: 'v2',
      url: mxc,
      key: { kty: 'oct', alg: 'A256CTR', ext: true, k, key_ops: ['encrypt', 'decrypt'] },
      iv: b64(iv),
      hashes,
    },
  };
}
