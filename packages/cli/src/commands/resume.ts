import { resume } from '@custody/case';
import { Command } from 'commander';
import { EXIT } from '../exit-code.ts';
import { readThreads } from '../read-threads.ts';
import { type CaseFlags, caseCommand, withCase } from '../with-case.ts';

export function resumeCommand(): Command {
  return caseCommand(new Command('resume'))
    .description('finish what an interrupted run left: nothing committed is done again')
    .option('--threads <n>', 'worker threads (default: all cores)', readThreads)
    .action(async (flags: CaseFlags & { threads?: number }) => {
      await withCase(flags, async (opened, out, progress) => {
        const done = await resume(opened, { progress, ...(flags.threads !== undefined && { threads: flags.threads }) });
        progress.stop();
        const result = {
          resumed: done.map(({ derivation, totals }) => ({
            derivation: derivation.entry,
            capture: derivation.capture,
            ...totals,
          })),
          checkpoint: opened.checkpointJson(),
        };
        await out.line(result, () =>
          done.length === 0
            ? 'nothing to resume: every derivation is complete'
            : result.resumed
                .map((one) => `derivation ${one.derivation}: ${one.items} items, evidence root ${one.evidenceRoot}`)
                .join('\n'),
        );
        if (done.some(({ totals }) => totals.adverse > 0)) process.exitCode = EXIT.findings;
      });
    });
}
