import { FormatError } from '@custody/bytes';
import type { FindingCode } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { CaptureFile } from '../../format.ts';
import * as layout from './layout.ts';
import { readMessage } from './schema/read-message.ts';
import { messageType } from './schema/schema.ts';

/** An encrypted backup: where its parts stand, and what says which backup it is. */
export interface Container {
  readonly kind: 'folder' | 'remote' | 'bare';
  readonly source: ByteSource;
  /** Path of the encrypted file. */
  readonly path: string;
  /** Where the IV stands; the MAC covers everything from here up to itself. */
  readonly start: number;
  /** Of a folder: the backup's id, encrypted. */
  readonly sealedId: { readonly iv: Uint8Array; readonly encrypted: Uint8Array } | null;
}

export interface Refusal {
  readonly code: FindingCode;
  readonly path: string;
  readonly detail: string;
}

/** The file `metadata` of a local backup; null where these bytes are none. */
export function readLocalMetadata(
  bytes: Uint8Array,
): { readonly version: number; readonly iv: Uint8Array; readonly encrypted: Uint8Array } | null {
  const read = readMessage(messageType('LocalMetadata'), bytes, new Map());
  const id = read.backupId as { readonly iv?: Uint8Array; readonly encryptedId?: Uint8Array } | undefined;
  if (typeof read.version !== 'number' || id?.iv === undefined || id.encryptedId === undefined) return null;
  if (id.iv.length !== layout.LOCAL_IV_LENGTH || id.encryptedId.length !== layout.BACKUP_ID_LENGTH) return null;
  return { version: read.version, iv: id.iv.slice(), encrypted: id.encryptedId.slice() };
}

export function hasMagic(head: Uint8Array): boolean {
  return layout.REMOTE_MAGIC.every((byte, i) => head[i] === byte);
}

/** The container that a file is, or leads: `metadata` stands for the folder it is in. */
export function readContainer(file: CaptureFile): Container | Refusal {
  const { source, name } = file;
  const head = source.read(0, layout.LONGEST_METADATA);
  if (hasMagic(head)) return readRemote(source, name, head);
  const metadata = source.length <= layout.LONGEST_LOCAL_METADATA ? attempt(() => readLocalMetadata(head)) : null;
  if (metadata !== null) return readFolder(file, metadata);
  return { kind: 'bare', source, path: name, start: 0, sealedId: null };
}

function readFolder(
  file: CaptureFile,
  metadata: NonNullable<ReturnType<typeof readLocalMetadata>>,
): Container | Refusal {
  const { name } = file;
  if (metadata.version !== layout.LOCAL_VERSION) {
    const detail = `The file says version ${metadata.version}; this build reads version ${layout.LOCAL_VERSION}.`;
    return { code: 'UNSUPPORTED_VERSION', path: name, detail };
  }
  const source = file.beside?.('main') ?? null;
  const path = `${name.slice(0, name.lastIndexOf('/') + 1)}main`;
  if (source === null) {
    const detail =
      'The file "main" of this backup is not in the capture: it holds every message. Ingest the whole folder.';
    return { code: 'TRUNCATED', path, detail };
  }
  return { kind: 'folder', source, path, start: 0, sealedId: metadata };
}

function readRemote(source: ByteSource, path: string, head: Uint8Array): Container | Refusal {
  const version = head[layout.REMOTE_MAGIC.length] ?? 0;
  if (version !== layout.REMOTE_VERSION) {
    const detail = `The file says version ${version}; this build reads version ${layout.REMOTE_VERSION}.`;
    return { code: 'UNSUPPORTED_VERSION', path, detail };
  }
  let length = 0;
  let at = layout.REMOTE_MAGIC.length + 1;
  for (let i = 0; i < 4; i++) {
    const byte = head[at++] ?? 0;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) break;
  }
  const start = at + length;
  if (length > layout.LONGEST_METADATA || start + layout.SHORTEST > source.length) {
    const detail = `The header says that its metadata has ${length} bytes; the file of ${source.length} bytes ends before its content could.`;
    return { code: 'TRUNCATED', path, detail };
  }
  return { kind: 'remote', source, path, start, sealedId: null };
}

export function isRefusal(value: Container | Refusal): value is Refusal {
  return 'code' in value;
}

/** What bytes say, or null where they cannot be read as that. */
export function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof FormatError) return null;
    throw error;
  }
}
