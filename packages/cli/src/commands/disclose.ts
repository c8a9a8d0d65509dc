import { writeFile } from 'node:fs/promises';
import { UsageError } from '@custody/bytes';
import {
  type Case,
  type Disclosed,
  type DisclosureLaw,
  disclose,
  disclosureLaws,
  itemsInScope,
  type MarkLabel,
  markLabels,
} from '@custody/case';
import { Command, InvalidArgumentError, Option } from 'commander';
import { itemListText, parseItemList } from '../item-list.ts';
import { addRedactionFlags, type RedactionFlags, redactionsOf } from '../redaction-flags.ts';
import { type CaseFlags, caseCommand, withCase } from '../with-case.ts';

interface Flags extends CaseFlags, RedactionFlags {
  readonly to: { readonly name: string; readonly recipient: string };
  readonly items?: readonly number[];
  readonly marked?: MarkLabel;
  readonly all?: boolean;
  readonly law: DisclosureLaw;
  readonly exhibitRef?: string;
  readonly out: string;
}

export function discloseCommand(): Command {
  const command = caseCommand(new Command('disclose'))
    .description('seal exhibits, an index and the schedule of unused material to a party; with a signed receipt')
    .requiredOption('--to <party>', 'who receives it and their age recipient: "Defence of X=age1…"', parseParty)
    .option('--items <list>', 'item numbers: 5,7-9', parseItemList)
    .addOption(new Option('--marked <label>', 'items that bear this mark ("custody mark")').choices(markLabels))
    .option('--all', 'every item in scope')
    .addOption(
      new Option(
        '--law <law>',
        'ew: England and Wales, schedules of unused material, sensitive apart; us: Bates numbers, index',
      )
        .choices(disclosureLaws)
        .default('none'),
    )
    .option('--exhibit-ref <text>', 'exhibit reference; prefix of Bates numbers')
    .option('--reason <text>', 'why: recorded with the disclosure')
    .requiredOption('--out <file>', 'the sealed package (.age) to write; beside it FILE.receipt.json');
  return addRedactionFlags(command).action(run);
}

async function run(flags: Flags): Promise<void> {
  await withCase(flags, async (opened, out, progress) => {
    const made = await disclose(opened, {
      ...{ party: flags.to, law: flags.law, out: flags.out, progress },
      ...(await chosen(opened, flags)),
      ...{ redact: flags.redact, redactions: await redactionsOf(flags) },
      ...(flags.exhibitRef !== undefined && { exhibitRef: flags.exhibitRef }),
      ...(flags.reason !== undefined && { reason: flags.reason }),
    });
    progress.stop();
    const { sensitiveSchedule, ...shown } = made;
    await writeFile(`${flags.out}.receipt.json`, `${JSON.stringify(made.receipt, null, 1)}\n`, { flag: 'wx' });
    const schedule = sensitiveSchedule === null ? null : `${flags.out}.sensitive-schedule.age`;
    if (schedule !== null && sensitiveSchedule !== null)
      await writeFile(schedule, sensitiveSchedule, { flag: 'wx', mode: 0o600 });
    await out.line({ ...shown, sensitiveSchedule: schedule }, text);
  });
}

async function chosen(opened: Case, flags: Flags): Promise<{ items: readonly number[]; selection: string[] }> {
  const { items, marked, all } = flags;
  if ([items, marked, all].filter((one) => one !== undefined).length !== 1)
    throw new UsageError('ARGUMENT_INVALID', 'choose with one of --items LIST, --marked LABEL, --all');
  if (items !== undefined) return { items, selection: [`items ${itemListText(items)}`] };
  const found = await itemsInScope(opened, marked);
  return { items: found, selection: [marked === undefined ? 'every item in scope' : `items marked ${marked}`] };
}

function text(made: Omit<Disclosed, 'sensitiveSchedule'> & { readonly sensitiveSchedule: string | null }): string {
  const { unused } = made;
  return [
    `package   ${made.out}, sealed to the party`,
    `sha256    ${made.sha256} (log entry ${made.entry})`,
    `shows     ${made.items} item(s) in ${made.exhibits} exhibit(s), log size ${made.size}`,
    `unused    ${unused.nonSensitive} on the schedule, ${unused.otherwiseMarked} marked otherwise, ${unused.unreviewed} in scope that nobody has marked`,
    ...(made.sensitiveSchedule === null
      ? []
      : [`sensitive ${made.sensitive} item(s): ${made.sensitiveSchedule}, sealed to the case; not for the party`]),
    `receipt   ${made.out}.receipt.json, signed: custody verify CASE --receipt FILE`,
  ].join('\n');
}

function parseParty(value: string): { name: string; recipient: string } {
  const at = value.lastIndexOf('=');
  const [name, recipient] = [value.slice(0, at).trim(), value.slice(at + 1).trim()];
  if (at < 1 || name === '' || !recipient.startsWith('age1'))
    throw new InvalidArgumentError('the party and its age recipient: "Defence of X=age1…"');
  return { name, recipient };
}
