import { UsageError } from '@custody/bytes';
import { type MadeExhibit, makeExhibit } from '@custody/case';
import { Command, InvalidArgumentError } from 'commander';
import { itemListText, parseItemList } from '../item-list.ts';
import { addQueryFlags, describeQuery, hasQuery, type QueryFlags, selectByQuery } from '../query-flags.ts';
import { type CaseFlags, caseCommand, withCase } from '../with-case.ts';

interface Flags extends CaseFlags, QueryFlags {
  readonly items?: readonly number[];
  readonly context: number;
  readonly at?: number;
  readonly exhibitRef?: string;
  readonly producer?: string;
  readonly redact: readonly string[];
  readonly out: string;
}

export function exhibitCommand(): Command {
  const command = caseCommand(new Command('exhibit'))
    .description('write an exhibit: chosen items with context, openings, proofs, raw records and a page')
    .option('--items <list>', 'item numbers: 5,7-9', parseItemList)
    .option('--context <n>', 'items before and after each in its conversation', whole, 0)
    .option('--at <size>', 'log size that the exhibit shows (default: the newest with evidence)', whole)
    .option('--exhibit-ref <text>', 'exhibit reference')
    .option('--producer <text>', 'who produces it')
    .option(
      '--redact <field>',
      'withhold this field of every item; repeatable',
      (value: string, all: readonly string[]) => [...all, value],
      [],
    )
    .option('--reason <text>', 'why: recorded with the disclosure')
    .requiredOption('--out <file>', 'the ZIP to write; an existing file is not replaced');
  return addQueryFlags(command).action(run);
}

async function run(flags: Flags): Promise<void> {
  await withCase(flags, async (opened, out) => {
    if (flags.items === undefined && !hasQuery(flags)) {
      throw new UsageError('ARGUMENT_INVALID', 'name items with --items, or give the flags of "custody query"');
    }
    const items = flags.items ?? (await selectByQuery(opened, flags));
    const made = await makeExhibit(opened, {
      items,
      context: flags.context,
      redact: flags.redact,
      out: flags.out,
      selection: flags.items === undefined ? describeQuery(flags) : [`items ${itemListText(flags.items)}`],
      ...(flags.at !== undefined && { at: flags.at }),
      ...(flags.exhibitRef !== undefined && { exhibitRef: flags.exhibitRef }),
      ...(flags.producer !== undefined && { producer: flags.producer }),
      ...(flags.reason !== undefined && { reason: flags.reason }),
    });
    await out.line(made, text);
  });
}

function text(made: MadeExhibit): string {
  return [
    `exhibit   ${made.out}`,
    `sha256    ${made.sha256} (recorded in the log)`,
    `shows     ${made.shown} selected, ${made.context} context, ${made.findings} finding(s), ${made.rawRecords} raw record(s), log size ${made.size}`,
    ...made.notes.map((note) => `note      ${note}`),
    `verify    custody verify ${made.out} --verifier-key KEY`,
  ].join('\n');
}

function whole(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new InvalidArgumentError('a whole number');
  return number;
}
