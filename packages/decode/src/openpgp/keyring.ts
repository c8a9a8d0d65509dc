import { utf8DecodeLossy, utf8Encode } from '@custody/bytes';
import { readArmor } from './armor.ts';
import { PgpMalformed, PgpUnsupported } from './octets.ts';
import { readPackets } from './packets.ts';
import { type PublicKey, readPublicKey } from './public-key.ts';
import { readSecretKey, type SecretKeyPacket, type SecretNumbers, unlock } from './secret-key.ts';

/** A secret key or subkey, and the certificate it stands in. */
export interface RingKey {
  readonly key: PublicKey;
  /** Fingerprint of the primary key, and its first user id. */
  readonly primary: string;
  readonly userId: string | null;
  /** null: only the public half was supplied. */
  readonly packet: SecretKeyPacket | null;
  readonly numbers: SecretNumbers | null;
  /** Why the secret part is not open. */
  readonly locked: 'passphrase' | 'damaged' | 'elsewhere' | null;
  /** Where it came from: a file name. */
  readonly source: string;
}

export interface Keyring {
  readonly keys: readonly RingKey[];
  /** Passphrases that may open a message by themselves. */
  readonly passphrases: readonly Uint8Array[];
  /** What in the key files could not be read. */
  readonly problems: readonly string[];
}

/** A supplied file of keys, with the passphrases that may open it. */
export interface KeyFile {
  readonly bytes: Uint8Array;
  readonly passphrases: readonly string[];
  readonly source: string;
}

/** Whether bytes may be a keyring: armour, or a packet that begins a key. */
export function isKeyFile(bytes: Uint8Array): boolean {
  const head = bytes[0];
  if (head === undefined) return false;
  if (head & 0x80) {
    const tag = head & 0x40 ? head & 63 : (head >> 2) & 15;
    return tag === 5 || tag === 6;
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 65536)).toString('latin1');
  return /-----BEGIN PGP (PRIVATE|PUBLIC|SECRET) KEY BLOCK-----/.test(text);
}

/** Reads and, where passphrases allow, unlocks keys. Slow key derivations run once for each key and passphrase. */
export function readKeyring(files: readonly KeyFile[], passphrases: readonly string[]): Keyring {
  const problems: string[] = [];
  const keys: RingKey[] = [];
  for (const file of files) {
    for (const bytes of blocksOf(file.bytes)) readCertificates(bytes, { file, keys, problems, passphrases });
  }
  const all = [...new Set([...files.flatMap((file) => file.passphrases), ...passphrases])];
  return { keys, passphrases: all.map(utf8Encode), problems };
}

function blocksOf(bytes: Uint8Array): Uint8Array[] {
  if ((bytes[0] ?? 0) & 0x80) return [bytes];
  return readArmor(utf8DecodeLossy(bytes))
    .filter(({ kind }) => kind.endsWith('KEY BLOCK'))
    .map((block) => block.bytes);
}

function readCertificates(
  bytes: Uint8Array,
  into: { file: KeyFile; keys: RingKey[]; problems: string[]; passphrases: readonly string[] },
): void {
  let primary = '';
  let first = into.keys.length;
  let userId: string | null = null;
  const name = () => {
    for (let i = first; i < into.keys.length; i++) into.keys[i] = { ...(into.keys[i] as RingKey), userId };
  };
  try {
    for (const { tag, body, cut } of readPackets(bytes)) {
      if (cut) throw new PgpMalformed('a key file that ends inside a packet');
      if (tag === 13 && userId === null) {
        userId = utf8DecodeLossy(body);
        name();
      }
      if (tag === 5 || tag === 6) {
        primary = '';
        userId = null;
        first = into.keys.length;
      }
      if (tag !== 5 && tag !== 6 && tag !== 7 && tag !== 14) continue;
      const key = readOne(body, tag, into);
      if (key === null) continue;
      if (primary === '') primary = key.key.fingerprint;
      into.keys.push({ ...key, primary, userId });
    }
  } catch (error) {
    if (!(error instanceof PgpMalformed)) throw error;
    into.problems.push(`${into.file.source}: ${error.message}`);
  }
}

function readOne(
  body: Uint8Array,
  tag: number,
  { file, problems, passphrases }: { file: KeyFile; problems: string[]; passphrases: readonly string[] },
): RingKey | null {
  try {
    if (tag === 6 || tag === 14) {
      const key = readPublicKey(body);
      return { key, primary: '', userId: null, packet: null, numbers: null, locked: null, source: file.source };
    }
    const packet = readSecretKey(body, tag);
    const opened = tryPassphrases(packet, [...file.passphrases, ...passphrases]);
    const base = { key: packet.key, primary: '', userId: null, packet, source: file.source };
    if ('numbers' in opened) return { ...base, numbers: opened.numbers, locked: null };
    return { ...base, numbers: null, locked: opened.why };
  } catch (error) {
    if (!(error instanceof PgpMalformed || error instanceof PgpUnsupported)) throw error;
    problems.push(`${file.source}: a key that cannot be read (${error.message})`);
    return null;
  }
}

function tryPassphrases(packet: SecretKeyPacket, passphrases: readonly string[]): ReturnType<typeof unlock> {
  if (packet.lock === null) return unlock(packet, null);
  let result = unlock(packet, null);
  for (const passphrase of passphrases) {
    result = unlock(packet, utf8Encode(passphrase));
    if ('numbers' in result || result.why === 'elsewhere') return result;
  }
  return result;
}
