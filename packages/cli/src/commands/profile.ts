import { Command } from 'commander';
import { profileCheckCommand } from './profile-check.ts';
import { profileNewCommand } from './profile-new.ts';
import { profileTryCommand } from './profile-try.ts';

export function profileCommand(): Command {
  return new Command('profile')
    .description('write, check and try the profile that describes a dump')
    .addCommand(profileNewCommand())
    .addCommand(profileCheckCommand())
    .addCommand(profileTryCommand());
}
