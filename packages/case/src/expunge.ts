import { randomBytes } from 'node:crypto';
import type { CborValue } from '@custody/bytes';
import { hexEncode } from '@custody/bytes';
import type { ExpungementMode, ExpungementOrder } from '@custody/evidence';
import { encodeStatement, rewriteName, storeObject } from '@custody/segment';
import { RefusedError, usage } from './errors.ts';
import { type ExpungementPlan, type PlannedExpungement, parseOrder, planExpungement } from './expunge-plan.ts';
import { segmentsHolding } from './expunge-selection.ts';
import { type FinishedRewrite, finishRewrites } from './finish-rewrites.ts';
import type { Case } from './open-case.ts';
import type { Progress } from './progress.ts';
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
  const before = opened.ledger.rewrites.all.length;
  const entry = await append(opened, planned);
  if (opened.ledger.rewrites.all.length === before + 1) return entry;
  // Somebody moved items between our plan and our entry: what they moved must go from where it lies now, too.
  await finishRewrites(opened);
  const segments = await segmentsHolding(opened, planned.leaves);
  if (segments.length > 0)
    await append(opened, { ...planned, statement: { ...planned.statement, segments, names: [] } });
  return entry;
}

async function append(opened: Case, { order, mode, statement, originals }: PlannedExpungement): Promise<number> {
  const bytes = encodeStatement(statement);
  const object = await storeObject(opened.vault, rewriteName(hexEncode(randomBytes(16))), bytes);
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
  const [entry] = await opened.append([event], [object]);
  if (entry === undefined) throw new RefusedError('NO_RIGHTS', 'the order could not be recorded');
  return entry.index;
}
