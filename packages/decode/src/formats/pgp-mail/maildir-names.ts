import type { Finding } from '@custody/evidence';
import { finding } from '../../make-finding.ts';

/** Names of a Maildir's files held against what is in them. Rows count its files in the order of their paths. Survives structured cloning. */
export interface NameTally {
  /** Files that name a time, of mails that have one of their own. */
  timed: number;
  /** Rows of those whose times differ. */
  readonly late: number[];
  /** Rows of files that are not as long as they say. */
  readonly cut: number[];
}

/** Ours: between a server's own stamp and the name that it gives, queues and clocks included. */
const TOLERATED_MS = 15 * 60_000;
/** Ours: with more than this share the names are of the day the folder was copied, and say nothing. */
const MOST_SHARE = 0.05;
const MOST_FEW = 4;
const FEWEST = 20;
const SHOWN = 20;
const MOST_KEPT = 10_000;

export function noNames(): NameTally {
  return { timed: 0, late: [], cut: [] };
}

/** When a file was delivered, by the seconds that its name begins with; null where it names none (maildir(5)). */
export function deliveredAt(path: string): number | null {
  const seconds = /(?:^|\/)(?:cur|new)\/(\d{9,10})\.[^/]*$/.exec(path)?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}

/** The next mail: `received` is what its topmost Received header says, `length` how many bytes the file has. */
export function seeName(
  names: NameTally,
  path: string,
  { row, received, length }: { row: number; received: number | null; length: number },
): void {
  const delivered = deliveredAt(path);
  if (delivered !== null && received !== null) {
    names.timed++;
    if (Math.abs(delivered - received) > TOLERATED_MS && names.late.length < MOST_KEPT) names.late.push(row);
  }
  const stated = /,S=(\d{1,15})(?=[,:;!]|$)/.exec(path)?.[1];
  if (stated !== undefined && Number(stated) !== length && names.cut.length < MOST_KEPT) names.cut.push(row);
}

export function joinNames(sum: NameTally, later: NameTally): void {
  sum.timed += later.timed;
  sum.late.push(...later.late);
  sum.cut.push(...later.cut);
}

/**
 * Mails whose name says another time than they do, where those of all others agree: a Maildir has no order of its own but
 * that of its names. And files that are not as long as their name states.
 */
export function nameFindings(files: readonly string[], { timed, late, cut }: NameTally): Finding[] {
  const told = (code: 'TIME_ANOMALY' | 'CONFLICTING_COPIES', rows: readonly number[], detail: string): Finding => {
    const place = (row: number | undefined) => ({
      ...{ path: files[(row ?? 1) - 1] ?? '', offset: null, length: null },
      row: row ?? null,
    });
    const names = rows.slice(0, SHOWN).map((row) => files[row - 1]);
    const more = rows.length > SHOWN ? ` … (${rows.length} in all)` : '';
    return finding(code, place(rows[0]), {
      records: rows.length,
      detail: `${detail}: ${names.join(', ')}${more}`,
      related: rows.slice(1, 100).map(place),
      class: 'doubt',
    });
  };
  const out: Finding[] = [];
  const isTold = late.length > 0 && timed >= FEWEST && late.length <= Math.max(MOST_FEW, timed * MOST_SHARE);
  if (isTold) {
    const detail = `${late.length} of ${timed} mails say another time of arrival than the name of their file, which agrees for all others: moved from elsewhere, renamed or changed`;
    out.push(told('TIME_ANOMALY', late, detail));
  }
  if (cut.length > 0) {
    out.push(told('CONFLICTING_COPIES', cut, `${cut.length} file(s) are not as long as their name states (S=)`));
  }
  return out;
}
