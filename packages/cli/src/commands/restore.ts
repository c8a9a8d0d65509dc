import { readFile } from 'node:fs/promises';
import { loadPerson, memoryFolder, type RestoreReport, restoreCheck } from '@custody/case';
import { Command } from 'commander';
import { EXIT } from '../exit-code.ts';
import { Output } from '../output.ts';
import { TerminalProgress } from '../terminal-progress.ts';

interface Flags {
  readonly check: string;
  readonly against?: string;
  readonly checkpoint?: string;
  readonly verifierKey?: string;
  readonly memory: boolean;
  readonly plan?: boolean;
  readonly json?: boolean;
}

export function restoreCommand(): Command {
  return new Command('restore')
    .description('check a copy that was put back before anybody works on it; orders to destroy are carried out again')
    .requiredOption('--check <path>', 'the copy: a directory or s3://bucket/prefix')
    .option('--against <path>', 'another copy of the case: what its log has more is brought over')
    .option('--checkpoint <file>', 'a signed checkpoint that was kept: the copy must extend it')
    .option('--verifier-key <vkey>', 'the key you trust')
    .option('--no-memory', 'do not compare with the largest checkpoint you saw of this log')
    .option('--plan', 'change nothing: say what stands that must not, and what is missing')
    .option('--json', 'machine-readable output on stdout')
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const progress = new TerminalProgress();
  const { against, checkpoint, verifierKey, plan } = flags;
  try {
    const report = await restoreCheck(flags.check, {
      ...{ person: await loadPerson(), progress, plan: plan === true },
      known: {
        memory: flags.memory ? memoryFolder() : null,
        ...(checkpoint !== undefined && { checkpoint: { name: checkpoint, note: await readFile(checkpoint) } }),
      },
      ...(against !== undefined && { against }),
      ...(verifierKey !== undefined && { verifierKey }),
    });
    progress.stop();
    await new Output(flags.json === true).line(report, text);
    if (!report.ok) process.exitCode = EXIT.integrity;
  } finally {
    progress.stop();
  }
}

function text(report: RestoreReport): string {
  const { verdict } = report;
  return [
    `log        ${report.size} entries${report.broughtOver > 0 ? `, ${report.broughtOver} commit(s) of the other copy` : ''}`,
    ...report.notes.map((note) => `note       ${note}`),
    ...report.standing.map((entry) => `stood      what log entry ${entry} ordered to be destroyed or moved`),
    ...report.replayed.map(({ entry, destroyed }) => `replayed   log entry ${entry}: ${destroyed} object(s) destroyed`),
    ...report.failures.map(({ code, message }) => `FAILED     ${code}: ${message}`),
    ...(verdict?.failures ?? []).map(({ object, code, message }) => `FAILED     ${object}: ${code}: ${message}`),
    report.behind
      ? 'result     DO NOT WORK ON THIS COPY: whatever is appended would be a second log. Bring it up to date with --against'
      : report.ok
        ? 'result     the copy is whole, up to what is known, and nothing stands in it that was ordered to be gone'
        : 'result     the copy is damaged',
  ].join('\n');
}
