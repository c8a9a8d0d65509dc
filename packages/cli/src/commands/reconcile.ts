import { type ReconcileLine, reconcile } from '@custody/case';
import { Command } from 'commander';
import { EXIT } from '../exit-code.ts';
import { visible } from '../output.ts';
import { type CaseFlags, caseCommand, withCase } from '../with-case.ts';

export function reconcileCommand(): Command {
  return caseCommand(new Command('reconcile'))
    .description(
      'counts of every step, files against their manifest, pairs, gaps, silence, clocks; exit 2 where a rule is broken',
    )
    .option('--reason <text>', 'why: recorded with the access')
    .action(async (flags: CaseFlags) => {
      const { reason } = flags;
      await withCase(flags, async (opened, out, progress) => {
        const counts = { agrees: 0, broken: 0, unknown: 0 };
        for await (const line of reconcile(opened, { progress, ...(reason !== undefined && { reason }) })) {
          progress.stop();
          counts[line.result]++;
          await out.line(line, text);
        }
        if (!out.json) out.note(`${counts.agrees} agree, ${counts.broken} broken, ${counts.unknown} unknown`);
        if (counts.broken > 0) process.exitCode = EXIT.findings;
      });
    });
}

function text({ check, result, file, row, detail, items }: ReconcileLine): string {
  const cited = items === undefined || items.length === 0 ? '' : `  item(s) ${items.slice(0, 10).join(', ')}`;
  return visible(
    `${result.padEnd(7)}  ${check}${file === undefined ? '' : `  ${file}`}${typeof row === 'number' ? ` row ${row}` : ''}  ${detail}${cited}`,
  );
}
