import { type Case, openCase, refuseRollback } from '@custody/case';
import { postWithin } from '@custody/vault';

/** A witness that takes longer is away, and work goes on. */
const WITNESS_MS = 5000;

/** Cases kept open: a log is read once and then only continued. */
const MOST_OPEN = 8;

/** The cases that jobs are about, opened with this process's own identity and storage credentials. */
export class OpenCases {
  readonly #open = new Map<string, Promise<Case>>();

  /** The case with at least `segments` segments in view, as far as its log has them. Calls take turns. */
  at(location: string, segments: number): Promise<Case> {
    const known = this.#open.get(location);
    this.#open.delete(location);
    const next = known === undefined ? openGuarded(location) : known.then((opened) => refreshed(opened, segments));
    this.#open.set(location, next);
    // What could not be opened is tried afresh the next time.
    next.catch(() => this.#open.get(location) === next && this.#open.delete(location));
    if (this.#open.size > MOST_OPEN) this.#open.delete(this.#open.keys().next().value as string);
    return next;
  }
}

/**
 * A case that appends nothing where a witness has seen more of its log: a restored backup would go on beside the log that
 * others know. A witness that does not answer stops nothing, as nothing was stopped before it was asked.
 */
async function openGuarded(location: string): Promise<Case> {
  const opened = await openCase(location);
  opened.beforeFirstAppend = () => refuseRollback(opened, postWithin(WITNESS_MS), () => undefined);
  return opened;
}

async function refreshed(opened: Case, segments: number): Promise<Case> {
  if (opened.ledger.segments.length >= segments) return opened;
  await opened.ledger.refresh();
  await opened.applyEvents();
  return opened;
}
