import { createCipheriv, createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { concatBytes, hexDecode, u32be, utf8Encode } from '@custody/bytes';
import { cipherOf } from '../algorithms.ts';

/** Bytes as a test wants them: random, or drawn from a seed. */
export type Draw = (length: number) => Uint8Array;

/** The 2048-bit MODP group of RFC 3526 section 3, generator 2: ElGamal keys need no prime of their own. */
const PRIME = BigInt(
  '0xffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3be39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa051015728e5a8aacaa68ffffffffffffffff',
);
const ELGAMAL = 16;

export interface TestKey {
  readonly keyId: string;
  readonly fingerprint: string;
  readonly y: bigint;
  /** An armoured secret key, locked with the passphrase where one is given. */
  readonly armoured: string;
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, base];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % PRIME;
    square = (square * square) % PRIME;
  }
  return result;
}

const big = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);

function mpi(value: bigint): Uint8Array {
  const hex = value.toString(16);
  const bits = value.toString(2).length;
  return concatBytes([Uint8Array.of(bits >> 8, bits & 255), hexDecode(hex.length % 2 === 0 ? hex : `0${hex}`)]);
}

/** A packet with a new header and a length of four bytes. */
export function packet(tag: number, body: Uint8Array): Uint8Array {
  return concatBytes([Uint8Array.of(0xc0 | tag, 0xff), u32be(body.length), body]);
}

export function armour(kind: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN PGP ${kind}-----\n\n${lines.join('\n')}\n-----END PGP ${kind}-----\n`;
}

/** An ElGamal key of version 4 with one user id. */
export function makeKey(
  draw: Draw,
  { userId, passphrase, created = 1_400_000_000 }: { userId: string; passphrase?: string; created?: number },
): TestKey {
  const x = big(draw(28));
  const y = power(2n, x);
  const head = concatBytes([Uint8Array.of(4), u32be(created), Uint8Array.of(ELGAMAL), mpi(PRIME), mpi(2n), mpi(y)]);
  const fingerprint = createHash('sha1')
    .update(Uint8Array.of(0x99, head.length >> 8, head.length & 255))
    .update(head)
    .digest('hex');
  const secret = mpi(x);
  const sum = secret.reduce((total, byte) => (total + byte) & 0xffff, 0);
  const plain = concatBytes([Uint8Array.of(0), secret, Uint8Array.of(sum >> 8, sum & 255)]);
  const body = concatBytes([head, passphrase === undefined ? plain : locked(secret, passphrase, draw)]);
  const ring = concatBytes([packet(5, body), packet(13, utf8Encode(userId))]);
  return { keyId: fingerprint.slice(-16), fingerprint, y, armoured: armour('PRIVATE KEY BLOCK', ring) };
}

/** AES-256 under an iterated SHA-1 of the passphrase, SHA-1 behind the secret. */
function locked(secret: Uint8Array, passphrase: string, draw: Draw): Uint8Array {
  const [salt, iv] = [draw(8), draw(16)];
  const once = concatBytes([salt, utf8Encode(passphrase)]);
  const count = Math.max(1024, once.length);
  const data = Buffer.alloc(count, Buffer.from(once)).subarray(0, count);
  const first = createHash('sha1').update(data).digest();
  const second = createHash('sha1').update(Buffer.alloc(1)).update(data).digest();
  const key = Buffer.concat([first, second]).subarray(0, 32);
  const plain = concatBytes([secret, createHash('sha1').update(secret).digest()]);
  const sealed = createCipheriv('aes-256-cfb', key, iv).update(plain);
  return concatBytes([Uint8Array.of(254, 9, 3, 2), salt, Uint8Array.of(0), iv, sealed]);
}

export interface MessageOptions {
  readonly to: readonly TestKey[];
  /** Number of the cipher; AES-256. */
  readonly cipher?: number;
  /** False: the old packet without integrity protection. */
  readonly protect?: boolean;
  /** Recipients are not named. */
  readonly hidden?: boolean;
  readonly date?: number;
  readonly name?: string;
}

/** An encrypted message around one literal packet. */
export function encryptTo(content: Uint8Array, draw: Draw, options: MessageOptions): Uint8Array {
  const { to, cipher = 9, protect = true, hidden = false, date = 0, name = '' } = options;
  const key = draw(cipherOf(cipher).keyLength);
  const label = utf8Encode(name);
  const literal = packet(11, concatBytes([Uint8Array.of(0x62, label.length), label, u32be(date), content]));
  const inner = packet(8, concatBytes([Uint8Array.of(1), deflateRawSync(literal)]));
  const recipients = to.map((one) => packet(1, keyPacket(one, key, { cipher, draw, hidden })));
  return concatBytes([
    ...recipients,
    protect ? sealMdc(inner, key, cipher, draw) : sealOld(inner, key, { cipher, draw }),
  ]);
}

function keyPacket(
  to: TestKey,
  key: Uint8Array,
  { cipher, draw, hidden }: { cipher: number; draw: Draw; hidden: boolean },
): Uint8Array {
  const sum = key.reduce((total, byte) => (total + byte) & 0xffff, 0);
  const message = concatBytes([Uint8Array.of(cipher), key, Uint8Array.of(sum >> 8, sum & 255)]);
  const padding = draw(256 - 3 - message.length).map((byte) => (byte === 0 ? 1 : byte));
  const block = concatBytes([Uint8Array.of(0, 2), padding, Uint8Array.of(0), message]);
  const k = big(draw(28));
  const id = hidden ? new Uint8Array(8) : hexDecode(to.keyId);
  return concatBytes([
    Uint8Array.of(3),
    id,
    Uint8Array.of(ELGAMAL),
    mpi(power(2n, k)),
    mpi((power(to.y, k) * big(block)) % PRIME),
  ]);
}

function prefixOf(draw: Draw, block: number): Uint8Array {
  const start = draw(block);
  return concatBytes([start, start.subarray(-2)]);
}

function sealMdc(inner: Uint8Array, key: Uint8Array, cipher: number, draw: Draw): Uint8Array {
  const { block } = cipherOf(cipher);
  const covered = concatBytes([prefixOf(draw, block), inner, Uint8Array.of(0xd3, 0x14)]);
  const plain = concatBytes([covered, createHash('sha1').update(covered).digest()]);
  return packet(18, concatBytes([Uint8Array.of(1), cfbEncrypt(cipher, key, new Uint8Array(block), plain)]));
}

function sealOld(inner: Uint8Array, key: Uint8Array, { cipher, draw }: { cipher: number; draw: Draw }): Uint8Array {
  const { block } = cipherOf(cipher);
  const head = cfbEncrypt(cipher, key, new Uint8Array(block), prefixOf(draw, block));
  return packet(9, concatBytes([head, cfbEncrypt(cipher, key, head.subarray(2, block + 2), inner)]));
}

function cfbEncrypt(cipher: number, key: Uint8Array, iv: Uint8Array, plain: Uint8Array): Uint8Array {
  const { node, own, block } = cipherOf(cipher);
  if (own === undefined) return createCipheriv(`${node}-cfb`, key, iv).update(plain);
  const encrypt = own(key);
  const out = new Uint8Array(plain.length);
  const register = Uint8Array.from(iv);
  for (let at = 0; at < plain.length; at += block) {
    encrypt(register, register);
    for (let i = 0; i < Math.min(block, plain.length - at); i++) {
      out[at + i] = (plain[at + i] as number) ^ (register[i] as number);
      register[i] = out[at + i] as number;
    }
  }
  return out;
}
