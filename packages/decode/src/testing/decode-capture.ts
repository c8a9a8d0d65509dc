import { BatchWriter, type Finding, type Item, LEAF_ITEM, readFinding, readItem } from '@custody/evidence';
import type { CaptureFile, Counts, DecodeContext, Format, Plan } from '../format.ts';
import type { Keyring } from '../keyring.ts';
import { MemoryScratch } from './memory-scratch.ts';
import { memorySource } from './memory-source.ts';

export interface Decoded {
  readonly plan: Plan;
  readonly items: readonly Item[];
  /** Of plan, units and finish, in this order. */
  readonly findings: readonly Finding[];
  /** Sum of the units. */
  readonly counts: Counts;
  readonly scratch: MemoryScratch;
}

/** Runs a format over bytes in memory as a case would: prepare, every unit through a cloned plan, finish. */
export async function decodeCapture(
  format: Format,
  bytes: Uint8Array,
  options: { name: string; keyring?: Keyring; scratch?: MemoryScratch },
): Promise<Decoded> {
  const scratch = options.scratch ?? new MemoryScratch();
  const context: DecodeContext = { keyring: options.keyring ?? { keys: [] }, scratch };
  const file: CaptureFile = { name: options.name, source: memorySource(bytes) };
  const plan = await format.prepare(file, context);
  const items: Item[] = [];
  const findings: Finding[] = [...plan.findings];
  const counts = { records: 0, decoded: 0, lost: 0 as number | null, notCovered: 0 };
  const summaries: unknown[] = [];
  if (plan.units.length > 0) {
    // Threads get clones of the plan; a clone must do.
    const decoder = format.open(structuredClone({ state: plan.state }), file, context);
    for (const unit of plan.units) {
      const out = new BatchWriter();
      const result = decoder.decode(structuredClone(unit), out);
      const batch = out.batch();
      for (let leaf = 0; leaf < batch.count; leaf++) {
        const row = batch.rows[leaf] as number;
        if (batch.kinds[leaf] === LEAF_ITEM) items.push(copied(readItem(batch.items, row)));
        else findings.push(readFinding(batch.findings, row));
      }
      counts.records += result.counts.records;
      counts.decoded += result.counts.decoded;
      counts.notCovered += result.counts.notCovered;
      counts.lost = counts.lost === null || result.counts.lost === null ? null : counts.lost + result.counts.lost;
      summaries.push(structuredClone(result.summary));
    }
    decoder.close();
  }
  // A case joins summaries as they come, or keeps the list: both must do.
  const { combine } = format;
  let joined = summaries;
  if (combine !== undefined && summaries.length > 0) {
    joined = [summaries.reduce((earlier, later) => combine({ state: plan.state }, earlier, later))];
  }
  findings.push(...(format.finish?.({ state: plan.state }, joined).findings ?? []));
  return { plan, items, findings, counts, scratch };
}

/** Batches are views that the next unit overwrites. */
function copied(item: Item): Item {
  return { ...item, body: item.body?.slice() ?? null };
}
