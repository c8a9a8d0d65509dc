import { openVault, probeVault } from '@custody/vault';
import { Command } from 'commander';
import { EXIT } from '../exit-code.ts';
import { Output } from '../output.ts';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('probe a store: which promises custody needs does it keep? Writes and destroys canary objects')
    .requiredOption('--case <path>', 'a directory or s3://bucket/prefix; a fresh prefix is enough')
    .option('--json', 'machine-readable output on stdout')
    .action(async (flags: { case: string; json?: boolean }) => {
      const report = await probeVault(await openVault(flags.case));
      await new Output(flags.json === true).line(report, (one) =>
        [
          ...one.checks.map((check) => `${check.kept ? 'kept  ' : 'BROKEN'}  ${check.promise}: ${check.seen}`),
          one.fit ? `${one.location} is fit for a case` : `${one.location} is NOT fit for a case`,
        ].join('\n'),
      );
      if (!report.fit) process.exitCode = EXIT.unavailable;
    });
}
