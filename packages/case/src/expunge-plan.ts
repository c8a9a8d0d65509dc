import { type ExpungementMode, type ExpungementOrder, readExpungementOrder } from '@custody/evidence';
import {
  type LeafRange,
  leavesName,
  originalName,
  originalSecretName,
  type RewriteStatement,
  Rewrites,
  rangesOf,
  readCommitted,
  readLeaves,
  segmentLabel,
} from '@custody/segment';
import type { ObjectLock } from '@custody/vault';
import type { CaseCapture } from './case-state.ts';
import { usage } from './errors.ts';
import { allParts, derivationsOf, segmentsHolding, selectForOrder } from './expunge-selection.ts';
import { holdsItem } from './item-runs.ts';
import type { Case } from './open-case.ts';
import { type PlannedQuotations, planQuotations, type RewordedEvent } from './quotations/plan-quotations.ts';
import { checkRawRecords } from './raw-survivors.ts';
import { requireKeysOnce } from './require-keys-once.ts';
import { derivationOf, segmentOfLeaf } from './selection.ts';

/** What an order would destroy and what it leaves: `custody expunge --plan --json`. */
export interface ExpungementPlan {
  readonly order: { readonly id: string; readonly reference: string; readonly issuedBy: string };
  readonly mode: ExpungementMode;
  readonly leaves: number;
  readonly items: number;
  readonly findings: number;
  /** LeafIndex ranges: first and count. */
  readonly ranges: readonly LeafRange[];
  /** Leaves among them that are the same records in other derivations of the same captures. */
  readonly copies: number;
  /** Leaves the order names that were expunged before. */
  readonly before: number;
  readonly captures: readonly {
    readonly capture: string;
    readonly name: string;
    readonly leaves: number;
    readonly original: 'kept' | 'destroyed';
  }[];
  readonly segments: readonly { readonly label: string; readonly compartments: readonly string[] }[];
  /** Events in which persons quote what is destroyed, or which the order names: their words go, they stay. */
  readonly events: readonly RewordedEvent[];
  /** Stored objects that are destroyed, by name; index tiles are rebuilt besides. */
  readonly destroys: readonly string[];
  readonly indexTiles: number;
  /** Exhibits that show one of the items: what was handed out is out of custody's reach. */
  readonly disclosed: readonly {
    readonly entry: number;
    readonly exhibitRef: string;
    readonly sha256: string;
    readonly items: number;
  }[];
  /** Objects that the store keeps whatever an order says, each with why. Nothing is done while there are any. */
  readonly conflicts: readonly { readonly object: string; readonly why: string }[];
  /** What is not destroyed, in words. */
  readonly remains: readonly string[];
}

/** A plan with what carries it out. */
export interface PlannedExpungement {
  readonly plan: ExpungementPlan;
  readonly order: ExpungementOrder;
  readonly mode: ExpungementMode;
  readonly leaves: readonly number[];
  readonly statement: RewriteStatement;
  readonly originals: readonly CaseCapture[];
  readonly quotations: PlannedQuotations;
}

/** Reads an order file. Throws UsageError ORDER_INVALID, ARGUMENT_INVALID. */
export function parseOrder(file: string, mode?: ExpungementMode): { order: ExpungementOrder; mode: ExpungementMode } {
  let value: unknown;
  try {
    value = JSON.parse(file);
  } catch {
    throw usage('ARGUMENT_INVALID', 'the order file is not JSON');
  }
  requireKeysOnce(file, 'the order');
  const order = readExpungementOrder(value);
  if (order.mode !== undefined && mode !== undefined && order.mode !== mode) {
    throw usage(
      'ARGUMENT_INVALID',
      `the order says mode "${order.mode}", the command says "${mode}": the order decides`,
    );
  }
  // Words typed into events are in no capture: how far it goes there is not asked.
  const isEventsOnly = [order.items, order.captures, order.selection].every((one) => one === undefined);
  const chosen = order.mode ?? mode ?? (isEventsOnly ? 'derived' : undefined);
  if (chosen === undefined) {
    throw usage(
      'ARGUMENT_INVALID',
      'neither the order nor --mode says how far it goes: "derived" (what custody made of the capture) or "original" (the sealed capture, too)',
    );
  }
  return { order, mode: chosen };
}

