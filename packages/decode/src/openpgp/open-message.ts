import { createHash, timingSafeEqual } from 'node:crypto';
import { inflateRawSync, inflateSync } from 'node:zlib';
import { aeadName, chunksOfGnupg, chunksOfVersion2, openChunks } from './aead.ts';
import { cipherOf, decryptCfb, PUBLIC_KEY_NAMES } from './algorithms.ts';
import { bunzip2 } from './bzip2.ts';
import type { Keyring, RingKey } from './keyring.ts';
import { Octets, PgpMalformed, PgpUnsupported } from './octets.ts';
import { type Packet, readPackets } from './packets.ts';
import type { PublicKey } from './public-key.ts';
import { type KeyPacket, openKeyPacket, openPassphrasePacket, readKeyPacket, type SessionKey } from './session-key.ts';
import { type SignatureNote, SignatureNotes } from './signature.ts';

/** The text or file inside a message, with what its sender wrote beside it. */
export interface Literal {
  readonly format: string;
  readonly name: Uint8Array;
  /** Seconds since 1970 as the sender states them; 0: not stated. */
  readonly date: number;
  readonly data: Uint8Array;
}

/** What became of a message. */
export interface OpenedMessage {
  /** clear: it was not encrypted. */
  readonly outcome:
    | 'authenticated'
    | 'not-authenticated'
    | 'failed'
    | 'key-missing'
    | 'unsupported'
    | 'malformed'
    | 'limit'
    | 'clear';
  /** In words, where the outcome is none of the good ones. */
  readonly why: string;
  readonly literal: Literal | null;
  readonly cipher: string | null;
  /** What protects the content against change. */
  readonly integrity: 'none' | 'MDC' | 'AEAD' | null;
  /** Fingerprint of the key that opened it, or `passphrase`. */
  readonly openedBy: string | null;
  /** Whom it is encrypted to: key ids with the algorithm. */
  readonly recipients: readonly string[];
  readonly signatures: readonly SignatureNote[];
  readonly compressed: boolean;
  /** What today's rules refuse or discourage; opened all the same. */
  readonly flags: readonly string[];
}

/** Layers of encryption and compression: RFC 9580 names no limit, and a packet can hold itself. */
const MOST_LAYERS = 16;
const MOST_CONTENT = 256 * 1024 * 1024;
const MOST_KEY_PACKETS = 4096;
/** Object identifier of the curve, as in the key. */
const CURVE25519_LEGACY = '2b060104019755010501';

class TooMuch extends Error {}

interface Found {
  cipher: string | null;
  integrity: OpenedMessage['integrity'];
  openedBy: string | null;
  encrypted: boolean;
  compressed: boolean;
  recipients: string[];
  flags: string[];
  signatures: SignatureNotes;
}

class Closed extends Error {
  readonly outcome: 'failed' | 'key-missing';

  constructor(outcome: 'failed' | 'key-missing', why: string) {
    super(why);
    this.outcome = outcome;
  }
}

/** Opens a message with a keyring. What policy would refuse is opened and named; nothing unauthenticated is called so. */
export function openMessage(bytes: Uint8Array, ring: Keyring): OpenedMessage {
  const found: Found = {
    ...{
      cipher: null,
      integrity: null,
      openedBy: null,
      encrypted: false,
      compressed: false,
      recipients: [],
      flags: [],
    },
    signatures: new SignatureNotes(ring),
  };
  const end = (outcome: OpenedMessage['outcome'], why: string, literal: Literal | null): OpenedMessage => {
    const { cipher, integrity, openedBy, recipients, compressed, flags } = found;
    const signatures = literal === null ? [] : found.signatures.judge(literal.data);
    return { outcome, why, literal, cipher, integrity, openedBy, recipients, compressed, signatures, flags };
  };
  try {
    const literal = readLayer(bytes, { ring, found, layers: 0 });
    if (literal === null) return end('malformed', 'there is no content in it', null);
    if (!found.encrypted) return end('clear', '', literal);
    const isSafe = found.integrity !== 'none';
    return end(
      isSafe ? 'authenticated' : 'not-authenticated',
      isSafe ? '' : 'the message carries no integrity protection',
      literal,
    );
  } catch (error) {
    if (error instanceof Closed) return end(error.outcome, error.message, null);
    if (error instanceof PgpMalformed)
      return end(found.encrypted && found.integrity === 'none' ? 'failed' : 'malformed', error.message, null);
    if (error instanceof PgpUnsupported) return end('unsupported', error.message, null);
    if (error instanceof TooMuch) return end('limit', error.message, null);
    throw error;
  }
}

