import type { Profile } from '../../profile/profile.ts';
import { fieldsOf } from '../../profile/profile-fields.ts';
import { showPath } from '../../profile/show-path.ts';
import { readRow } from './csv-scanner.ts';
import { dialectOf } from './dump.ts';
import { JsonScanner } from './json-scanner.ts';

/** Length of a UTF-8 byte order mark at the start of a file. */
export function bomLength(head: Uint8Array): number {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
}

/** The first line of a file, without its line end; null where none ends in `head`. */
export function firstLine(head: Buffer): Buffer | null {
  let start = bomLength(head);
  while (head[start] === 0x0a || head[start] === 0x0d) start++;
  const lf = head.indexOf(0x0a, start);
  if (lf < 0) return null;
  return head.subarray(start, head[lf - 1] === 0x0d ? lf - 1 : lf);
}

/** True where the first line has every field that the profile reads for its type of record. */
export function fitsShape(profile: Profile, head: Buffer): boolean {
  const line = firstLine(head);
  if (line === null) return false;
  if (profile.container.kind === 'csv') {
    const names = readRow(line, dialectOf(profile.container));
    return (
      names !== null &&
      profile.records.every((record) => fieldsOf(record).every(({ field }) => names.includes(field as string)))
    );
  }
  return profile.records.some((record) => fitsRecord(line, record));
}

/** Fields that the profile reads and the header does not have, each with its place in the profile. */
export function missingColumns(profile: Profile, columns: readonly string[]): string[] {
  const known = new Set(columns);
  return profile.records.flatMap((record, i) =>
    fieldsOf(record)
      .filter(({ field }) => !known.has(showPath(field)))
      .map(({ field, where }) => `"${showPath(field)}" (/records/${i}${where})`),
  );
}

function fitsRecord(line: Buffer, record: Profile['records'][number]): boolean {
  const paths = fieldsOf(record).map(({ field }) => (typeof field === 'string' ? [field] : [...field]));
  const scanner = new JsonScanner(paths);
  if (!scanner.scan(line, 0, line.length)) return false;
  // Of several slots for one path only the last is filled.
  const last = paths.map((path) => paths.findLastIndex((other) => other.join('\0') === path.join('\0')));
  if (!last.every((slot) => scanner.values.has(slot))) return false;
  const when = record.when === undefined ? -1 : (last[0] as number);
  return when < 0 || scanner.values.text(when) === record.when?.equals;
}
