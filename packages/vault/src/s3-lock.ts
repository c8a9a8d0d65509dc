import { createHash } from 'node:crypto';
import { IntegrityError } from '@custody/bytes';
import type { VaultErrorCode } from './errors.ts';
import type { S3Connection } from './s3-connection.ts';
import { outcomeOf } from './s3-fault.ts';
import { textOf } from './s3-list.ts';

export type LockMode = 'GOVERNANCE' | 'COMPLIANCE';

/** The protection of one version of one object (S3 Object Lock). */
export interface ObjectLock {
  /** Null: no retention. COMPLIANCE cannot be shortened by anybody, GOVERNANCE by those with the right to bypass it. */
  readonly mode: LockMode | null;
  /** Milliseconds since 1970 UTC; null without retention. */
  readonly until: number | null;
  /** A legal hold has no end; whoever has the right lifts it. */
  readonly hold: boolean;
}

/** One version of one key. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html */
export interface VersionAddress {
  readonly key: string;
  readonly version: string;
}

/** What a bucket says about itself. */
export interface BucketTraits {
  readonly versioned: boolean;
  readonly lock: boolean;
  /** Every object would be locked as it is stored, also a failed try. */
  readonly defaultRetention: boolean;
}

const XMLNS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

/** Asks the bucket. A server that does not know the question has no lock and no versions. */
export async function bucketTraits(connection: S3Connection): Promise<BucketTraits> {
  const versioning = await ask(connection, 'versioning=');
  const lock = await ask(connection, 'object-lock=');
  return {
    versioned: textOf(versioning, 'Status') === 'Enabled',
    lock: textOf(lock, 'ObjectLockEnabled') === 'Enabled',
    defaultRetention: lock.includes('<DefaultRetention>'),
  };
}

async function ask(connection: S3Connection, query: string): Promise<string> {
  try {
    return (await connection.send({ method: 'GET', query })).body.toString('utf8');
  } catch (error) {
    // Not configured, or a question the server does not know.
    if (outcomeOf(error) === 'absent') return '';
    throw error;
  }
}

/**
 * Sets retention, then hold, on one version and reads both back. An equal or longer retention that stands stays.
 * Throws IntegrityError LOCK_NOT_KEPT where the server does not show what it was told.
 */
export async function lockVersion(connection: S3Connection, at: VersionAddress, wanted: ObjectLock): Promise<void> {
  const before = await readLock(connection, at);
  if (!covers(before, { ...wanted, hold: false }) && wanted.mode !== null && wanted.until !== null) {
    const until = new Date(wanted.until).toISOString();
    const xml = `<Retention ${XMLNS}><Mode>${wanted.mode}</Mode><RetainUntilDate>${until}</RetainUntilDate></Retention>`;
    await putSetting(connection, at, { query: 'retention', xml });
  }
  if (wanted.hold && !before.hold) await setHold(connection, at, true);
  const after = await readLock(connection, at);
  if (!covers(after, wanted)) {
    throw new IntegrityError<VaultErrorCode>(
      'LOCK_NOT_KEPT',
      `The S3 server was told to lock ${at.key} and shows ${describeLock(after)}: it does not keep Object Lock. Use another server, or make the case with --no-lock.`,
      { detail: { key: at.key, version: at.version } },
    );
  }
}

/** The lock of a version as the server shows it. */
export async function readLock(connection: S3Connection, at: VersionAddress): Promise<ObjectLock> {
  const retention = await readSetting(connection, at, 'retention');
  const hold = await readSetting(connection, at, 'legal-hold');
  const mode = textOf(retention, 'Mode');
  const until = Date.parse(textOf(retention, 'RetainUntilDate') ?? '');
  const known = (mode === 'GOVERNANCE' || mode === 'COMPLIANCE') && !Number.isNaN(until);
  return { mode: known ? mode : null, until: known ? until : null, hold: textOf(hold, 'Status') === 'ON' };
}

export async function setHold(connection: S3Connection, at: VersionAddress, on: boolean): Promise<void> {
  const xml = `<LegalHold ${XMLNS}><Status>${on ? 'ON' : 'OFF'}</Status></LegalHold>`;
  await putSetting(connection, at, { query: 'legal-hold', xml });
}

/** Whether one lock is at least as strong and long as another. */
export function covers(has: ObjectLock, wanted: ObjectLock): boolean {
  if (wanted.hold && !has.hold) return false;
  if (wanted.mode === null) return true;
  if (has.mode === null || has.until === null) return false;
  // Servers keep whole seconds or finer; a second is no difference that matters.
  return (has.mode === 'COMPLIANCE' || wanted.mode === 'GOVERNANCE') && has.until + 1000 >= (wanted.until ?? 0);
}

/** In words, for messages. */
export function describeLock(lock: ObjectLock): string {
  const retention =
    lock.mode === null ? 'no retention' : `${lock.mode} retention until ${new Date(lock.until ?? 0).toISOString()}`;
  return `${retention}, ${lock.hold ? 'a legal hold' : 'no legal hold'}`;
}

function settingQuery(at: VersionAddress, setting: string): string {
  return `${setting}=&versionId=${encodeURIComponent(at.version)}`;
}

async function putSetting(
  connection: S3Connection,
  at: VersionAddress,
  { query, xml }: { readonly query: string; readonly xml: string },
): Promise<void> {
  const body = Buffer.from(xml);
  // The API asks for it with every lock setting.
  const headers = { 'content-md5': createHash('md5').update(body).digest('base64') };
  await connection.send({ method: 'PUT', key: at.key, query: settingQuery(at, query), body, headers });
}

async function readSetting(connection: S3Connection, at: VersionAddress, setting: string): Promise<string> {
  try {
    const query = settingQuery(at, setting);
    return (await connection.send({ method: 'GET', key: at.key, query })).body.toString('utf8');
  } catch (error) {
    if (outcomeOf(error) === 'absent') return '';
    throw error;
  }
}