interface Layer {
  readonly ring: Keyring;
  readonly found: Found;
  readonly layers: number;
}

function readLayer(bytes: Uint8Array, layer: Layer): Literal | null {
  if (layer.layers > MOST_LAYERS) throw new TooMuch(`more than ${MOST_LAYERS} layers of packets in packets`);
  const keyPackets: Packet[] = [];
  let literal: Literal | null = null;
  for (const packet of readPackets(bytes)) {
    const { tag, body } = packet;
    if (packet.cut && tag !== 18 && tag !== 9 && tag !== 20) throw new PgpMalformed('it ends inside a packet');
    if (tag === 1 || tag === 3) {
      if (keyPackets.push(packet) > MOST_KEY_PACKETS) throw new TooMuch(`more than ${MOST_KEY_PACKETS} recipients`);
    } else if (tag === 9 || tag === 18 || tag === 20)
      literal ??= readLayer(decrypt(packet, keyPackets, layer), { ...layer, layers: layer.layers + 1 });
    else if (tag === 8) literal ??= readLayer(inflate(body, layer.found), { ...layer, layers: layer.layers + 1 });
    else if (tag === 4) layer.found.signatures.onePass(body);
    else if (tag === 2) layer.found.signatures.add(body);
    else if (tag === 11) literal ??= readLiteral(body);
    // Critical packets that this grammar does not know must not be passed over (RFC 9580 section 4.3).
    else if (tag === 0) throw new PgpMalformed('a packet of the forbidden type 0');
  }
  return literal;
}

function readLiteral(body: Uint8Array): Literal {
  const from = new Octets(body);
  const format = String.fromCharCode(from.byte());
  const name = from.take(from.byte());
  return { format, name, date: from.u32(), data: from.rest() };
}

function inflate(body: Uint8Array, found: Found): Uint8Array {
  const [algorithm] = body;
  const data = body.subarray(1);
  found.compressed = true;
  if (algorithm === 0) return data;
  try {
    if (algorithm === 1) return inflateRawSync(data, { maxOutputLength: MOST_CONTENT });
    if (algorithm === 2) return inflateSync(data, { maxOutputLength: MOST_CONTENT });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new TooMuch(`more than ${MOST_CONTENT} bytes of content`);
    throw new PgpMalformed('the compressed content is damaged');
  }
  if (algorithm !== 3) throw new PgpUnsupported(`compression ${algorithm}`);
  const content = bunzip2(data, MOST_CONTENT);
  if (content === null) throw new TooMuch(`more than ${MOST_CONTENT} bytes of content`);
  return content;
}

function decrypt(packet: Packet, keyPackets: readonly Packet[], { ring, found }: Layer): Uint8Array {
  found.encrypted = true;
  const version2 = packet.tag === 18 && packet.body[0] === 2;
  found.integrity = packet.tag === 9 ? 'none' : packet.tag === 20 || version2 ? 'AEAD' : 'MDC';
  let failure: string | null = null;
  let unsupported: PgpUnsupported | null = null;
  const attempts = sessionKeys(keyPackets, ring, found);
  for (const attempt of attempts) {
    if (attempt instanceof PgpUnsupported) {
      unsupported = attempt;
      continue;
    }
    try {
      const plain = openBody(packet, attempt.session);
      if (plain === null) {
        if (attempt.certain)
          failure = packet.cut
            ? 'it is cut off'
            : 'the session key is right and the content does not verify: it was changed or damaged';
        continue;
      }
      const cipher = attempt.session.cipher ?? packet.body[1] ?? 0;
      found.cipher = cipherOf(version2 || packet.tag === 20 ? (packet.body[1] as number) : cipher).name;
      if (found.integrity === 'AEAD') found.cipher += ` ${aeadName(packet.body[2] as number)}`;
      found.openedBy = attempt.by;
      found.flags.push(...flagsOf(attempt, cipher, packet));
      return plain;
    } catch (error) {
      if (!(error instanceof PgpUnsupported)) throw error;
      unsupported = error;
    }
  }
  if (failure !== null) throw new Closed('failed', failure);
  if (unsupported !== null) throw unsupported;
  throw new Closed('key-missing', missing(keyPackets, ring, found));
}

