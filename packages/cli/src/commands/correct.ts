import { type Correction, correct } from '@custody/case';
import { Command } from 'commander';
import { readSize } from '../read-size.ts';
import { type CaseFlags, caseCommand, withCase } from '../with-case.ts';

interface Flags extends CaseFlags {
  readonly entry: number;
  readonly text: string;
  readonly reason: string;
}

export function correctCommand(): Command {
  return caseCommand(new Command('correct'))
    .description('say that an entry of the log is wrong, and what is right; the entry stays as it is')
    .requiredOption('--entry <n>', 'the entry ("custody log" shows the numbers)', readSize)
    .requiredOption('--text <text>', 'what is right')
    .requiredOption('--reason <text>', 'why it was wrong')
    .action(async ({ entry, text, reason, ...flags }: Flags) => {
      await withCase(flags, async (opened, out) => {
        const made = await correct(opened, { of: entry, text, reason });
        await out.line({ ...made, checkpoint: opened.checkpointJson() }, shown);
      });
    });
}

function shown({ entry, of, kind }: Correction): string {
  return `entry ${of} (${kind}) is corrected by entry ${entry}; both stay in the log`;
}
