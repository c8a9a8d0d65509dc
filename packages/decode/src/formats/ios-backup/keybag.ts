import { createDecipheriv, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { hexEncode } from '@custody/bytes';

/** A key of one protection class as the keybag has it, wrapped under the password (WRAP 2, 3) or the device alone (1). */
interface ClassEntry {
  readonly id: number;
  readonly wrap: number;
  readonly wrapped: Uint8Array | null;
}

/** BackupKeyBag of Manifest.plist: how the password becomes a key, and class keys under it. */
export interface Keybag {
  readonly salt: Uint8Array;
  readonly iterations: number;
  /** Since iOS 10.2 a first, slower PBKDF2 stands before the other; told by its presence, not by the version. */
  readonly first: { readonly salt: Uint8Array; readonly iterations: number } | null;
  readonly classes: readonly ClassEntry[];
}

/** WRAP: the class key is wrapped under a key from the password. */
const UNDER_PASSWORD = 2;
/** AES key wrap of 32 bytes (RFC 3394). */
export const WRAPPED_LENGTH = 40;
const MOST_CLASSES = 64;
const LONGEST_VALUE = 4096;
/** Ten million are usual; a hostile count is not waited for. */
const MOST_ITERATIONS = 100_000_000;

/** Reads the keybag: tags of 4 characters, 32-bit lengths, values; the second and later UUID begin classes. Null: it is none. */
export function readKeybag(bytes: Uint8Array): Keybag | null {
  const head = new Map<string, Uint8Array>();
  const classes: Map<string, Uint8Array>[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  while (at + 8 <= bytes.length) {
    const tag = String.fromCharCode(...bytes.subarray(at, at + 4));
    const length = view.getUint32(at + 4);
    if (length > LONGEST_VALUE || at + 8 + length > bytes.length) return null;
    const value = bytes.slice(at + 8, at + 8 + length);
    at += 8 + length;
    if (tag === 'UUID' && head.has('UUID')) {
      if (classes.length >= MOST_CLASSES) return null;
      classes.push(new Map());
    }
    (classes.at(-1) ?? head).set(tag, value);
  }
  const salt = head.get('SALT');
  const iterations = uint(head.get('ITER'));
  if (salt === undefined || iterations === null) return null;
  const firstSalt = head.get('DPSL');
  const firstIterations = uint(head.get('DPIC'));
  return {
    salt,
    iterations,
    first: firstSalt === undefined ? null : { salt: firstSalt, iterations: firstIterations ?? 1 },
    classes: classes.map((entry) => ({
      id: uint(entry.get('CLAS')) ?? 0,
      wrap: uint(entry.get('WRAP')) ?? 0,
      wrapped: entry.get('WPKY') ?? null,
    })),
  };
}

function uint(value: Uint8Array | undefined): number | null {
  return value?.length === 4 ? new DataView(value.buffer, value.byteOffset, 4).getUint32(0) : null;
}

const derive = promisify(pbkdf2);
/** A capture is prepared more than once (to ingest, to verify), ten million rounds each; in this process's memory only. */
const derivations = new Map<string, Uint8Array>();
const MOST_DERIVATIONS = 16;

export function isTooSlow({ iterations, first }: Keybag): boolean {
  return iterations > MOST_ITERATIONS || (first?.iterations ?? 0) > MOST_ITERATIONS || iterations === 0;
}

/** Class keys by number; null where the password unwraps none: RFC 3394 has a check of its own. PBKDF2 runs on another thread. */
export async function unlockKeybag(
  keybag: Keybag,
  password: Uint8Array,
): Promise<ReadonlyMap<number, Uint8Array> | null> {
  const key = await keyFrom(keybag, password);
  const keys = new Map<number, Uint8Array>();
  for (const { id, wrap, wrapped } of keybag.classes) {
    if ((wrap & UNDER_PASSWORD) === 0 || wrapped === null) continue;
    const unwrapped = unwrapKey(key, wrapped);
    if (unwrapped !== null) keys.set(id, unwrapped);
  }
  return keys.size === 0 ? null : keys;
}

async function keyFrom({ salt, iterations, first }: Keybag, password: Uint8Array): Promise<Uint8Array> {
  const parts = [password, salt, first?.salt ?? new Uint8Array(0)].map(hexEncode);
  const name = [...parts, iterations, first?.iterations].join(' ');
  const known = derivations.get(name);
  if (known !== undefined) return known;
  const slow =
    first === null ? password : await derive(password, first.salt, Math.max(1, first.iterations), 32, 'sha256');
  const key = new Uint8Array(await derive(slow, salt, iterations, 32, 'sha1'));
  if (derivations.size >= MOST_DERIVATIONS) derivations.clear();
  derivations.set(name, key);
  return key;
}

/** AES key unwrap (RFC 3394); null where its check fails. */
export function unwrapKey(key: Uint8Array, wrapped: Uint8Array): Uint8Array | null {
  if (wrapped.length !== WRAPPED_LENGTH) return null;
  try {
    const decipher = createDecipheriv('id-aes256-wrap', key, new Uint8Array(8).fill(0xa6));
    return new Uint8Array(Buffer.concat([decipher.update(wrapped), decipher.final()]));
  } catch {
    return null;
  }
}

/** A key of a file or of the manifest: its class as 32 bits, low byte first, then 40 wrapped bytes. */
export function openWrappedKey(
  prefixed: Uint8Array,
  classes: ReadonlyMap<number, Uint8Array>,
  statedClass: number | null = null,
): Uint8Array | null {
  if (prefixed.length !== 4 + WRAPPED_LENGTH) return null;
  const prefix = new DataView(prefixed.buffer, prefixed.byteOffset, 4).getUint32(0, true);
  const classKey = classes.get(statedClass ?? prefix) ?? classes.get(prefix);
  return classKey === undefined ? null : unwrapKey(classKey, prefixed.subarray(4));
}
