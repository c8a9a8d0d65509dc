import { randomBytes } from 'node:crypto';
import { type CborValue, hexEncode } from '@custody/bytes';
import type { CommitObject } from '@custody/chain';
import { compartmentOf, type Disposition, dispositionCode, dispositions } from '@custody/evidence';
import { type ContentCompartment, encodeStatement, rewriteName, storeObject } from '@custody/segment';
import type { DecisionRun } from './case-history.ts';
import { type DecidedItem, decideByAuthority, decideByHand } from './decide-items.ts';
import type { DecideOptions } from './decide-options.ts';
import { usage } from './errors.ts';
import { bySegment } from './expunge-selection.ts';
import { type FinishedRewrite, finishRewrites } from './finish-rewrites.ts';
import { requireAuthority } from './ingest.ts';
import type { Case } from './open-case.ts';
import { refuse } from './refuse.ts';

/** What was decided: `custody decide --json`. */
export interface DecideReport {
  /** Log entry of the decision; null where nothing changes, and for a plan. */
  readonly entry: number | null;
  readonly items: number;
  /** Items by old and new disposition. */
  readonly changes: readonly { readonly from: Disposition; readonly to: Disposition; readonly items: number }[];
  /** Items whose content moves to another compartment. */
  readonly moving: number;
  readonly finished: readonly FinishedRewrite[];
  readonly notes: readonly string[];
}

/**
 * Records a later decision about items; what was decided before stays in the log. Content then lies where the decision
 * puts it, by sealing anew: what leaves `evidence` leaves its index, too. Needs a reason where a person decides.
 *
 * Throws UsageError ARGUMENT_INVALID, NOTHING_SELECTED, ITEM_UNKNOWN, NO_RIGHTS; RefusedError under the authority.
 */
export async function decide(opened: Case, options: DecideOptions): Promise<DecideReport> {
  checkOptions(options);
  await opened.refresh();
  if (options.authority !== undefined) await requireAuthority(opened, options.authority, 'decide');
  const { decided, rule, notes } =
    options.disposition === undefined && options.privilege === undefined
      ? await decideByAuthority(opened, options)
      : await decideByHand(opened, options);
  if (options.items !== undefined && decided.length < options.items.length && rule.byHand) {
    await refuse(
      opened,
      'decide',
      `${options.items.length - decided.length} of the items lie in compartments that you do not hold`,
    );
  }
  const moved = decided.filter(({ from, to }) => compartmentOf(from) !== compartmentOf(to));
  const report = {
    items: decided.length,
    changes: changesOf(decided),
    moving: moved.length,
    notes: [...notes, ...(moved.length > 0 ? movingNotes(opened) : [])],
  };
  if (options.plan === true || decided.length === 0) return { entry: null, ...report, finished: [] };
  const entry = await record(opened, { options, decided, moved, rule: rule.text });
  const canMove = opened.held.source !== undefined;
  const finished = canMove ? await finishRewrites(opened, options) : [];
  return { entry, ...report, finished };
}

function checkOptions({ items, authority, disposition, privilege, rule, reason }: DecideOptions): void {
  const byHand = disposition !== undefined || privilege !== undefined;
  if (!byHand && authority === undefined)
    throw usage(
      'ARGUMENT_INVALID',
      'say what is decided: --disposition, --privilege, or --warrant to decide by its rule',
    );
  if (!byHand) return;
  if (items === undefined || items.length === 0)
    throw usage('ARGUMENT_INVALID', 'a decision by a person names its items: --items 5,7-9');
  if (reason === undefined || rule === undefined)
    throw usage(
      'ARGUMENT_INVALID',
      'a decision by a person needs --rule (which rule) and --reason (why it applies here)',
    );
  const isPrivileged = privilege === 'suspected' || privilege === 'confirmed';
  if (isPrivileged && disposition !== undefined && disposition !== 'privileged')
    throw usage('ARGUMENT_INVALID', `what is ${privilege} to be privileged cannot be ${disposition}`);
  if (privilege !== undefined && !isPrivileged && disposition === 'privileged')
    throw usage('ARGUMENT_INVALID', `privilege that is ${privilege} leaves nothing privileged`);
}

async function record(
  opened: Case,
  of: {
    readonly options: DecideOptions;
    readonly decided: readonly DecidedItem[];
    readonly moved: readonly DecidedItem[];
    readonly rule: string;
  },
): Promise<number> {
  const { authority, reason, privilege } = of.options;
  const objects: CommitObject[] = [];
  const detail = new Map<string, CborValue>([
    ['rule', of.rule],
    ['runs', runsOf(of.decided).map((run) => [...run])],
  ]);
  if (privilege !== undefined) detail.set('privilege', privilege);
  if (of.moved.length > 0) {
    const object = await storeObject(
      opened.vault,
      rewriteName(hexEncode(randomBytes(16))),
      statementOf(opened, of.moved),
    );
    detail.set('statement', object.sha256);
    objects.push(object);
  }
  const event = opened.draft('dispose', {
    ...(authority !== undefined && { authority }),
    ...(reason !== undefined && { reason }),
    subject: new Map<string, CborValue>([
      ['act', 'decide'],
      ['items', of.decided.length],
    ]),
    detail,
  });
  const [entry] = await opened.append([event], objects);
  return entry?.index ?? -1;
}

function statementOf(opened: Case, moved: readonly DecidedItem[]): Uint8Array {
  const byIndex = new Map(moved.map((one) => [one.index, one]));
  const segments = [...bySegment(opened, [...byIndex.keys()])].map(([{ derive, unit, part }, leaves]) => {
    const compartments = new Set<ContentCompartment>();
    for (const index of leaves) {
      const { from, to } = byIndex.get(index) as DecidedItem;
      compartments.add(compartmentOf(from)).add(compartmentOf(to));
    }
    return { derive, unit, part, compartments: [...compartments] };
  });
  return encodeStatement({ leaves: [], segments, names: [] });
}

/** Ascending runs of items with the same change. */
function runsOf(decided: readonly DecidedItem[]): DecisionRun[] {
  const out: [number, number, number, number][] = [];
  for (const { index, from, to } of [...decided].sort((a, b) => a.index - b.index)) {
    const last = out.at(-1);
    const [before, after] = [dispositionCode[from], dispositionCode[to]];
    if (last !== undefined && last[0] + last[1] === index && last[2] === before && last[3] === after) last[1]++;
    else out.push([index, 1, before, after]);
  }
  return out;
}

function changesOf(decided: readonly DecidedItem[]): DecideReport['changes'] {
  return dispositions.flatMap((from) =>
    dispositions.flatMap((to) => {
      const items = decided.filter((one) => one.from === from && one.to === to).length;
      return items === 0 ? [] : [{ from, to, items }];
    }),
  );
}

function movingNotes(opened: Case): string[] {
  const notes = ['who could read an item before may have read it; only what is stored is sealed anew, backups are not'];
  if (opened.held.source === undefined)
    notes.push('the content moves when somebody who holds "source" runs "custody resume"; until then it is not shown');
  return notes;
}
