import type { Finding } from '@custody/evidence';
import type { CaptureFolder } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import type { Container } from './container.ts';
import { readDelimited } from './delimited.ts';
import { mediaPath } from './media-store.ts';
import { readMessage } from './schema/read-message.ts';
import { messageType } from './schema/schema.ts';

/** Names of files by who knows of them. */
export interface MediaFolder {
  /** Folder that holds the snapshots and `files`. */
  readonly root: string;
  /** Names that the snapshot's own list has; null where there is no list. */
  readonly listed: ReadonlySet<string> | null;
  /** Names of the files that are there. */
  readonly stored: ReadonlySet<string>;
  readonly findings: readonly Finding[];
}

const NAME = /^[0-9a-f]{64}$/;

/** Reads the list of a snapshot and looks what files there are. */
export function readMediaFolder({ path }: Container, folder: CaptureFolder): MediaFolder {
  const snapshot = path.slice(0, path.length - 'main'.length);
  const root = snapshot.replace(/[^/]*\/$/, '');
  const findings: Finding[] = [];
  const listed = readList(folder, `${snapshot}files`, findings);
  const stored = new Set<string>();
  for (const name of folder.names) {
    const last = name.slice(name.lastIndexOf('/') + 1);
    if (NAME.test(last) && name === mediaPath(root, last)) stored.add(last);
  }
  return { root, listed, stored, findings };
}

function readList(folder: CaptureFolder, path: string, findings: Finding[]): Set<string> | null {
  const source = folder.open(path);
  if (source === null) {
    const detail =
      'The list of files that belong to this backup is not in the capture: what it named cannot be compared.';
    findings.push(finding('REFERENCED_BUT_ABSENT', path, { records: 0, detail }));
    return null;
  }
  const listed = new Set<string>();
  try {
    for (const found of readDelimited(source, 0, source.length)) {
      const name = 'why' in found ? null : readMessage(messageType('MediaEntry'), found.bytes, new Map()).mediaName;
      if (typeof name !== 'string' || !NAME.test(name)) {
        tellBroken(findings, path, listed.size);
        break;
      }
      listed.add(name);
    }
  } catch {
    tellBroken(findings, path, listed.size);
  }
  return listed;
}

function tellBroken(findings: Finding[], path: string, read: number): void {
  const detail = `The list of files breaks off after ${read} names: nothing authenticates it, and what it named further cannot be compared.`;
  findings.push(finding('UNIT_UNVERIFIED', path, { records: 0, detail }));
}

/** Pointers, list and disk held against each other. */
export function reconcileMedia(path: string, { listed, stored }: MediaFolder, pointed: ReadonlySet<string>): Finding[] {
  const findings: Finding[] = [];
  const tell = (code: Finding['code'], names: number, detail: string, more?: { class: Finding['class'] }) => {
    if (names > 0) findings.push(finding(code, path, { records: names, detail: `${names} ${detail}`, ...more }));
  };
  const absent = [...pointed].filter((name) => !stored.has(name));
  tell('REFERENCED_BUT_ABSENT', absent.length, 'file(s) that messages name are not in the folder of files.');
  const stray = [...stored].filter((name) => !pointed.has(name));
  tell(
    'BYTES_NOT_EXAMINED',
    stray.length,
    'file(s) in the folder are named by no message of this backup. Their keys stand in messages only, so they stay closed; other backups in the folder may name them.',
  );
  if (listed === null) return findings;
  const onlyListed = [...listed].filter((name) => !pointed.has(name));
  const there = onlyListed.filter((name) => stored.has(name)).length;
  tell(
    'CONFLICTING_COPIES',
    onlyListed.length,
    `name(s) in the backup's own list of files are named by no message of it (${there} of them are in the folder).`,
  );
  const unlisted = [...pointed].filter((name) => !listed.has(name));
  tell('CONFLICTING_COPIES', unlisted.length, "file(s) that messages name are not in the backup's own list of files.");
  return findings;
}
