import { CustodyError } from '@custody/bytes';
import type { FindingCode } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { ContainerFact } from '../../format.ts';
import { type BackupPrefix, type Crypt14Header, readBackupPrefix } from './backup-prefix.ts';
import * as layout from './layout.ts';

/** Where the parts of an encrypted backup stand, and what its header says about the key. */
export interface Container {
  readonly generation: layout.Generation;
  readonly iv: Uint8Array;
  /** First byte of the ciphertext. */
  readonly start: number;
  /** End of what the MD5 and tag are counted from: the end of the file without crypt12's suffix. */
  readonly end: number;
  /** Whether crypt12's `--NN` is there; true for the others, which have none. */
  readonly endMarker: boolean;
  /** crypt12 and crypt14: what a fitting key file repeats. */
  readonly keyHeader: KeyHeader | null;
  readonly about: readonly ContainerFact[];
}

export interface KeyHeader {
  readonly keyVersion: number;
  readonly serverSalt: Uint8Array;
  readonly googleIdSalt: Uint8Array;
}

/** Why a file is not read as a container: becomes the one finding of an empty plan. */
export interface Refusal {
  readonly code: FindingCode;
  readonly detail: string;
}

export function isRefusal(value: Container | Refusal): value is Refusal {
  return 'code' in value;
}

/** Reads header and end of `source` as `generation`. */
export function readContainer(source: ByteSource, generation: layout.Generation): Container | Refusal {
  if (source.length === 0) return { code: 'FORMAT_UNKNOWN', detail: 'the file is empty' };
  const head = source.read(0, layout.LONGEST_PREFIX);
  return generation === 'crypt12' ? readCrypt12(source, head) : readCrypt1415(source, head, generation);
}

function readCrypt12(source: ByteSource, head: Uint8Array): Container | Refusal {
  const version = ((head[0] ?? 0) << 8) | (head[1] ?? 0);
  if (version !== layout.CIPHER_VERSION) {
    return { code: 'FORMAT_UNKNOWN', detail: `no crypt12 backup: it begins with ${version}, not with version 1` };
  }
  const keyVersion = head[2] ?? 0;
  if (source.length < layout.CRYPT12_HEADER_LENGTH + layout.TAG_LENGTH) return tooShort(source.length);
  if (!layout.KEY_VERSIONS.includes(keyVersion)) return keyVersionUnknown(keyVersion);
  const endMarker = hasSuffix(source);
  return {
    generation: 'crypt12',
    iv: head.slice(51, 67),
    start: layout.CRYPT12_HEADER_LENGTH,
    end: source.length - (endMarker ? layout.CRYPT12_SUFFIX_LENGTH : 0),
    endMarker,
    keyHeader: { keyVersion, serverSalt: head.slice(3, 35), googleIdSalt: head.slice(35, 51) },
    about: endMarker ? [lastDigits(source)] : [],
  };
}

/** Whether the file ends in crypt12's `--` and two digits. */
export function hasSuffix(source: ByteSource): boolean {
  const at = source.length - layout.CRYPT12_SUFFIX_LENGTH;
  return at >= 0 && isSuffix(source.read(at, layout.CRYPT12_SUFFIX_LENGTH));
}

export function isSuffix(bytes: Uint8Array): boolean {
  return /^--[0-9]{2}$/.test(String.fromCharCode(...bytes.subarray(-layout.CRYPT12_SUFFIX_LENGTH)));
}

function readCrypt1415(source: ByteSource, head: Uint8Array, generation: 'crypt14' | 'crypt15'): Container | Refusal {
  let prefix: BackupPrefix;
  try {
    prefix = readBackupPrefix(head);
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    return { code: 'FORMAT_UNKNOWN', detail: `no ${generation} backup: the header cannot be read (${error.message})` };
  }
  const found = prefix.crypt15 !== null ? 'crypt15' : prefix.crypt14 !== null ? 'crypt14' : null;
  if (found === null) {
    return {
      code: 'UNSUPPORTED_VERSION',
      detail: 'the header names neither of the known key kinds (crypt14, crypt15)',
    };
  }
  if (found !== generation) {
    return { code: 'FORMAT_UNKNOWN', detail: `no ${generation} backup: the header is that of ${found}` };
  }
  if (source.length < prefix.length + layout.TAG_LENGTH) return tooShort(source.length);
  const iv = prefix.crypt15 ?? prefix.crypt14?.iv ?? new Uint8Array();
  if (iv.length !== layout.IV_LENGTH) {
    return { code: 'UNSUPPORTED_VERSION', detail: `the header holds an IV of ${iv.length} bytes; 16 are known` };
  }
  const keyHeader = prefix.crypt14 === null ? null : readKeyHeader(prefix.crypt14);
  if (keyHeader !== null && 'code' in keyHeader) return keyHeader;
  const { length: start, about } = prefix;
  return { generation, iv: iv.slice(), start, end: source.length, endMarker: true, keyHeader, about };
}

/** The two digits of crypt12's end marker. */
function lastDigits(source: ByteSource): ContainerFact {
  const value = String.fromCharCode(...source.read(source.length - 2, 2));
  return { name: 'last digits of the owner', value, authenticated: false };
}

function readKeyHeader(header: Crypt14Header): KeyHeader | Refusal {
  const { cipherVersion, serverSalt, googleIdSalt } = header;
  const version = cipherVersion === null ? 0 : cipherVersion.reduce((sum, byte) => (sum * 256 + byte) % 2 ** 32, 0);
  if (version !== layout.CIPHER_VERSION) {
    return { code: 'UNSUPPORTED_VERSION', detail: `the header has cipher version ${version}; 1 is known` };
  }
  // The header writes the number in ASCII, the key file as a byte.
  const first = header.keyVersion?.[0] ?? 0;
  const keyVersion = first >= 0x30 && first <= 0x39 ? first - 0x30 : first;
  if (!layout.KEY_VERSIONS.includes(keyVersion)) return keyVersionUnknown(keyVersion);
  if (serverSalt?.length !== layout.SALT_LENGTH || googleIdSalt?.length !== layout.GOOGLE_ID_LENGTH) {
    return { code: 'UNSUPPORTED_VERSION', detail: 'the header holds salts of unknown length' };
  }
  return { keyVersion, serverSalt: serverSalt.slice(), googleIdSalt: googleIdSalt.slice() };
}

function tooShort(length: number): Refusal {
  return { code: 'TRUNCATED', detail: `the file ends after ${length} bytes, before the end of header and tag` };
}

function keyVersionUnknown(version: number): Refusal {
  return { code: 'UNSUPPORTED_VERSION', detail: `the header names key version ${version}; 1 to 3 are known` };
}
