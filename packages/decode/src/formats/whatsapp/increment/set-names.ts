/** `msgstore-increment-3.db.crypt15`, also with a date behind the number. */
export const INCREMENT: RegExp =
  /(?:^|\/)msgstore-increment-(\d{1,4})(?=[-.])(?:-(\d{4}-\d{2}-\d{2}\.\d+))?[^/]*\.crypt1[2-5]$/i;
/** The whole backup, by its present name or with the date under which an older one is kept. */
export const WHOLE: RegExp = /(?:^|\/)msgstore(?:-\d{4}-\d{2}-\d{2}\.\d+)?\.db(?:\.crypt1[2-5])?$/i;
const PRESENT = /(?:^|\/)msgstore\.db(?:\.crypt1[2-5])?$/i;
const ADDRESS_BOOK = /(?:^|\/)wa\.db/i;
const BACKUP = /\.crypt1[2-5]$/i;

/**
 * The incremental backups that a whole one is continued by: those in its folder, the dated ones first, then by number.
 * None where another file of the folder is the whole one: the present name before a dated one, the newest date, and
 * a backup of any other name only where it is the one there is.
 */
export function incrementsOf(whole: string, names: readonly string[]): readonly string[] {
  const folder = whole.slice(0, whole.lastIndexOf('/') + 1);
  const inside = names.filter((name) => name.startsWith(folder) && !name.slice(folder.length).includes('/'));
  if (wholeAmong(inside) !== whole) return [];
  return inside.filter((name) => INCREMENT.test(name)).sort(inOrder);
}

function wholeAmong(names: readonly string[]): string | null {
  const present = names.filter((name) => PRESENT.test(name)).sort();
  // Encrypted before decrypted: a copy in clear beside it is somebody's work.
  if (present.length > 0) return present.at(-1) as string;
  const dated = names.filter((name) => WHOLE.test(name)).sort();
  if (dated.length > 0) return dated.at(-1) as string;
  const others = names.filter((name) => BACKUP.test(name) && !INCREMENT.test(name) && !ADDRESS_BOOK.test(name));
  return others.length === 1 ? (others[0] as string) : null;
}

function inOrder(a: string, b: string): number {
  const [one, other] = [INCREMENT.exec(a), INCREMENT.exec(b)];
  const date = (match: RegExpExecArray | null): string => match?.[2] ?? '9999';
  if (date(one) !== date(other)) return date(one) < date(other) ? -1 : 1;
  return Number(one?.[1]) - Number(other?.[1]) || (a < b ? -1 : 1);
}
