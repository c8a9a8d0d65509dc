import { loadProfileTools } from '@custody/decode';
import { Command } from 'commander';
import { EXIT } from '../exit-code.ts';
import { Output } from '../output.ts';
import { readProfileFile } from '../read-profile-file.ts';

export function profileCheckCommand(): Command {
  return new Command('check')
    .description('say everything that is wrong with a profile, its own cases included')
    .argument('<profile>', 'the profile, JSON or YAML')
    .option('--json', 'machine-readable output on stdout')
    .action(run);
}

async function run(path: string, flags: { json?: boolean }): Promise<void> {
  const { checkProfile } = await loadProfileTools();
  const { profile, hash, mistakes } = checkProfile(await readProfileFile(path));
  const line = { profile: profile?.name ?? null, hash, mistakes };
  await new Output(flags.json === true).line(line, () =>
    mistakes.length === 0
      ? `${path}: profile "${profile?.name}" is well formed and its cases come out as it says; hash ${hash}`
      : [`${path}: ${mistakes.length} mistake(s)`, ...mistakes.map((mistake) => `  ${mistake}`)].join('\n'),
  );
  if (mistakes.length > 0) process.exitCode = EXIT.usage;
}
