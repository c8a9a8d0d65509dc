import { UsageError } from '@custody/bytes';
import type { DecodeErrorCode } from '../errors.ts';
import type { SuppliedKey } from '../keyring.ts';
import { readJavaByteArray } from './java-byte-array.ts';
import { ROOT_KEY_LENGTH, readHexKey, readKeyMaterial } from './key-material.ts';
import { readSignalDesktopConfig } from './signal-desktop-config.ts';
import { textOfKeyFile } from './text-of-key-file.ts';
import { WHATSAPP_KEY_LENGTH } from './whatsapp-key-file.ts';

/** Reads a file that a keyring names, relative to it; null where it is not there. */
export type ReadFile = (keyring: string, path: string) => Uint8Array | null;

const PROPERTIES = new Set(['for', 'id', 'hex', 'file', 'passphrase']);
/** Lengths in bytes that `hex` or a file of a purpose must have; purposes not listed take any. */
const LENGTHS: Readonly<Record<string, readonly number[]>> = {
  'whatsapp-crypt15': [ROOT_KEY_LENGTH],
  // The whole record, or the AES key alone, which then cannot be compared with the header of a backup.
  'whatsapp-key': [WHATSAPP_KEY_LENGTH, ROOT_KEY_LENGTH],
};

/** Whether a file is a keyring and not a key: its first character that is no white space is `{`. */
export function isKeyring(file: Uint8Array): boolean {
  return /^\s*\{/.test(textOfKeyFile(file.subarray(0, 256)) ?? latin1(file.subarray(0, 256)));
}

/** The keys of one keyring, or of a `config.json` of Signal Desktop. Mistakes are added to `mistakes`: they name places, never values. */
export function readKeyring(name: string, file: Uint8Array, readFile: ReadFile, mistakes: string[]): SuppliedKey[] {
  const parsed = parsedJson(file);
  const config = isObject(parsed) && parsed.keys === undefined ? readSignalDesktopConfig(parsed) : null;
  if (config === 'wrapped') {
    mistakes.push(
      `${name}: holds only "encryptedKey", wrapped by the computer it comes from: supply it as "file" with its "passphrase" in a keyring, or the unwrapped key`,
    );
    return [];
  }
  if (config !== null) return [{ for: 'signal-desktop', bytes: config, source: name }];
  const entries = entriesOf(name, parsed, mistakes);
  const keys: SuppliedKey[] = [];
  entries.forEach((entry, i) => {
    const reader = new EntryReader(`${name}: keys[${i}]`, mistakes);
    const key = reader.read(entry, name, readFile);
    if (key !== null) keys.push(key);
  });
  return keys;
}

/** The first bytes of a file may end inside a character. */
function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '');
}

/** Undefined where it is no JSON: what JSON.parse says quotes the text, which holds keys. */
function parsedJson(file: Uint8Array): unknown {
  try {
    return JSON.parse(textOfKeyFile(file) ?? '');
  } catch {
    return undefined;
  }
}

function entriesOf(name: string, parsed: unknown, mistakes: string[]): readonly unknown[] {
  if (parsed === undefined) {
    mistakes.push(`${name}: not well-formed JSON`);
    return [];
  }
  const keys = isObject(parsed) ? parsed.keys : undefined;
  if (!isObject(parsed) || !Array.isArray(keys)) {
    mistakes.push(`${name}: a keyring is {"keys": [{"for": ..., "hex" | "file" | "passphrase": ...}, ...]}`);
    return [];
  }
  for (const property of Object.keys(parsed)) {
    if (property !== 'keys') mistakes.push(`${name}: unknown property ${shown(property)}; only "keys" is known`);
  }
  return keys;
}

class EntryReader {
  readonly #place: string;
  readonly #mistakes: string[];

  constructor(place: string, mistakes: string[]) {
    this.#place = place;
    this.#mistakes = mistakes;
  }

