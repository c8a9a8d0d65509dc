import type { Authentication, Instant, Locator } from '@custody/evidence';
import { fileDigest } from '../../file-digest.ts';
import type { RowSink } from '../../row-store/row-decoder.ts';
import type { BackupEntry } from './backup-entry.ts';
import type { BackupFiles } from './backup-files.ts';

/** The last second that a Date can hold (ECMA-262 21.4.1.1). */
const LAST_SECOND = 8.64e12;

export interface EntryPlace {
  readonly locator: Locator;
  readonly raw: Uint8Array;
}

/** A file of a backup: an item with the hash of its content. Folders and links are notes. */
export function writeEntry(
  entry: BackupEntry,
  { locator, raw }: EntryPlace,
  into: RowSink & { readonly files: BackupFiles; readonly authentication: Authentication },
): void {
  const { out, tally, files } = into;
  const isFile = entry.kind === 'file' || (entry.kind === 'unknown' && files.pathOf(entry.fileId) !== null);
  out.begin(isFile ? 'attachment' : 'note', 'ios', null);
  out.locator(locator);
  out.raw(raw);
  out.authentication(into.authentication);
  out.messageId(entry.fileId);
  const modified = secondsAt(entry.modified);
  if (modified !== null) out.sentAt(modified);
  const created = secondsAt(entry.created);
  if (created !== null) out.time('created', created);
  if (isFile) {
    const opened = files.open(entry);
    const digest = opened.state === 'whole' ? fileDigest(opened.source) : null;
    if (opened.state === 'absent') tally.absentContents += entry.size === 0 ? 0 : 1;
    else if (opened.state === 'locked') tally.lockedFiles++;
    else if (digest === null) tally.damagedFiles++;
    const name = `${entry.domain}/${entry.path}`;
    const size = digest?.size ?? entry.size;
    out.attachment({ name, mime: null, size, sha256: digest?.sha256 ?? null, present: digest !== null });
    out.field('content', opened.state);
  }
  out.field('domain', entry.domain);
  out.field('relativePath', entry.path);
  out.field('kind', entry.isReadable ? entry.kind : 'not readable');
  if (entry.mode !== null) out.field('mode', entry.mode);
  if (entry.protectionClass !== null) out.field('protectionClass', entry.protectionClass);
  out.end();
}

function secondsAt(seconds: number | null): Instant | null {
  if (seconds === null || seconds <= 0 || !Number.isFinite(seconds)) return null;
  const utc = seconds <= LAST_SECOND ? Math.floor(seconds * 1000) : null;
  return { utc, raw: String(seconds), zone: 'UTC', precision: 's', clock: 'device' };
}
