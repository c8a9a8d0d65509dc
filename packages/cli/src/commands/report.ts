import { UsageError } from '@custody/bytes';
import { leftOutNotes, type ReportLine, type TelecomReport, telecomReport, telecomReports } from '@custody/case';
import { Command } from 'commander';
import { visible } from '../output.ts';
import { readSize } from '../read-size.ts';
import { type CaseFlags, caseCommand, withCase } from '../with-case.ts';

interface Flags extends CaseFlags {
  readonly min?: number;
  readonly bySlot?: boolean;
  readonly within?: number;
}

export function reportCommand(): Command {
  const names = Object.entries(telecomReports).map(([name, shows]) => `  ${name.padEnd(10)} ${shows}`);
  return caseCommand(new Command('report'))
    .description('a report by name, each line with its items; recorded')
    .argument('<name>', Object.keys(telecomReports).join(', '))
    .option(
      '--min <n>',
      'fewest numbers, handsets or accounts for a line (default 2); amounts: the least, in each unit',
      readSize,
    )
    .option('--by-slot', 'boxes: one line a slot')
    .option('--within <minutes>', 'takeovers: sent on within so many minutes (default 60)', readSize)
    .option('--reason <text>', 'why: recorded with the access')
    .addHelpText('after', `\nReports:\n${names.join('\n')}`)
    .action(async (name: string, flags: Flags) => {
      const known = reportNamed(name);
      const { min, bySlot, within, reason } = flags;
      await withCase(flags, async (opened, out, progress) => {
        const options = {
          progress,
          ...(min !== undefined && { least: min }),
          ...(bySlot !== undefined && { bySlot }),
          ...(within !== undefined && { withinMinutes: within }),
          ...(reason !== undefined && { reason }),
        };
        let lines = 0;
        for await (const line of telecomReport(opened, known, options)) {
          progress.stop();
          lines++;
          await out.line(line, shown);
        }
        if (!out.json) out.note(`${lines} line(s)`);
        for (const note of leftOutNotes(opened)) out.note(note);
      });
    });
}

function reportNamed(name: string): TelecomReport {
  if (Object.hasOwn(telecomReports, name)) return name as TelecomReport;
  throw new UsageError('ARGUMENT_INVALID', `there is no report "${name}": ${Object.keys(telecomReports).join(', ')}`);
}

function shown({ report: _, items, ...rest }: ReportLine): string {
  const parts = Object.entries(rest).map(([name, value]) => `${name} ${plain(value)}`);
  return visible(`${parts.join('  ')}  item(s) ${items.join(', ')}`);
}

function plain(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value ?? '-');
  if (Array.isArray(value)) return value.map((one) => plain((one as { value?: unknown }).value ?? one)).join(', ');
  return Object.entries(value)
    .map(([name, count]) => `${name} ${String(count)}`)
    .join(', ');
}