/** Works out what an order destroys; changes nothing. Needs `source` and `evidence`. */
export async function planExpungement(
  opened: Case,
  order: ExpungementOrder,
  mode: ExpungementMode,
): Promise<PlannedExpungement> {
  const { named, leaves, copies, before } = await selectForOrder(opened, order);
  const captures = capturesOf(opened, [...named, ...leaves]);
  requireFinished(opened, captures);
  // An order may reach further than one before it that left the original.
  const originals = mode === 'original' ? [...captures.keys()].filter((one) => !isOriginalGone(opened, one)) : [];
  const quotations = await planQuotations(opened, leaves, { order });
  if (leaves.length === 0 && originals.length === 0 && quotations.events.length === 0) {
    const why =
      before > 0 ? `all ${before} leaves it names were expunged before` : 'it names nothing that the case has';
    throw usage('NOTHING_SELECTED', `order "${order.id}" destroys nothing: ${why}`);
  }
  if (originals.length > 0) await checkRawRecords(opened, originals, new Set(leaves));
  const whole = new Set(originals.map(({ sha256 }) => sha256));
  const others = leaves.filter((index) => !whole.has(derivationOf(opened, segmentOfLeaf(opened, index)).capture));
  const statement = {
    leaves: rangesOf(leaves),
    segments: [...allParts(opened, whole), ...(await segmentsHolding(opened, others))],
    names: [
      ...originals.flatMap(({ label }) => [originalSecretName(label), originalName(label)]),
      ...quotations.commits.map(({ before: name }) => name),
    ],
  };
  const destroys = destroyedBy(opened, statement);
  const findings = await countFindings(opened, leaves);
  const plan = {
    order: { id: order.id, reference: order.reference, issuedBy: order.issuedBy },
    mode,
    leaves: leaves.length,
    items: leaves.length - findings,
    findings,
    ranges: statement.leaves,
    copies,
    before,
    captures: [...captures].map(([{ sha256, name }, going]) => ({
      ...{ capture: sha256, name, leaves: leaves.filter((index) => going.has(index)).length },
      original: mode === 'original' ? ('destroyed' as const) : ('kept' as const),
    })),
    segments: statement.segments.map((one) => ({ label: segmentLabel(one), compartments: one.compartments })),
    events: quotations.events,
    destroys,
    indexTiles: statement.segments.filter(({ compartments }) => compartments.includes('evidence')).length,
    disclosed: disclosuresOf(opened, leaves),
    conflicts: await conflictsOf(opened, destroys),
    remains: [
      ...remainsOf(opened, { mode, captures: [...captures.keys()], whole: order.captures ?? [] }),
      ...keptQuotations(quotations),
    ],
  };
  return { plan, order: quotations.order, mode, leaves, statement, originals, quotations };
}

/** The leaves of each capture. */
function capturesOf(opened: Case, leaves: readonly number[]): Map<CaseCapture, Set<number>> {
  const out = new Map<CaseCapture, Set<number>>();
  for (const index of leaves) {
    const { capture } = derivationOf(opened, segmentOfLeaf(opened, index));
    const found = opened.state.captures.get(capture) as CaseCapture;
    out.set(found, (out.get(found) ?? new Set()).add(index));
  }
  return out;
}

/** A run that still commits would bring in what the order has just taken out. */
function requireFinished(opened: Case, captures: ReadonlyMap<CaseCapture, unknown>): void {
  for (const { sha256, name } of captures.keys()) {
    const unfinished = derivationsOf(opened, sha256).find(({ totals }) => totals === null);
    if (unfinished === undefined) continue;
    throw usage(
      'DERIVATION_UNFINISHED',
      `derivation ${unfinished.entry} of ${name} is under way or was interrupted: let it end, or "custody resume" first. Nothing was destroyed`,
    );
  }
}

