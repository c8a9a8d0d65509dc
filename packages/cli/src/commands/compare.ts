import { type CompareLine, compare } from '@custody/case';
import { Command } from 'commander';
import { EXIT } from '../exit-code.ts';
import { visible } from '../output.ts';
import { type CaseFlags, caseCommand, withCase } from '../with-case.ts';

export function compareCommand(): Command {
  return caseCommand(new Command('compare'))
    .description('two captures of the case item by item: what only one has, and which fields differ; exit 2 where any')
    .argument('<a>', 'a capture: the beginning of its SHA-256, or its name')
    .argument('<b>', 'the other')
    .option('--reason <text>', 'why: recorded with the access')
    .action(async (a: string, b: string, flags: CaseFlags) => {
      const { reason } = flags;
      await withCase(flags, async (opened, out) => {
        let differences = 0;
        for await (const line of compare(opened, a, b, reason === undefined ? {} : { reason })) {
          if (line.result !== 'summary') differences++;
          await out.line(line, text);
        }
        if (differences > 0) process.exitCode = EXIT.findings;
      });
    });
}

function text({ result, a, b, file, row, detail }: CompareLine): string {
  const place = file === undefined ? '' : `  ${file}${row == null ? '' : ` row ${row}`}`;
  const items = [a, b].filter((index) => index !== null).join(' and ');
  return visible(`${result}${items === '' ? '' : `  item ${items}`}${place}  ${detail}`);
}
