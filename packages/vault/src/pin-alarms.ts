import type { Pin } from './pin.ts';
import type { S3Connection } from './s3-connection.ts';
import { outcomeOf } from './s3-fault.ts';
import { covers, describeLock, readLock } from './s3-lock.ts';
import { listVersions } from './s3-versions.ts';

export interface PinAlarm {
  /** The object concerned. */
  readonly name: string;
  readonly code: 'VERSION_MISSING' | 'VERSION_ON_TOP' | 'LOCK_WEAKENED' | 'HOLD_LIFTED' | 'UPLOAD_LEFT';
  /** A note tells of something that also happens lawfully. */
  readonly severity: 'failure' | 'note';
  readonly message: string;
}

/**
 * Holds the pinned versions against the bucket: each must be there and locked as its pin says, and nothing may have
 * been put over it. Versions without a pin are what an interrupted upload left.
 */
export async function* findAlarms(
  connection: S3Connection,
  root: string,
  pins: ReadonlyMap<string, Pin>,
): AsyncGenerator<PinAlarm, void, undefined> {
  const names = new Map([...pins].map(([name, pin]) => [pin.key, name]));
  const seen = new Set<string>();
  let left = 0;
  for await (const { key, version, deleteMarker } of listVersions(connection, root)) {
    const name = names.get(key);
    if (name === undefined) left++;
    else if (pins.get(name)?.version === version) seen.add(name);
    else yield onTop(name, deleteMarker);
  }
  for (const [name, pin] of pins) {
    if (seen.has(name)) yield* await checkLock(connection, name, pin);
    else
      yield failure(name, 'VERSION_MISSING', `the pinned version of ${name} is no longer in the bucket ${pin.bucket}`);
  }
  if (left > 0) {
    const message = `${left} version(s) without a pin in the originals bucket: left by an interrupted upload, not locked, may be removed`;
    yield { name: root, code: 'UPLOAD_LEFT', severity: 'note', message };
  }
}

function onTop(name: string, deleteMarker: boolean): PinAlarm {
  const what = deleteMarker ? 'a delete marker' : 'another version';
  return failure(
    name,
    'VERSION_ON_TOP',
    `somebody put ${what} over ${name}; the pinned version is what is read, and it is whole if nothing else is reported`,
  );
}

async function checkLock(connection: S3Connection, name: string, pin: Pin): Promise<PinAlarm[]> {
  if (pin.lock === null) return [];
  const now = await readLock(connection, pin).catch((error: unknown) => {
    // Rights to read content need not include those to read locks.
    if (outcomeOf(error) === 'refused') return null;
    throw error;
  });
  if (now === null) {
    const message = `the lock of ${name} cannot be read with these rights`;
    return [{ name, code: 'HOLD_LIFTED', severity: 'note', message }];
  }
  const expired = pin.lock.until !== null && pin.lock.until < Date.now();
  if (!expired && !covers(now, { ...pin.lock, hold: false })) {
    const was = describeLock(pin.lock);
    return [failure(name, 'LOCK_WEAKENED', `${name} was stored with ${was} and now has ${describeLock(now)}`)];
  }
  if (!pin.lock.hold || now.hold) return [];
  const message = `the legal hold on ${name} was lifted since it was stored`;
  return [{ name, code: 'HOLD_LIFTED', severity: 'note', message }];
}

function failure(name: string, code: PinAlarm['code'], message: string): PinAlarm {
  return { name, code, severity: 'failure', message };
}