/** True where the sealed original was destroyed under an earlier order. */
export function isOriginalGone(opened: Case, { label }: CaseCapture): boolean {
  return opened.ledger.rewrites.destroyedBy(originalSecretName(label)) !== null;
}

function destroyedBy(opened: Case, statement: RewriteStatement): string[] {
  const ahead = new Rewrites();
  for (const { entry, ...known } of opened.ledger.rewrites.all) ahead.add(entry, known);
  ahead.add(opened.ledger.size, statement);
  return ahead.destroyedOf({ ...statement, entry: opened.ledger.size }, opened.ledger.objects);
}

async function countFindings(opened: Case, leaves: readonly number[]): Promise<number> {
  let findings = 0;
  for (const [segment, own] of Map.groupBy(leaves, (index) => segmentOfLeaf(opened, index))) {
    const { kinds } = readLeaves(await readCommitted(opened.vault, opened.ledger, leavesName(segment)));
    for (const index of own) if (kinds[index - segment.first] === 2) findings++;
  }
  return findings;
}

function disclosuresOf(opened: Case, leaves: readonly number[]): ExpungementPlan['disclosed'] {
  return opened.state.history.disclosures
    .map(({ items, ...one }) => ({ ...one, items: leaves.filter((index) => holdsItem(items, index)).length }))
    .filter(({ items }) => items > 0);
}

/** What holds an object against its destruction: the lock of its bucket. A directory and a plain bucket have none. */
async function conflictsOf(opened: Case, names: readonly string[]): Promise<ExpungementPlan['conflicts']> {
  const out: { object: string; why: string }[] = [];
  for (const object of names) {
    const lock = (await opened.vault.lockOf?.(object)) ?? null;
    if (lock !== null && isHolding(lock)) out.push({ object, why: lockText(lock) });
  }
  return out;
}

function isHolding({ mode, until, hold }: ObjectLock): boolean {
  return hold || (mode !== null && (until ?? 0) > Date.now());
}

function lockText({ mode, until, hold }: ObjectLock): string {
  const end = until === null ? '' : ` until ${new Date(until).toISOString()}`;
  return [...(mode === null ? [] : [`Object Lock, ${mode}${end}`]), ...(hold ? ['legal hold'] : [])].join('; ');
}

function remainsOf(
  opened: Case,
  of: { readonly mode: ExpungementMode; readonly captures: readonly CaseCapture[]; readonly whole: readonly string[] },
): string[] {
  const out: string[] = [];
  const wholly = (sha256: string) => of.whole.some((one) => one.toLowerCase() === sha256);
  for (const { name, sha256 } of of.captures) {
    if (of.mode === 'derived') {
      out.push(`the sealed original of ${name} still holds the records; only mode "original" destroys it`);
      continue;
    }
    const { lost, notCovered } = totalsOf(opened, sha256);
    out.push(
      `with the original of ${name} also goes whatever no item holds: records lost (${lost}) or not covered (${notCovered}), attachments' bytes, deleted space; ${wholly(sha256) ? 'nothing of it is kept' : 'the source records of all other items are kept'}`,
    );
  }
  out.push(
    'exhibits and exports handed out before, and backups: outside of the store ("custody restore" replays this order)',
  );
  out.push('positions, commitments and counts stay, so that every proof still verifies');
  return out;
}

/** Told, not decided: who knows the case says whether they quote the item or its like. */
function keptQuotations({ kept }: PlannedQuotations): string[] {
  if (kept.length === 0) return [];
  const which = `${kept.slice(0, 20).join(', ')}${kept.length > 20 ? ` … (${kept.length})` : ''}`;
  return [
    `log entries ${which}: words typed there stand in what is destroyed and in items that stay; name the entries under "events" to have them destroyed, too`,
  ];
}

function totalsOf(opened: Case, capture: string): { lost: number | string; notCovered: number | string } {
  const totals = derivationsOf(opened, capture).find(({ current }) => current)?.totals;
  return { lost: totals?.lost ?? 'unknown', notCovered: totals?.notCovered ?? 'unknown' };
}
