import {
  type Case,
  finishRewrites,
  mergeIndex,
  type Progress,
  type Resumed,
  resume,
  resumeForWorkers,
} from '@custody/case';
import { Command } from 'commander';
import { EXIT } from '../exit-code.ts';
import { handToWorkers, type QueueFlags } from '../hand-to-workers.ts';
import { queueFlags } from '../queue-flags.ts';
import { readThreads } from '../read-threads.ts';
import { type CaseFlags, caseCommand, withCase } from '../with-case.ts';

export function resumeCommand(): Command {
  return queueFlags(caseCommand(new Command('resume')))
    .description('finish what an interrupted run left: nothing committed is done again')
    .option('--threads <n>', 'worker threads (default: all cores)', readThreads)
    .action(async (flags: CaseFlags & QueueFlags & { threads?: number }) => {
      await withCase(flags, async (opened, out, progress) => {
        const rewritten = await finishRewrites(opened, { progress });
        const threads = flags.threads === undefined ? {} : { threads: flags.threads };
        const done =
          flags.queue === undefined
            ? await resume(opened, { progress, ...threads })
            : await resumeByWorkers(opened, { flags, progress });
        if (flags.queue === undefined) await mergeIndex(opened, { progress });
        progress.stop();
        const result = {
          resumed: done.map(({ derivation, totals }) => ({
            derivation: derivation.entry,
            capture: derivation.capture,
            ...totals,
          })),
          rewritten,
          checkpoint: opened.checkpointJson(),
        };
        await out.line(result, () =>
          [
            ...rewritten.map(
              (one) =>
                `${one.kind} entry ${one.entry} carried out: ${one.segments} segments, ${one.destroyed} objects destroyed`,
            ),
            ...(done.length === 0
              ? ['nothing to resume: every derivation is complete']
              : result.resumed.map(
                  (one) => `derivation ${one.derivation}: ${one.items} items, evidence root ${one.evidenceRoot}`,
                )),
          ].join('\n'),
        );
        if (done.some(({ totals }) => totals.adverse > 0)) process.exitCode = EXIT.findings;
      });
    });
}

/** Hands in again what is left, by what is stored: Redis may have lost everything. Not waited for: nothing is complete. */
async function resumeByWorkers(
  opened: Case,
  { flags, progress }: { readonly flags: QueueFlags; readonly progress: Progress },
): Promise<readonly Resumed[]> {
  const left = await resumeForWorkers(opened, { progress });
  await handToWorkers(
    opened,
    left.map(({ entry }) => entry),
    { flags, progress },
  );
  await opened.refresh();
  return left.flatMap((derivation) => (derivation.totals === null ? [] : [{ derivation, totals: derivation.totals }]));
}
