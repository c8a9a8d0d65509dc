import type { Counts, Unit } from '@custody/decode';
import type { Finding } from '@custody/evidence';
import type { Prepared } from '../derive.ts';
import { addCounts } from './derivation-tally.ts';
import type { UnitJob } from './unit-job.ts';

/** Records of a unit whose decoder cannot tell before it looks; for progress only. */
const RECORDS_A_UNIT = 4000;

/**
 * The units of a prepared derivation by number: 0 is what is said of the capture as a whole, then file by file what is
 * decoded, and the last is what only the whole shows.
 */
export class DerivationUnits {
  readonly #prepared: Prepared;
  readonly #units: readonly { readonly plan: number; readonly unit: Unit }[];

  constructor(prepared: Prepared) {
    this.#prepared = prepared;
    this.#units = prepared.plans.flatMap(({ plan }, index) => plan.units.map((unit) => ({ plan: index, unit })));
  }

  /** How many are decoded: numbers 1 to this. */
  get decoded(): number {
    return this.#units.length;
  }

  /** Number of the unit that closes the derivation. */
  get last(): number {
    return this.#units.length + 1;
  }

  /** Records that the unit lists, as far as known before. */
  records(number: number): number {
    const found = this.#units[number - 1];
    return found === undefined ? 0 : (found.unit.records ?? RECORDS_A_UNIT);
  }

  /** Index of the plan that a decoded unit belongs to. */
  planOf(number: number): number {
    return this.#units[number - 1]?.plan ?? 0;
  }

  /** Unit 0 or a decoded one. */
  at(number: number, { countOnly }: { readonly countOnly: boolean }): UnitJob {
    const found = this.#units[number - 1];
    if (found !== undefined) return { unit: number, decode: found, countOnly };
    const { findings, plans } = this.#prepared;
    const all = [...findings, ...plans.flatMap(({ plan }) => plan.findings)];
    return { unit: 0, findings: all, counts: countsOf(all), countOnly };
  }

  /** The last unit, from the summaries that each plan's units left. */
  finish(summaries: readonly (readonly unknown[])[], { countOnly }: { readonly countOnly: boolean }): UnitJob {
    const findings: Finding[] = [];
    const counts = { records: 0, decoded: 0, lost: 0 as number | null, notCovered: 0 };
    this.#prepared.plans.forEach(({ format, plan }, index) => {
      const end = format.finish?.(plan, summaries[index] ?? []);
      findings.push(...(end?.findings ?? []));
      addCounts(counts, end?.counts ?? null);
    });
    return { unit: this.last, findings, counts, countOnly };
  }
}

/** Records that findings of the capture as a whole account for; a loss of unknown size makes the total unknown. */
function countsOf(findings: readonly Finding[]): Counts {
  let lost: number | null = 0;
  let notCovered = 0;
  for (const finding of findings) {
    if (finding.class === 'lost') lost = lost === null || finding.records === null ? null : lost + finding.records;
    else if (finding.code === 'NOT_COVERED') notCovered += finding.records ?? 0;
  }
  return { records: (lost ?? 0) + notCovered, decoded: 0, lost, notCovered };
}
