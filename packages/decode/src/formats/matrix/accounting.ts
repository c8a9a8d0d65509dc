import { createHash } from 'node:crypto';
import type { MegolmState } from './statements.ts';

/** What is counted about one Megolm session. `seen` holds four numbers a message: index, row, hashes of event id and of ciphertext. */
export interface SessionAccount {
  readonly room: string;
  /** Who is said to have sent its messages; more than one is wrong. */
  readonly senders: string[];
  readonly seen: number[];
  /** Messages by what became of them, and the row of the first of each. */
  readonly outcomes: Partial<Record<MegolmState, { count: number; readonly row: number }>>;
  /** First index of the supplied key; null where there is none. */
  readonly keyFrom: number | null;
}

/** A `prev_events` entry whose event is not in the same unit. */
export interface OpenReference {
  readonly id: string;
  readonly hash: number;
  readonly room: string;
  readonly row: number;
  readonly depth: number | null;
}

/** What one unit tells `finish`. Survives structured cloning. */
export interface UnitAccount {
  /** 53 bits of the SHA-256 of each event id, in the order of `rows` and `depths`. */
  readonly ids: number[];
  readonly rows: number[];
  /** -1: not stated. */
  readonly depths: number[];
  readonly references: readonly OpenReference[];
  readonly sessions: Map<string, SessionAccount>;
  /** References to events that do not stand before the event that refers to them. */
  readonly backwards: { count: number; row: number };
  /** Events whose file is not there, and hashes of the paths of those that are. */
  readonly media: { absent: number; readonly used: number[] };
  readonly uncovered: Map<string, number>;
}

/** Longest list of predecessors that is followed; servers take 20. */
const MOST_PARENTS = 64;

/** 53 bits of a hash: whole numbers that a double holds. */
export function shortHash(text: string): number {
  const digest = createHash('sha256').update(text).digest();
  return (digest.readUInt32BE(0) & 0x1fffff) * 2 ** 32 + digest.readUInt32BE(4);
}

/** Gathers the account of one unit. */
export class UnitAccounting {
  readonly #ids: number[] = [];
  readonly #rows: number[] = [];
  readonly #depths: number[] = [];
  readonly #at = new Map<number, number>();
  readonly #references: OpenReference[] = [];
  readonly #sessions = new Map<string, SessionAccount>();
  readonly #uncovered = new Map<string, number>();
  readonly media: { absent: number; readonly used: number[] } = { absent: 0, used: [] };

  event(
    id: string,
    row: number,
    { room, depth, parents }: { room: string; depth: number | null; parents: readonly string[] },
  ): void {
    const hash = shortHash(id);
    if (!this.#at.has(hash)) this.#at.set(hash, this.#ids.length);
    this.#ids.push(hash);
    this.#rows.push(row);
    this.#depths.push(depth ?? -1);
    for (const parent of parents.slice(0, MOST_PARENTS)) {
      this.#references.push({ id: parent, hash: shortHash(parent), room, row, depth });
    }
  }

  session(
    id: string,
    message: { room: string; sender: string; outcome: MegolmState; keyFrom: number | null; row: number },
  ): SessionAccount {
    const { room, sender, outcome, keyFrom, row } = message;
    let account = this.#sessions.get(id);
    if (account === undefined) {
      account = { room, senders: [], seen: [], outcomes: {}, keyFrom };
      this.#sessions.set(id, account);
    }
    if (!account.senders.includes(sender) && account.senders.length < 4) account.senders.push(sender);
    const counted = account.outcomes[outcome];
    if (counted === undefined) account.outcomes[outcome] = { count: 1, row };
    else counted.count++;
    return account;
  }

  notCovered(what: string): void {
    this.#uncovered.set(what, (this.#uncovered.get(what) ?? 0) + 1);
  }

  close(): UnitAccount {
    const backwards = { count: 0, row: 0 };
    const references = this.#references.filter(({ hash, depth, row }) => {
      const at = this.#at.get(hash);
      if (at === undefined) return true;
      if (isBackwards(depth, this.#depths[at] as number) && backwards.count++ === 0) backwards.row = row;
      return false;
    });
    return {
      ...{ ids: this.#ids, rows: this.#rows, depths: this.#depths, references, sessions: this.#sessions },
      ...{ backwards, media: this.media, uncovered: this.#uncovered },
    };
  }
}

/** A predecessor has a smaller depth. A cycle breaks that somewhere, so none has to be walked to be found. */
export function isBackwards(depth: number | null, parent: number): boolean {
  return depth !== null && parent >= 0 && parent >= depth;
}

/** Two neighbouring accounts as one; `earlier` is changed. */
export function combineAccounts(earlier: UnitAccount, later: UnitAccount): UnitAccount {
  // Not push(...): that many arguments overflow the stack.
  for (const hash of later.ids) earlier.ids.push(hash);
  for (const row of later.rows) earlier.rows.push(row);
  for (const depth of later.depths) earlier.depths.push(depth);
  for (const reference of later.references) (earlier.references as OpenReference[]).push(reference);
  for (const [id, account] of later.sessions) mergeSession(earlier.sessions, id, account);
  for (const [what, count] of later.uncovered) earlier.uncovered.set(what, (earlier.uncovered.get(what) ?? 0) + count);
  if (earlier.backwards.count === 0) earlier.backwards.row = later.backwards.row;
  earlier.backwards.count += later.backwards.count;
  earlier.media.absent += later.media.absent;
  for (const path of later.media.used) earlier.media.used.push(path);
  return earlier;
}

function mergeSession(sessions: Map<string, SessionAccount>, id: string, later: SessionAccount): void {
  const earlier = sessions.get(id);
  if (earlier === undefined) {
    sessions.set(id, later);
    return;
  }
  for (const number of later.seen) earlier.seen.push(number);
  for (const sender of later.senders) {
    if (!earlier.senders.includes(sender) && earlier.senders.length < 4) earlier.senders.push(sender);
  }
  for (const [state, { count, row }] of Object.entries(later.outcomes) as [
    MegolmState,
    { count: number; row: number },
  ][]) {
    const counted = earlier.outcomes[state];
    if (counted === undefined) earlier.outcomes[state] = { count, row };
    else counted.count += count;
  }
}
