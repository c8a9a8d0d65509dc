import { IntegrityError } from '@custody/bytes';
import type { VaultErrorCode } from './errors.ts';
import type { LockMode, ObjectLock } from './s3-lock.ts';

/**
 * Which version of which key in the other bucket an object is, created once in the plain bucket: several may upload,
 * and the one whose pin stands has decided. Clear: it says no more than the store's own lists.
 */
export interface Pin {
  readonly bucket: string;
  readonly key: string;
  /** The server's version id; `null` (the word) where the bucket has no versions. */
  readonly version: string;
  readonly length: number;
  /** SHA-256 of the stored bytes, hex. */
  readonly sha256: string;
  /** What the version is locked with; null where the case was made without lock. */
  readonly lock: ObjectLock | null;
}

export const PIN_SUFFIX = '.pin';
/** Ours: a pin is some hundreds of bytes. */
const MAX_PIN = 8192;

export function encodePin(pin: Pin): Uint8Array {
  const lock =
    pin.lock === null
      ? null
      : {
          mode: pin.lock.mode,
          until: pin.lock.until === null ? null : new Date(pin.lock.until).toISOString(),
          hold: pin.lock.hold,
        };
  return Buffer.from(`${JSON.stringify({ ...pin, lock })}\n`);
}

/** Null for an empty pin: its object was destroyed. Throws IntegrityError PIN_BROKEN. */
export function readPin(bytes: Uint8Array, name: string): Pin | null {
  if (bytes.length === 0) return null;
  try {
    if (bytes.length > MAX_PIN) throw new Error('too long');
    const value = JSON.parse(Buffer.from(bytes).toString('utf8')) as Record<string, unknown>;
    const { bucket, key, version, length, sha256 } = value;
    if (!isText(bucket) || !isText(key) || !isText(version)) throw new Error('no address');
    if (!Number.isSafeInteger(length) || (length as number) < 0) throw new Error('no length');
    if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) throw new Error('no hash');
    return { bucket, key, version, length: length as number, sha256, lock: readPinLock(value.lock) };
  } catch (cause) {
    throw new IntegrityError<VaultErrorCode>('PIN_BROKEN', `${name} does not say where its object stands.`, {
      cause,
      detail: { name },
    });
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 1024;
}

function readPinLock(value: unknown): ObjectLock | null {
  if (value === null) return null;
  const { mode, until, hold } = value as Record<string, unknown>;
  if (typeof hold !== 'boolean') throw new Error('no hold');
  if (mode === null) return { mode: null, until: null, hold };
  const time = Date.parse(String(until));
  if ((mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') || Number.isNaN(time)) throw new Error('no retention');
  return { mode: mode as LockMode, until: time, hold };
}