function missing(keyPackets: readonly Packet[], ring: Keyring, found: Found): string {
  const named = found.recipients.map((one) => one.split(' ')[0]);
  const locked = ring.keys.filter((one) => one.locked !== null && named.includes(one.key.keyId));
  const [first] = locked;
  if (first?.locked === 'passphrase') return 'the key it is for was supplied, and no supplied passphrase unlocks it';
  if (first?.locked === 'elsewhere') return 'the key it is for was supplied without its secret part (a stub of GnuPG)';
  if (first?.locked === 'damaged') return 'the key it is for was supplied, and its secret part is damaged';
  const byPassphrase = keyPackets.some(({ tag }) => tag === 3);
  if (byPassphrase && ring.passphrases.length > 0) return 'no supplied passphrase opens it';
  return byPassphrase
    ? 'it is locked with a passphrase, and none was supplied'
    : 'no supplied key is one of those it is encrypted to';
}

/** What a policy would have refused. */
function flagsOf({ key }: Attempt, cipher: number, { tag }: Packet): string[] {
  const flags: string[] = [];
  const used = cipherOfOrNull(cipher);
  if (used?.old === true && tag !== 20) flags.push(`${used.name}: an old cipher with blocks of 64 bits`);
  if (tag === 9) flags.push('no integrity protection: parts can have been exchanged without a trace');
  if (key === undefined) return flags;
  const bits = (key.numbers[0]?.length ?? 0) * 8;
  if ((key.algorithm <= 3 || key.algorithm === 16 || key.algorithm === 20) && bits < 2048)
    flags.push(`a key of some ${bits} bits`);
  if (key.version < 4) flags.push(`a key of version ${key.version}: its fingerprint can be imitated`);
  if (key.version === 6 && key.curve === CURVE25519_LEGACY)
    flags.push('Curve25519Legacy in a key of version 6, which RFC 9580 forbids');
  return flags;
}

interface Attempt {
  readonly session: SessionKey;
  readonly key?: PublicKey;
  readonly by: string;
  /** True where something has shown already that the session key is right. */
  readonly certain: boolean;
}

/** Session keys that supplied keys yield: named recipients first, then hidden ones by every key, then passphrases. */
function* sessionKeys(keyPackets: readonly Packet[], ring: Keyring, found: Found): Generator<Attempt | PgpUnsupported> {
  for (const { tag, body } of keyPackets) {
    if (tag !== 1) continue;
    let packet: KeyPacket;
    try {
      packet = readKeyPacket(body);
    } catch (error) {
      if (!(error instanceof PgpUnsupported)) throw error;
      yield error;
      continue;
    }
    found.recipients.push(`${packet.keyId} ${PUBLIC_KEY_NAMES[packet.algorithm] ?? packet.algorithm}`);
    const hidden = /^0+$/.test(packet.keyId);
    for (const one of ring.keys)
      if (one.numbers !== null && (hidden || isNamed(one, packet))) yield* tryKey(packet, one);
  }
  for (const { tag, body } of keyPackets) {
    if (tag === 3) found.recipients.push('passphrase');
    if (tag === 3) for (const passphrase of ring.passphrases) yield* tryPassphrase(body, passphrase);
  }
  // PGP 2 had no packet for a passphrase: the MD5 of it is an IDEA key (RFC 9580 section 5.7).
  if (keyPackets.length === 0)
    for (const passphrase of ring.passphrases)
      yield {
        session: { cipher: 1, key: createHash('md5').update(passphrase).digest() },
        by: 'passphrase',
        certain: false,
      };
}

