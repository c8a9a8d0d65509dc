import { type Case, openCase, refuseRollback } from '@custody/case';
import { postWithin } from '@custody/vault';
import type { Command } from 'commander';
import { Output } from './output.ts';
import { TerminalProgress } from './terminal-progress.ts';

/** A witness that is away is told, and must not hold up every command. */
const GUARD_MS = 4000;

export interface CaseFlags {
  readonly case: string;
  readonly json?: boolean;
  readonly reason?: string;
}

/** Adds the flags that every command on a case has. */
export function caseCommand(command: Command): Command {
  return command
    .requiredOption('--case <path>', 'the case: a directory or s3://bucket/prefix')
    .option('--json', 'machine-readable output on stdout');
}

/** Opens the case and runs a verb with output and progress; progress is cleared whatever happens. */
export async function withCase(
  flags: CaseFlags,
  run: (opened: Case, out: Output, progress: TerminalProgress) => Promise<void>,
): Promise<void> {
  const progress = new TerminalProgress();
  try {
    const out = new Output(flags.json === true);
    const opened = await openCase(flags.case);
    opened.beforeFirstAppend = () => refuseRollback(opened, postWithin(GUARD_MS), (note) => out.note(note));
    await run(opened, out, progress);
  } finally {
    progress.stop();
  }
}
