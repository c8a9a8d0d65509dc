import { type CborValue, decodeCbor, encodeCbor } from '@custody/bytes';
import { broken } from '../errors.ts';
import type { Case } from '../open-case.ts';
import type { DerivationUnits } from '../pipeline/derivation-units.ts';
import { readStretchObject, storeStretchObject, stretchName } from './stretch-object.ts';

/**
 * Units of a stretch: some 65,000 records, seconds of work, and half of that in captures of less than 4 million, so that
 * there is something for several workers. Stored with each plan, so it may change.
 */
export function stretchSize(units: number): number {
  return units < 1024 ? 8 : 16;
}

/** How a derivation is cut for several workers; a function of the capture. */
export interface StretchPlan {
  /** Number of the unit that closes the derivation: it is a stretch of its own, the last. */
  readonly last: number;
  /** Units of each stretch but the last two. */
  readonly size: number;
  /** Records of each stretch but the last one, as far as known beforehand. */
  readonly records: readonly number[];
  /** The plans of the capture's files, sealed to `source`; null where each worker has to prepare the capture itself. */
  readonly files: Uint8Array | null;
}

/** Stretches that decode: numbers 0 to this, exclusive. The closing stretch bears this number. */
export function stretchCount({ last, size }: StretchPlan): number {
  return Math.ceil(last / size);
}

/** Unit numbers `[from, to)` of a stretch that decodes. */
export function unitsOf({ last, size }: StretchPlan, stretch: number): { readonly from: number; readonly to: number } {
  return { from: stretch * size, to: Math.min((stretch + 1) * size, last) };
}

export function planOf(units: DerivationUnits, size: number = stretchSize(units.last)): Omit<StretchPlan, 'files'> {
  const records: number[] = [];
  for (let from = 0; from < units.last; from += size) {
    let sum = 0;
    for (let unit = from; unit < Math.min(from + size, units.last); unit++) sum += units.records(unit);
    records.push(sum);
  }
  return { last: units.last, size, records };
}

/** Stores a plan unless one stands; resolves with the one that stands. */
export async function storePlan(opened: Case, derivation: number, plan: StretchPlan): Promise<StretchPlan> {
  const { last, size, records, files } = plan;
  const plain = encodeCbor([1, last, size, [...records], files]);
  if ((await storeStretchObject(opened, stretchName(derivation, 'plan'), plain)) === 'created') return plan;
  return (await readPlan(opened, derivation)) ?? plan;
}

/** A plan never changes once it stands, and is asked for at every stretch. */
const known = new WeakMap<Case, Map<number, StretchPlan>>();

/** Null where the derivation was not planned for workers. */
export async function readPlan(opened: Case, derivation: number): Promise<StretchPlan | null> {
  const plans = known.get(opened) ?? new Map<number, StretchPlan>();
  known.set(opened, plans);
  const plan = plans.get(derivation) ?? (await readStoredPlan(opened, derivation));
  if (plan !== null) plans.set(derivation, plan);
  return plan;
}

async function readStoredPlan(opened: Case, derivation: number): Promise<StretchPlan | null> {
  const plain = await readStretchObject(opened, stretchName(derivation, 'plan'));
  if (plain === null) return null;
  const value = decodeCbor(plain);
  const [version, last, size, records, files] = Array.isArray(value) ? (value as readonly CborValue[]) : [];
  if (version !== 1 || typeof last !== 'number' || typeof size !== 'number' || size < 1 || !Array.isArray(records)) {
    throw broken('STRETCH_NOT_OURS', `the plan of derivation ${derivation} was stored by another version of custody`);
  }
  return { last, size, records: records as readonly number[], files: files instanceof Uint8Array ? files : null };
}