function isNamed({ key }: RingKey, packet: KeyPacket): boolean {
  return packet.fingerprint === null ? key.keyId === packet.keyId : key.fingerprint === packet.fingerprint;
}

function* tryKey(packet: KeyPacket, one: RingKey): Generator<Attempt | PgpUnsupported> {
  try {
    const session = openKeyPacket(packet, one.key, one.numbers ?? []);
    if (session !== null) yield { session, key: one.key, by: one.key.fingerprint, certain: true };
  } catch (error) {
    if (error instanceof PgpUnsupported) yield error;
    else if (!(error instanceof PgpMalformed)) throw error;
  }
}

function* tryPassphrase(body: Uint8Array, passphrase: Uint8Array): Generator<Attempt | PgpUnsupported> {
  try {
    const session = openPassphrasePacket(body, passphrase);
    // Versions 5 and 6 authenticate the session key; version 4 cannot tell a wrong passphrase from damage.
    if (session !== null) yield { session, by: 'passphrase', certain: (body[0] as number) >= 5 };
  } catch (error) {
    if (error instanceof PgpUnsupported) yield error;
    else if (!(error instanceof PgpMalformed)) throw error;
  }
}

/** The plaintext; null where the key is wrong or the content was changed. */
function openBody({ tag, body }: Packet, session: SessionKey): Uint8Array | null {
  if (tag === 18 && body[0] === 2) {
    if (body.length < 36) throw new PgpMalformed('it ends inside a packet');
    return openChunks(chunksOfVersion2(body, session.key), body.subarray(36));
  }
  if (tag === 20) {
    if (body[0] !== 1) throw new PgpUnsupported(`encrypted packet version ${body[0]}`);
    const { how, sealed } = chunksOfGnupg(body, session.key);
    return openChunks(how, sealed);
  }
  if (session.cipher === null) throw new PgpMalformed('a session key that does not name its cipher');
  const { keyLength } = cipherOfOrNull(session.cipher) ?? { keyLength: -1 };
  if (keyLength !== session.key.length) return null;
  if (tag === 9) return openOld(body, session.cipher, session.key);
  if (body[0] !== 1) throw new PgpUnsupported(`protected packet version ${body[0]}`);
  return openMdc(body.subarray(1), session.cipher, session.key);
}

/** A wrong passphrase gives any number for a cipher. */
function cipherOfOrNull(algorithm: number): ReturnType<typeof cipherOf> | null {
  try {
    return cipherOf(algorithm);
  } catch {
    return null;
  }
}

/** Tag 9: two repeated bytes tell a wrong key; then the feedback begins anew (RFC 9580 section 13.9). */
function openOld(body: Uint8Array, cipher: number, key: Uint8Array): Uint8Array | null {
  const { block } = cipherOf(cipher);
  if (body.length < block + 2) throw new PgpMalformed('it ends inside a packet');
  const prefix = decryptCfb(cipher, key, new Uint8Array(block), body.subarray(0, block + 2));
  if (prefix[block - 2] !== prefix[block] || prefix[block - 1] !== prefix[block + 1]) return null;
  return decryptCfb(cipher, key, body.subarray(2, block + 2), body.subarray(block + 2));
}

/** Version 1 of tag 18: the SHA-1 of all that stands before it ends the plaintext. */
function openMdc(body: Uint8Array, cipher: number, key: Uint8Array): Uint8Array | null {
  const { block } = cipherOf(cipher);
  const plain = decryptCfb(cipher, key, new Uint8Array(block), body);
  if (plain.length < block + 24) return null;
  const covered = plain.subarray(0, -20);
  if (covered[covered.length - 2] !== 0xd3 || covered[covered.length - 1] !== 0x14) return null;
  if (!timingSafeEqual(createHash('sha1').update(covered).digest(), plain.subarray(-20))) return null;
  return plain.subarray(block + 2, -22);
}
