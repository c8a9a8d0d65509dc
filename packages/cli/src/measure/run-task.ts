import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { StageTimes } from '@custody/case';
import type { DecodeTask } from './decode-task.ts';
import type { LedgerNumbers } from './ledger-task.ts';
import type { LookupNumbers } from './scale/lookup-task.ts';

const entry = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './task-process.ts' : './task-process.js', import.meta.url),
);

/** One thing to measure, in a process of its own. */
export type Task =
  | { readonly name: 'start'; readonly case: string; readonly warrant: string }
  | {
      readonly name: 'ingest';
      readonly case: string;
      readonly capture: string;
      readonly keys: string;
      /** A profile that is supplied with the keys. */
      readonly profile?: string;
      readonly threads: number;
      /** Removes the capture as soon as the case holds it sealed: it need not stand on the disk twice. */
      readonly spend?: boolean;
    }
  | { readonly name: 'merge'; readonly case: string }
  | { readonly name: 'lookups'; readonly case: string; readonly known: string; readonly each: number }
  | { readonly name: 'verify'; readonly case: string; readonly content: boolean }
  | { readonly name: 'leaves'; readonly case: string }
  | { readonly name: 'ledger'; readonly case: string; readonly items: number; readonly threads: number }
  | DecodeTask
  | { readonly name: 'decrypt'; readonly dump: string; readonly keys: string }
  | { readonly name: 'naive'; readonly dump: string; readonly keys: string; readonly out: string }
  | { readonly name: 'scan'; readonly database: string };

export interface TaskResult {
  /** Seconds of the measured work by the clock, and of processor time of the whole process. */
  readonly wall: number;
  readonly cpu: number;
  /** Most resident memory of the process so far, in MiB. */
  readonly peakMiB: number;
  /** Messages, leaves: what the work counted. */
  readonly count: number;
  readonly spent?: StageTimes;
  /** Of the task `ledger`. */
  readonly ledger?: LedgerNumbers;
  /** Of the task `lookups`. */
  readonly lookups?: LookupNumbers;
}

/** Runs a task with the Node, and the flags of it, that run this. Throws where the process fails. */
export async function runTask(task: Task, identity: string): Promise<TaskResult> {
  const child = spawn(process.execPath, [...process.execArgv, entry, JSON.stringify(task)], {
    env: { ...process.env, CUSTODY_IDENTITY: identity },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`the task ${task.name} of the bench failed`);
  return JSON.parse(stdout) as TaskResult;
}
