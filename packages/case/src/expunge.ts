import { randomBytes } from 'node:crypto';
import type { CborValue } from '@custody/bytes';
import { hexEncode } from '@custody/bytes';
import type { CommitObject } from '@custody/chain';
import type { ExpungementMode, ExpungementOrder } from '@custody/evidence';
import { encodeStatement, type RewriteStatement, rewriteName, storeObject } from '@custody/segment';
import { RefusedError, usage } from './errors.ts';
import { type ExpungementPlan, type PlannedExpungement, parseOrder, planExpungement } from './expunge-plan.ts';
import { segmentsHolding } from './expunge-selection.ts';
import { type FinishedRewrite, finishRewrites } from './finish-rewrites.ts';
import type { Case } from './open-case.ts';
import type { Progress } from './progress.ts';
import { planQuotations, storeReworded } from './quotations/plan-quotations.ts';
import { refuse } from './refuse.ts';

export interface ExpungeOptions {
  /** Where the order itself does not say. */
  readonly mode?: ExpungementMode;
  readonly progress?: Progress;
}

/** What was destroyed: `custody expunge --json`. */
export interface ExpungementReport extends ExpungementPlan {
  /** The log entry that ordered it. */
  readonly entry: number;
  readonly finished: readonly FinishedRewrite[];
}

/** What the order in `file` would destroy. Changes nothing, and opens nothing to the eye. */
export async function expungementPlan(
  opened: Case,
  file: string,
  options: ExpungeOptions = {},
): Promise<ExpungementPlan> {
  const { order, mode } = parseOrder(file, options.mode);
  await requireHolder(opened, order);
  return (await planExpungement(opened, order, mode)).plan;
}

/**
 * Destroys what an order names. First the `expunge` entry: from there on the items are out of reach, whatever
 * happens. Then what `finishRewrites` does, which `resume` takes up again after an interruption.
 *
 * Throws UsageError ORDER_INVALID, ARGUMENT_INVALID, NOTHING_SELECTED, ITEM_UNKNOWN, DERIVATION_UNFINISHED;
 * RefusedError (recorded) for who lacks keys or where the store retains; IntegrityError RAW_NOT_REPRODUCED.
 */
export async function expunge(opened: Case, file: string, options: ExpungeOptions = {}): Promise<ExpungementReport> {
  const { order, mode } = parseOrder(file, options.mode);
  await requireHolder(opened, order);
  await finishRewrites(opened, options);
  const planned = await planExpungement(opened, order, mode);
  if (planned.plan.conflicts.length > 0) {
    const [first] = planned.plan.conflicts;
    await refuse(
      opened,
      'expunge',
      `the store keeps ${planned.plan.conflicts.length} object(s) that order "${order.id}" destroys, ${first?.object} first: ${first?.why}. Nothing was destroyed`,
      order.id,
    );
  }
  const entry = await recordOrder(opened, planned);
  const finished = await finishRewrites(opened, options);
  return { ...planned.plan, entry, finished };
}

/** Only who may open everything can write it anew; only who may append can record it. */
async function requireHolder(opened: Case, order: ExpungementOrder): Promise<void> {
  await opened.refresh();
  if (opened.state.keys === null) throw usage('NO_RIGHTS', 'you do not hold the compartment "evidence" of this case');
  if (opened.held.source !== undefined) return;
  const who = opened.requirePerson().name;
  await refuse(
    opened,
    'expunge',
    `${who} does not hold the compartment "source", without which nothing can be written anew`,
    order.id,
  );
}

async function recordOrder(opened: Case, planned: PlannedExpungement): Promise<number> {
  const before = { rewrites: opened.ledger.rewrites.all.length, size: opened.ledger.size };
  const entry = await append(opened, planned);
  const isAlone = opened.ledger.rewrites.all.length === before.rewrites + 1;
  // What was typed since the plan is looked through as well, while there is something to hold it against.
  if (entry !== before.size || !isAlone) await rewordSince(opened, planned, { entry, from: isAlone ? before.size : 0 });
  if (isAlone) return entry;
  // Somebody moved items between our plan and our entry: what they moved must go from where it lies now, too.
  await finishRewrites(opened);
  const segments = await segmentsHolding(opened, planned.leaves);
  if (segments.length > 0)
    await append(opened, {
      ...planned,
      statement: { ...planned.statement, segments, names: [] },
      quotations: { ...planned.quotations, commits: [] },
    });
  return entry;
}

/** Events beside the order that quote what it destroys. */
async function rewordSince(
  opened: Case,
  { order, leaves }: PlannedExpungement,
  { entry, from }: { readonly entry: number; readonly from: number },
): Promise<void> {
  const quotations = await planQuotations(opened, leaves, { order, from, except: entry });
  if (quotations.events.length === 0) return;
  const { objects, reopened } = await storeReworded(opened, quotations);
  const statement = await storeStatement(opened, {
    ...{ leaves: [], segments: [], reopened },
    names: reopened.map(([before]) => before),
  });
  const event = opened.draft('expunge', {
    authority: order.id,
    subject: new Map<string, string | number>([
      ['act', 'events'],
      ['of', entry],
    ]),
    detail: new Map<string, CborValue>([['statement', statement.sha256]]),
  });
  await opened.append([event], [statement, ...objects]);
}

function storeStatement(opened: Case, statement: RewriteStatement): Promise<CommitObject> {
  return storeObject(opened.vault, rewriteName(hexEncode(randomBytes(16))), encodeStatement(statement));
}

async function append(opened: Case, planned: PlannedExpungement): Promise<number> {
  const { order, mode, statement, originals, quotations } = planned;
  const { objects, reopened } = await storeReworded(opened, quotations);
  const object = await storeStatement(opened, { ...statement, reopened });
  const detail = new Map<string, CborValue>([
    ['leaves', statement.leaves.map((range) => [...range])],
    ['mode', mode],
    ['order', JSON.stringify(order)],
    ['originals', originals.map(({ sha256 }) => sha256)],
    ['statement', object.sha256],
  ]);
  const event = opened.draft('expunge', {
    authority: order.id,
    reason: order.reason,
    subject: new Map([
      ['act', 'order'],
      ['id', order.id],
      ['mode', mode],
      ['reference', order.reference],
    ]),
    detail,
  });
  const [entry] = await opened.append([event], [object, ...objects]);
  if (entry === undefined) throw new RefusedError('NO_RIGHTS', 'the order could not be recorded');
  return entry.index;
}
