import type { Machine } from '../machine.ts';
import type { Plan } from '../plan.ts';
import type { TaskResult } from '../run-task.ts';
import type { Stored } from '../storage.ts';
import type { LookupNumbers } from './lookup-task.ts';
import type { QueuedRun } from './queued-run.ts';

/** What a run of `custody bench --scale` measured. */
export interface ScaleReport {
  readonly machine: Machine;
  readonly messages: number;
  /** Length of the capture in bytes. */
  readonly length: number;
  readonly embedded?: {
    readonly threads: number;
    readonly ingest: TaskResult;
    /** Index tiles merged after it, as `custody ingest` does at its end. */
    readonly merge: TaskResult;
    readonly storage: Readonly<Record<string, Stored>>;
  };
  readonly lookups: readonly {
    readonly where: 'directory' | 's3';
    readonly numbers: LookupNumbers;
    readonly peakMiB: number;
  }[];
  readonly queued: readonly QueuedRun[];
  readonly services?: string;
  readonly plan?: Plan;
}
