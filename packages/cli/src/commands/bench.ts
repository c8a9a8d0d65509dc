import { Command, InvalidArgumentError } from 'commander';
import { Output } from '../output.ts';
import { readThreads } from '../read-threads.ts';

interface Flags {
  readonly messages: number;
  readonly threads?: number;
  readonly plan?: number;
  readonly json?: boolean;
  readonly keep?: boolean;
}

export function benchCommand(): Command {
  return new Command('bench')
    .description('measure the whole path, stage by stage, on generated captures (source checkout only)')
    .option('--messages <n>', 'messages of each capture', readMessages, 200_000)
    .option('--threads <n>', 'worker threads of the ingest (default: all cores)', readThreads)
    .option('--plan <n>', 'what an envelope dump of so many messages would take on 2, 8 and 64 cores', readMessages)
    .option('--keep', 'leave the cases that were made')
    .option('--json', 'machine-readable output on stdout')
    .action(async ({ messages, threads, plan, json, keep }: Flags) => {
      const out = new Output(json === true);
      const [{ runBench }, { benchText }] = await Promise.all([
        import('../measure/run-bench.ts'),
        import('../measure/report.ts'),
      ]);
      const report = await runBench({
        messages,
        keep: keep === true,
        say: (what) => out.note(what),
        ...(threads !== undefined && { threads }),
        ...(plan !== undefined && { plan }),
      });
      await out.line(report, benchText);
    });
}

function readMessages(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 100 || number > 200_000_000) {
    throw new InvalidArgumentError('a whole number from 100 to 200,000,000');
  }
  return number;
}