  read(entry: unknown, keyring: string, readFile: ReadFile): SuppliedKey | null {
    const before = this.#mistakes.length;
    if (!isObject(entry)) return this.#wrong('not an object');
    for (const property of Object.keys(entry)) {
      if (!PROPERTIES.has(property))
        this.#wrong(`unknown property ${shown(property)}; known: ${[...PROPERTIES].join(', ')}`);
    }
    const purpose = this.#text(entry, 'for');
    const id = this.#text(entry, 'id');
    const passphrase = this.#text(entry, 'passphrase');
    if (entry.for === undefined) this.#wrong('"for" is missing: it says what the key is for, e.g. "whatsapp-crypt15"');
    if (entry.hex !== undefined && (entry.file !== undefined || entry.passphrase !== undefined)) {
      this.#wrong('"hex" stands alone: "file" or "passphrase" beside it contradicts it');
    }
    if (entry.hex === undefined && entry.file === undefined && entry.passphrase === undefined) {
      this.#wrong('one of "hex", "file" or "passphrase" is needed');
    }
    const bytes = this.#hex(entry, purpose) ?? this.#file(entry, purpose, keyring, readFile);
    if (this.#mistakes.length > before || purpose === null) return null;
    return {
      for: purpose,
      source: typeof entry.file === 'string' ? entry.file : keyring,
      ...(id === null ? {} : { id }),
      ...(bytes === null ? {} : { bytes }),
      ...(passphrase === null ? {} : { passphrase }),
    };
  }

  #text(entry: Readonly<Record<string, unknown>>, property: string): string | null {
    const value = entry[property];
    if (value === undefined) return null;
    if (typeof value === 'string' && value !== '') return value;
    return this.#wrong(`"${property}" must be a text that is not empty`);
  }

  #hex(entry: Readonly<Record<string, unknown>>, purpose: string | null): Uint8Array | null {
    const text = this.#text(entry, 'hex');
    if (text === null) return null;
    // An exponent is a number: programs print it without its leading zero.
    const isOdd = purpose === 'otr-dh' && text.replace(/\s+/g, '').length % 2 === 1;
    const bytes = readHexKey(isOdd ? `0${text}` : text);
    if (bytes === null) return this.#wrong('"hex" must be an even number of hex digits');
    return this.#fitting(readJavaByteArray(bytes) ?? bytes, purpose, '"hex"');
  }

  #file(
    entry: Readonly<Record<string, unknown>>,
    purpose: string | null,
    keyring: string,
    readFile: ReadFile,
  ): Uint8Array | null {
    const path = this.#text(entry, 'file');
    if (path === null) return null;
    const file = readFile(keyring, path);
    if (file === null) return this.#wrong(`file ${shown(path)} cannot be read; paths are relative to the keyring`);
    // A purpose that we do not know takes its file as it is: it may be no key but a locked export of keys.
    if (purpose === null || !(purpose in LENGTHS)) return file.slice();
    return this.#fitting(readKeyMaterial(file).bytes, purpose, `file ${shown(path)}`);
  }

  #fitting(bytes: Uint8Array, purpose: string | null, what: string): Uint8Array | null {
    const lengths = purpose !== null && Object.hasOwn(LENGTHS, purpose) ? (LENGTHS[purpose] ?? null) : null;
    if (lengths === null || lengths.includes(bytes.length)) return bytes;
    return this.#wrong(`${what} holds ${bytes.length} bytes; a key for ${purpose} has ${lengths.join(' or ')}`);
  }

  #wrong(what: string): null {
    this.#mistakes.push(`${this.#place}: ${what}`);
    return null;
  }
}

export function keyringInvalid(mistakes: readonly string[]): UsageError<DecodeErrorCode> {
  const many = mistakes.length === 1 ? '' : ` (${mistakes.length} mistakes)`;
  return new UsageError('KEYRING_INVALID', `the supplied keys cannot be used${many}:\n  ${mistakes.join('\n  ')}`, {
    detail: { mistakes },
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A property name or path as somebody wrote it: cut, so that a key pasted in the wrong place is not shown whole. */
function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 8)}… (${text.length} characters)` : text);
}
