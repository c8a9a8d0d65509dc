import type { Pin } from './pin.ts';
import type { PinAlarm } from './pin-alarms.ts';
import type { ObjectLock } from './s3-lock.ts';

export interface ObjectInfo {
  readonly name: string;
  /** Bytes as stored; 0 for a destroyed object. */
  readonly length: number;
}

export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

export type CreateResult = 'created' | 'exists';

export interface CreateOptions {
  /**
   * False: derived data that may be rebuilt. After a power failure the object may be absent, never torn; the folder's
   * fsync is saved. Default true.
   */
  readonly durable?: boolean;
}

export interface StreamResult {
  readonly result: CreateResult;
  /** Of the stored object: the one that was there before if the result is `exists`. */
  readonly length: number;
  /** SHA-256 of the stored bytes. */
  readonly sha256: Uint8Array;
}

/**
 * Named objects with one primitive: create once. What is stored is never changed, save by `destroy`, which leaves an
 * empty object so that nobody can create the name again; only views, a few names, are replaced and removed.
 *
 * Names are `[a-z0-9._/-]+` without empty, `.` or `..` segments, at most 512 bytes, not under `.tmp/`; others are
 * refused with UsageError NAME_INVALID. Everything may throw UnavailableError (STORE_UNAVAILABLE, STORE_FULL).
 */
export interface Vault {
  /** For messages: a path or `s3://bucket/prefix`. */
  readonly location: string;
  /**
   * Stores an object under a free name. Durable when it resolves, for either answer. `exists` leaves the stored
   * object as it is, whatever its bytes; on S3 also those who bring the very bytes that stand there are told `created`,
   * for that cannot be told from an answer that was lost. After an error the object is stored whole or not at all.
   */
  create(name: string, data: Uint8Array, options?: CreateOptions): Promise<CreateResult>;
  /**
   * As create, in bounded memory. A chunk need hold only until the next one is asked for. The chunks are not consumed
   * (or not to their end) where the object exists.
   */
  createFromStream(name: string, chunks: AsyncIterable<Uint8Array>): Promise<StreamResult>;
  /**
   * The object or a range of it. Throws IntegrityError OBJECT_MISSING, OBJECT_SHORT (the range goes beyond the end);
   * UsageError OBJECT_TOO_LARGE where a whole object exceeds the cap of its vault (1 GiB unless told otherwise).
   */
  read(name: string, range?: ByteRange): Promise<Uint8Array>;
  /** Whether the stored object is these bytes, by reading all of it. Errors as read; absent where `read` does as well. */
  holds?(name: string, bytes: Uint8Array): Promise<boolean>;
  /** SHA-256 of the stored object, by reading all of it. Errors as read; absent where `readStream` does as well. */
  digest?(name: string): Promise<Uint8Array>;
  /** As read, in pieces and without a cap. */
  readStream(name: string, range?: ByteRange): AsyncIterable<Uint8Array>;
  /** Null where no object bears the name. */
  info(name: string): Promise<ObjectInfo | null>;
  /**
   * Everything stored whose name starts with `prefix`, by the order of name bytes. What others put there is listed
   * too, even under names that no object can have, so that `verify` can report it.
   */
  list(prefix: string): AsyncIterable<ObjectInfo>;
  /**
   * Replaces the object, if there is one, by an empty one. Durable when it resolves; from then on create answers
   * `exists`. What the medium itself keeps (flash, snapshots, backups) is out of reach: destroy the key, too.
   */
  destroy(name: string): Promise<void>;
  /**
   * Puts an object under the name of a view, in place of what bears it: a reader sees the old bytes or the new ones,
   * whole. Views are what anybody can make again from other objects (`isViewName`); every other name is refused with
   * UsageError NAME_INVALID, so that nothing which must stand can be replaced by mistake.
   */
  replace(name: string, data: Uint8Array): Promise<void>;
  /** Takes away a view, or a part of the index that others cover: the name is free again. Nothing happens where there is none; all other names are refused. */
  remove(name: string): Promise<void>;
  /** Where the vault is a directory: the path of the stored object, for synchronous range reads. */
  localPath?(name: string): string | null;
  /** Where the vault is a directory: bytes that may still be stored there; null where nobody can tell. */
  freeBytes?(): Promise<number | null>;
  /** Where originals stand in a bucket of their own: which version of which key an object is; null for all others. */
  pinOf?(name: string): Promise<Pin | null>;
  /** The lock of such an object as the server shows it now; null where there is none. */
  lockOf?(name: string): Promise<ObjectLock | null>;
  /** What differs in that bucket from what the pins say. */
  alarms?(): AsyncIterable<PinAlarm>;
}

/** Ours: a whole read beyond this is a mistake of the caller. */
export const MAX_WHOLE_READ: number = 1024 ** 3;
