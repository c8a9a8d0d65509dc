import { createSha256, hexEncode } from '@custody/bytes';
import { BatchWriter, type Finding, type Item, LEAF_ITEM, readFinding, readItem } from '@custody/evidence';
import type { CaptureFile, Counts, Format, Unit } from '../format.ts';
import type { SuppliedKey } from '../keyring.ts';
import { MemoryScratch } from './memory-scratch.ts';

/** Everything a format makes of a file, for tests. */
export interface Decoded {
  readonly items: readonly Item[];
  /** Of the plan, then of the units, then of the whole. */
  readonly findings: readonly Finding[];
  readonly counts: Counts;
  readonly units: readonly Unit[];
  readonly profile: string | null;
  readonly keyIds: readonly string[];
  /** SHA-256 of every byte of every leaf's fields, unit by unit. */
  readonly leaves: readonly string[];
}

export interface DecodeOptions {
  readonly keys?: readonly SuppliedKey[];
  /** Another order of units than from front to back. */
  readonly order?: (units: readonly Unit[]) => readonly Unit[];
  /** So many decoders take turns. */
  readonly decoders?: number;
  /** Join the summaries before `finish`. */
  readonly combine?: boolean;
  /** False leaves `items` empty; large dumps are compared by `leaves`. */
  readonly items?: boolean;
}

/** Decodes a whole file. */
export async function decodeAll(format: Format, file: CaptureFile, options: DecodeOptions = {}): Promise<Decoded> {
  const context = { keyring: { keys: options.keys ?? [] }, scratch: new MemoryScratch() };
  const plan = await format.prepare(file, context);
  const state = structuredClone(plan.state);
  // As a case does: a plan without units is never opened.
  const length = plan.units.length === 0 ? 0 : (options.decoders ?? 1);
  const decoders = Array.from({ length }, () => format.open({ state }, file, context));
  const results = new Map<number, UnitLeaves>();
  const order = options.order ?? ((units: readonly Unit[]) => units);
  order(plan.units).forEach((unit, i) => {
    const decoder = decoders[i % decoders.length];
    if (decoder === undefined) throw new Error('at least one decoder');
    results.set(unit.index, decodeUnit(decoder, unit, options.items ?? true));
  });
  const ordered = plan.units.map((unit) => results.get(unit.index) as UnitLeaves);
  const end = format.finish?.({ state }, joined(format, state, ordered, options.combine ?? false));
  return {
    items: ordered.flatMap(({ items }) => items),
    findings: [...plan.findings, ...ordered.flatMap(({ findings }) => findings), ...(end?.findings ?? [])],
    counts: ordered.map(({ counts }) => counts).reduce(addCounts, { records: 0, decoded: 0, lost: 0, notCovered: 0 }),
    units: plan.units,
    profile: plan.profile,
    keyIds: plan.keyIds,
    leaves: ordered.map(({ leaves }) => leaves),
  };
}

function joined(format: Format, state: unknown, units: readonly UnitLeaves[], combine: boolean): readonly unknown[] {
  const summaries = units.map(({ summary }) => summary);
  if (!combine || format.combine === undefined || summaries.length === 0) return summaries;
  return [summaries.reduce((earlier, later) => format.combine?.({ state }, earlier, later))];
}

interface UnitLeaves {
  readonly items: readonly Item[];
  readonly findings: readonly Finding[];
  readonly counts: Counts;
  readonly summary: unknown;
  readonly leaves: string;
}

function decodeUnit(decoder: ReturnType<Format['open']>, unit: Unit, withItems: boolean): UnitLeaves {
  const out = new BatchWriter();
  const { counts, summary } = decoder.decode(unit, out);
  const batch = out.batch();
  const items: Item[] = [];
  const findings: Finding[] = [];
  for (let i = 0; i < batch.count; i++) {
    const row = batch.rows[i] as number;
    if (batch.kinds[i] !== LEAF_ITEM) findings.push(readFinding(batch.findings, row));
    else if (withItems) items.push(structuredClone(readItem(batch.items, row)));
  }
  const hash = createSha256();
  for (const { bytes, ends } of [...batch.items, ...batch.findings]) {
    hash.update(bytes);
    hash.update(new Uint8Array(ends.buffer, ends.byteOffset, ends.byteLength));
  }
  const leaves = hexEncode(hash.digest());
  return { items, findings, counts, summary: structuredClone(summary), leaves };
}

function addCounts(a: Counts, b: Counts): Counts {
  return {
    records: a.records + b.records,
    decoded: a.decoded + b.decoded,
    lost: a.lost === null || b.lost === null ? null : a.lost + b.lost,
    notCovered: a.notCovered + b.notCovered,
  };
}
