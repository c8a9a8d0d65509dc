import { readFile } from 'node:fs/promises';
import { type ExpungementPlan, type ExpungementReport, expunge, expungementPlan } from '@custody/case';
import { Command, Option } from 'commander';
import { visible } from '../output.ts';
import { type CaseFlags, caseCommand, withCase } from '../with-case.ts';

interface Flags extends CaseFlags {
  readonly order: string;
  readonly mode?: 'derived' | 'original';
  readonly plan?: boolean;
}

export function expungeCommand(): Command {
  return caseCommand(new Command('expunge'))
    .description('destroy content under an order of a court; every other proof still verifies')
    .requiredOption(
      '--order <file>',
      'the order: {id, reference, issuedBy, reason, mode, items | captures | selection | events}',
    )
    .addOption(
      new Option('--mode <mode>', 'how far, where the order does not say').choices(['derived', 'original'] as const),
    )
    .option('--plan', 'change nothing: say exactly what would be destroyed and what would remain')
    .action(async (flags: Flags) => {
      await withCase(flags, async (opened, out, progress) => {
        const file = await readFile(flags.order, 'utf8');
        const terms = flags.mode === undefined ? {} : { mode: flags.mode };
        if (flags.plan === true) {
          await out.line({ plan: true, ...(await expungementPlan(opened, file, terms)) }, planText);
          return;
        }
        const report = await expunge(opened, file, { ...terms, progress });
        progress.stop();
        await out.line({ ...report, checkpoint: opened.checkpointJson() }, reportText);
      });
    });
}

function planText(plan: ExpungementPlan): string {
  return [`PLAN, nothing is changed`, ...textOf(plan)].join('\n');
}

function reportText(report: ExpungementReport): string {
  const destroyed = report.finished.reduce((sum, one) => sum + one.destroyed, 0);
  return [...textOf(report), `done        ${destroyed} stored objects destroyed; log entry ${report.entry}`].join('\n');
}

function textOf(plan: ExpungementPlan): string[] {
  const { order, items, findings, copies, before } = plan;
  return [
    `order       ${visible(`${order.id}: ${order.reference}, ${order.issuedBy}`)}; mode ${plan.mode}`,
    `destroys    ${items} item(s) and ${findings} finding(s): ${rangesText(plan.ranges)}`,
    ...(copies > 0 ? [`            ${copies} of them the same records in other derivations`] : []),
    ...(before > 0 ? [`            ${before} more were expunged before`] : []),
    ...plan.captures.map((one) =>
      visible(`capture     ${one.name}: ${one.leaves} leaves; sealed original ${one.original.toUpperCase()}`),
    ),
    `rewrites    ${plan.segments.length} segment(s), ${plan.indexTiles} index tile(s)`,
    ...plan.events.map(
      ({ entry, kind, fields, by }) =>
        `words       log entry ${entry} (${kind}): ${fields.join(', ')}, ${by === 'order' ? 'named by the order' : 'which quotes what is destroyed'}`,
    ),
    ...plan.destroys.map((name) => `object      ${name}`),
    ...plan.disclosed.map((one) =>
      visible(`disclosed   ${one.items} of them in exhibit ${one.exhibitRef || one.sha256} (log entry ${one.entry})`),
    ),
    ...plan.conflicts.map(({ object, why }) => `CONFLICT    ${object}: ${why}`),
    ...plan.remains.map((line) => visible(`remains     ${line}`)),
  ];
}

function rangesText(ranges: ExpungementPlan['ranges']): string {
  const all = ranges.map(([first, count]) => (count === 1 ? `${first}` : `${first}-${first + count - 1}`));
  return all.length > 20 ? `${all.slice(0, 20).join(', ')} … (${all.length} ranges)` : all.join(', ');
}
