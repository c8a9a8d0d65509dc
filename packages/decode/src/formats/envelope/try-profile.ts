import { BatchWriter, type Finding, type Item, LEAF_ITEM, readFinding, readItem } from '@custody/evidence';
import type { CaptureFile, DecodeContext, Plan } from '../../format.ts';
import type { Profile } from '../../profile/profile.ts';
import type { CaseOutcome } from '../../profile/profile-case.ts';
import { fieldsOf } from '../../profile/profile-fields.ts';
import { type Disagreement, disagreements } from './disagreements.ts';
import type { DumpState } from './dump.ts';
import { envelopeFormat, planDump } from './envelope-format.ts';
import { outcomeOfFinding, outcomeOfItem } from './outcome-words.ts';
import type { UnitSummary } from './unit-summary.ts';

/** Bytes of a dump that a trial looks at, cut at the end of a line. */
const LOOKED_AT: number = 8 * 1024 * 1024;

/** What a profile makes of one record. */
export interface TriedRecord {
  readonly row: number | null;
  readonly outcome: CaseOutcome;
  /** Why, where it did not open. */
  readonly detail: string | null;
  /** Null where it did not open. */
  readonly item: Item | null;
}

export interface Trial {
  readonly records: readonly TriedRecord[];
  /** The first record that the profile does not fit. */
  readonly firstDisagreement: TriedRecord | null;
  /** What the profile says and the records do not bear out, each with its path in the profile. */
  readonly disagreements: readonly Disagreement[];
  readonly outcomes: Readonly<Partial<Record<CaseOutcome, number>>>;
  /** Fields of the dump that the profile does not read. */
  readonly unused: readonly string[];
  /** Findings that are about no single record. */
  readonly findings: readonly Finding[];
}

/** Decodes the first `rows` records of a dump with a profile that can be used (CheckedProfile), and says what became of each. */
export async function tryProfile(
  file: CaptureFile,
  profile: Profile,
  { rows, context }: { rows: number; context: DecodeContext },
): Promise<Trial> {
  const isLines = profile.container.kind === 'ndjson' || profile.container.kind === 'csv';
  const cut = isLines ? beginning(file) : file;
  const plan = await planDump(cut, profile, context);
  const findings: Finding[] = [...plan.findings];
  const records: TriedRecord[] = [];
  const into = { rows, context, records, findings };
  const summary = plan.units.length === 0 ? null : decodeFirst(cut, plan, into);
  const shown = records.slice(0, rows);
  const outcomes: Partial<Record<CaseOutcome, number>> = {};
  for (const { outcome } of shown) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const good = new Set<CaseOutcome>(['authenticated', 'not-authenticated', 'unsealed']);
  return {
    records: shown,
    firstDisagreement: shown.find(({ outcome }) => !good.has(outcome)) ?? null,
    disagreements: disagreements(
      profile,
      shown.map(({ item }) => item).filter((item) => item !== null),
    ),
    outcomes,
    unused: unusedFields(profile, plan, summary),
    findings,
  };
}

function decodeFirst(
  file: CaptureFile,
  plan: Plan,
  into: { rows: number; context: DecodeContext; records: TriedRecord[]; findings: Finding[] },
): UnitSummary {
  const decoder = envelopeFormat('ndjson').open(plan, file, into.context);
  const out = new BatchWriter();
  const { summary } = decoder.decode(plan.units[0] as Plan['units'][0], out);
  const batch = out.batch();
  for (let i = 0; i < batch.count; i++) {
    const row = batch.rows[i] as number;
    if (batch.kinds[i] === LEAF_ITEM) {
      if (into.records.length >= into.rows) continue;
      const read = readItem(batch.items, row);
      // A view into the batch would keep all of it.
      const item = { ...read, body: read.body?.slice() ?? null };
      into.records.push({ row: item.locator.row, outcome: outcomeOfItem(item), detail: null, item });
    } else {
      tell(readFinding(batch.findings, row), into);
    }
  }
  decoder.close();
  return summary as UnitSummary;
}

/** A finding may be about a run of records. */
function tell(finding: Finding, { records, findings }: { records: TriedRecord[]; findings: Finding[] }): void {
  const outcome = outcomeOfFinding(finding);
  const row = finding.locator?.row ?? null;
  if (outcome === null || row === null) {
    findings.push(finding);
    return;
  }
  for (let i = 0; i < (finding.records ?? 1); i++) {
    records.push({ row: row + i, outcome, detail: finding.detail, item: null });
  }
}

function beginning(file: CaptureFile): CaptureFile {
  const { source } = file;
  if (source.length <= LOOKED_AT) return file;
  const end = Buffer.from(source.read(0, LOOKED_AT)).lastIndexOf(0x0a) + 1;
  const length = end === 0 ? LOOKED_AT : end;
  return { ...file, source: { length, read: (at, size) => source.read(at, Math.min(size, Math.max(0, length - at))) } };
}

function unusedFields(profile: Profile, plan: Plan, summary: UnitSummary | null): string[] {
  const columns = (plan.state as DumpState | null)?.columns ?? [];
  if (columns.length === 0) return (summary?.unused ?? []).map(([name]) => name);
  const used = new Set(
    profile.records.flatMap((record) => fieldsOf(record).map(({ field }) => [field].flat().join('.'))),
  );
  return columns.filter((name) => !used.has(name));
}
