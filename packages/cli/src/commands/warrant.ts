import { readFile } from 'node:fs/promises';
import { addAuthority, unrestricted } from '@custody/case';
import { Command } from 'commander';
import { type CaseFlags, withCase } from '../with-case.ts';

export function warrantCommand(): Command {
  const command = new Command('warrant').alias('authority').description('authorities of a case');
  // The contract writes the case before the verb: `warrant --case PATH add FILE`.
  command
    .option('--case <path>', 'the case: a directory or s3://bucket/prefix')
    .option('--json', 'machine-readable output on stdout');
  command
    .command('add <file>')
    .description('record an authority; every mistake in the file is reported at once')
    .option('--case <path>', 'the case: a directory or s3://bucket/prefix')
    .option('--json', 'machine-readable output on stdout')
    .exitOverride()
    .action((file: string, _flags: unknown, self: Command) =>
      add(file, self.optsWithGlobals<Partial<CaseFlags>>(), self),
    );
  return command;
}

async function add(file: string, flags: Partial<CaseFlags>, self: Command): Promise<void> {
  const location = flags.case;
  if (location === undefined) return self.error('error: required option --case <path> not specified');
  await withCase({ ...flags, case: location }, async (opened, out) => {
    const authority = await addAuthority(opened, await readFile(file, 'utf8'));
    const result = {
      id: authority.id,
      reference: authority.reference,
      period: authority.scope.period,
      unrestricted: unrestricted(authority),
      checkpoint: opened.checkpointJson(),
    };
    await out.line(result, () =>
      [
        `authority   ${result.id} (${result.reference}) recorded`,
        `period      ${result.period.from} to ${result.period.to} (a date covers its whole UTC day)`,
        ...result.unrestricted.map((text) => `            ${text}`),
      ].join('\n'),
    );
  });
}
