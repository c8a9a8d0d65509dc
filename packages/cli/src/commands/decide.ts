import { type DecideReport, decide, dispositions, privilegeStates } from '@custody/case';
import { Command, Option } from 'commander';
import { parseItemList } from '../item-list.ts';
import { type CaseFlags, caseCommand, withCase } from '../with-case.ts';

interface Flags extends CaseFlags {
  readonly items?: readonly number[];
  readonly disposition?: (typeof dispositions)[number];
  readonly privilege?: (typeof privilegeStates)[number];
  readonly warrant?: string;
  readonly widen?: boolean;
  readonly rule?: string;
  readonly plan?: boolean;
}

export function decideCommand(): Command {
  return caseCommand(new Command('decide').alias('dispose'))
    .description('decide again what items are: by hand, or all by the rule of a further or amended authority')
    .option('--items <list>', 'item numbers: 5,7-9', parseItemList)
    .addOption(new Option('--disposition <name>', 'what they are from now on').choices([...dispositions]))
    .addOption(new Option('--privilege <state>', 'the decision on privilege').choices([...privilegeStates]))
    .option('--warrant <id>', 'decide by the rule of this authority (add it with "custody warrant add" first)')
    .option('--widen', 'with --warrant: it stands beside the first, so nothing in scope leaves it')
    .option('--rule <text>', 'the rule that applies, for a decision by hand')
    .option('--reason <text>', 'why it applies here: recorded with the decision')
    .option('--plan', 'change nothing: say what would change')
    .action(async (flags: Flags) => {
      const { items, disposition, privilege, warrant, widen, rule, reason, plan } = flags;
      await withCase(flags, async (opened, out, progress) => {
        const report = await decide(opened, {
          ...{
            progress,
            ...(items && { items }),
            ...(disposition && { disposition }),
            ...(privilege && { privilege }),
          },
          ...(warrant !== undefined && { authority: warrant }),
          ...(widen !== undefined && { widen }),
          ...(rule !== undefined && { rule }),
          ...(reason !== undefined && { reason }),
          ...(plan !== undefined && { plan }),
        });
        progress.stop();
        await out.line({ ...(plan === true && { plan }), ...report, checkpoint: opened.checkpointJson() }, text);
      });
    });
}

function text(report: DecideReport): string {
  return [
    report.entry === null
      ? `${report.items} item(s) would be decided on; nothing is changed`
      : `${report.items} item(s) decided on, log entry ${report.entry}`,
    ...report.changes.map(({ from, to, items }) => `  ${from} to ${to}: ${items}`),
    `  content of ${report.moving} changes its compartment${report.finished.length > 0 ? ': done' : ''}`,
    ...report.notes.map((note) => `note  ${note}`),
  ].join('\n');
}
