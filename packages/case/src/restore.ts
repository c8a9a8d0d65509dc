import { CustodyError } from '@custody/bytes';
import { commitName, isCommitName, type LoggedCommit } from '@custody/segment';
import { compareWithMemory } from './anchors/checkpoint-memory.ts';
import { readKnownCheckpoint, requireExtends } from './anchors/known-checkpoint.ts';
import type { OutsideKnowledge } from './anchors/verify-outside.ts';
import type { CaseVerdict } from './case-verdict.ts';
import type { Failure } from './failure.ts';
import { type FinishedRewrite, finishRewrites, unfinishedRewrites } from './finish-rewrites.ts';
import { type Case, openCase } from './open-case.ts';
import type { Person } from './person.ts';
import type { Progress } from './progress.ts';
import { verifyCase } from './verify-case.ts';

export interface RestoreOptions {
  readonly person: Person;
  readonly verifierKey?: string;
  /** What is known from elsewhere: a kept checkpoint, what this machine has seen. */
  readonly known?: OutsideKnowledge;
  /** Another copy of the case, or of its log: what it has more is brought over. */
  readonly against?: string;
  /** Change nothing. */
  readonly plan?: boolean;
  readonly progress?: Progress;
}

/** What a copy that was put back is worth: `custody restore --check --json`. */
export interface RestoreReport {
  readonly kind: 'restore';
  readonly ok: boolean;
  /** Entries before anything was done. */
  readonly size: number;
  /** True where more of this log is known than the copy holds: it must not be appended to. */
  readonly behind: boolean;
  /** Commits brought over from the other copy. */
  readonly broughtOver: number;
  /** Orders and decisions of which something stood again, by entry: those found, and those carried out again. */
  readonly standing: readonly number[];
  readonly replayed: readonly FinishedRewrite[];
  readonly failures: readonly Failure[];
  readonly notes: readonly string[];
  /** The whole copy, verified after that; null where it is behind or forked. */
  readonly verdict: CaseVerdict | null;
}

/**
 * Checks a copy of a case that was put back, before anybody works on it: against the largest checkpoint known, and so that
 * nothing stands in it that an order has destroyed. Appends nothing to a copy that is behind, for that would fork the log.
 */
export async function restoreCheck(location: string, options: RestoreOptions): Promise<RestoreReport> {
  const { person, verifierKey, plan, progress } = options;
  const terms = { person, ...(verifierKey !== undefined && { verifierKey }) };
  const opened = await openCase(location, terms);
  const { size } = opened.ledger;
  const notes: string[] = [];
  const failures: Failure[] = [];
  let broughtOver = 0;
  if (options.against !== undefined) {
    const other = await openCase(options.against, terms);
    const failure = failureOf(() => requireSameLog(opened, other));
    if (failure !== null) failures.push(failure);
    else if (other.ledger.size > size) {
      notes.push(`${options.against} has ${other.ledger.size - size} entries more`);
      broughtOver = await bringOver(opened, other, plan === true);
    } else if (other.ledger.size < size) notes.push(`${options.against} has ${size - other.ledger.size} entries fewer`);
  }
  failures.push(...(await unknownTo(opened, options.known)));
  const behind = failures.length > 0;
  const base = { kind: 'restore' as const, size, behind, broughtOver, notes };
  if (behind) return { ...base, ok: false, standing: [], replayed: [], failures, verdict: null };
  const standing = await unfinishedRewrites(opened);
  const replayed = plan === true ? [] : await finishRewrites(opened, progress === undefined ? {} : { progress });
  const known = options.known === undefined ? {} : { known: options.known };
  const verdict = await verifyCase(location, { ...terms, ...known, ...(progress && { progress }) });
  return { ...base, ok: verdict.ok, standing, replayed, failures, verdict };
}

/** What is remembered or given is not in the copy, or contradicts it. */
async function unknownTo(opened: Case, known: OutsideKnowledge = {}): Promise<Failure[]> {
  const { checkpoint, memory } = known;
  const { ledger } = opened;
  const failures: Failure[] = [];
  if (checkpoint !== undefined) {
    const failure = failureOf(() => {
      const state = readKnownCheckpoint(checkpoint.note, ledger.keys.ofCheckpoint(checkpoint.note));
      requireExtends(ledger, state, `the checkpoint in ${checkpoint.name}`);
    });
    if (failure !== null) failures.push(failure);
  }
  if (typeof memory === 'string') {
    try {
      await compareWithMemory(memory, ledger);
    } catch (error) {
      failures.push(asFailure(error));
    }
  }
  return failures;
}

function requireSameLog(opened: Case, other: Case): void {
  const [shorter, longer] = opened.ledger.size <= other.ledger.size ? [opened, other] : [other, opened];
  const state = { size: shorter.ledger.size, root: shorter.ledger.root() };
  requireExtends(longer.ledger, state, shorter.vault.location);
}

/** Copies what the other copy's log has more: first the objects of a commit, then the commit, as they were made. */
async function bringOver(opened: Case, other: Case, plan: boolean): Promise<number> {
  const more = other.ledger.commits.filter(({ size }) => size >= opened.ledger.size);
  if (plan) return more.length;
  const { rewrites } = other.ledger;
  for (const commit of more) {
    for (const name of namesOf(other, commit)) {
      // What was destroyed there does not come back here.
      if (rewrites.destroyedBy(name) !== null) continue;
      if ((await opened.vault.info(name)) !== null) continue;
      await opened.vault.createFromStream(name, other.vault.readStream(name));
    }
    await opened.vault.create(commitName(commit.size), await other.vault.read(commitName(commit.size)));
  }
  await opened.refresh();
  return more.length;
}

function namesOf(other: Case, commit: LoggedCommit): string[] {
  return commit.objects.filter((name) => !isCommitName(name) && other.ledger.objects.has(name));
}

function failureOf(work: () => void): Failure | null {
  try {
    work();
    return null;
  } catch (error) {
    return asFailure(error);
  }
}

function asFailure(error: unknown): Failure {
  if (!(error instanceof CustodyError) || error.family === 'unavailable') throw error;
  return { object: 'log', code: error.code, message: error.message };
}
