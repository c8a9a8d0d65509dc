import { UsageError } from '@custody/bytes';
import type { VaultErrorCode } from './errors.ts';

/** Ours: well below S3's 1,024 bytes a key and a file system's 4,096 a path, with room for the vault's own prefix. */
const MAX_NAME = 512;
/** One segment is a file name: 255 bytes on every file system we know. */
const MAX_SEGMENT = 255;
/** Where a vault keeps what is under way. No object is named so, and no list shows it. */
export const RESERVED = '.tmp';

/** Whether a name may bear an object: `[a-z0-9._/-]+`, no empty, `.` or `..` segment, not under `.tmp/`. */
export function isObjectName(name: string): boolean {
  if (name.length > MAX_NAME || !/^[a-z0-9._/-]+$/.test(name)) return false;
  const segments = name.split('/');
  if (segments[0] === RESERVED) return false;
  return segments.every((s) => s !== '' && s !== '.' && s !== '..' && s.length <= MAX_SEGMENT);
}

/** Throws UsageError NAME_INVALID: a name must never reach outside the vault. */
export function checkName(name: string): void {
  if (!isObjectName(name)) throw nameInvalid(name, 'use a-z 0-9 . _ - and single slashes, at most 512 bytes');
}

/** A prefix is the beginning of a name: it may be empty and may end in a slash. Throws UsageError NAME_INVALID. */
export function checkPrefix(prefix: string): void {
  const whole = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  if (prefix !== '' && !isObjectName(whole)) throw nameInvalid(prefix, 'it cannot begin the name of an object');
}

/** C2SP tlog-tiles: the newest checkpoint is the one mutable resource of a log; partial tiles go when a full one stands. */
const VIEW = /^log\/(?:checkpoint|tile\/.+)$/;

/** Whether a name is one of the views: the log as C2SP tlog-tiles publishes it, which is made from what is stored elsewhere. */
export function isViewName(name: string): boolean {
  return isObjectName(name) && VIEW.test(name);
}

/** Throws UsageError NAME_INVALID for a name that is not a view's. */
export function checkViewName(name: string): void {
  if (!isViewName(name)) throw nameInvalid(name, 'only log/checkpoint and log/tile/ are made again and replaced');
}

/** The index is derived from segments: a part goes when a wider one covers it. */
const DERIVED = /^index\//;

/** Throws UsageError NAME_INVALID for a name that stands for anything but a view or a part of the index. */
export function checkRemovable(name: string): void {
  if (isObjectName(name) && (VIEW.test(name) || DERIVED.test(name))) return;
  throw nameInvalid(name, 'only views of the log and parts of the index are removed');
}

function nameInvalid(name: string, why: string): UsageError<VaultErrorCode> {
  return new UsageError('NAME_INVALID', `Not an object name: ${JSON.stringify(name.slice(0, 100))}: ${why}.`);
}
