import { UsageError } from '@custody/bytes';
import { type MarkedItems, type MarkLabel, markItems, markLabels } from '@custody/case';
import { Command, Option } from 'commander';
import { parseItemList } from '../item-list.ts';
import { addQueryFlags, hasQuery, type QueryFlags, selectByQuery } from '../query-flags.ts';
import { type CaseFlags, caseCommand, withCase } from '../with-case.ts';

interface Flags extends CaseFlags, QueryFlags {
  readonly items?: readonly number[];
  readonly as: MarkLabel;
  readonly withdraw?: boolean;
}

export function markCommand(): Command {
  const command = caseCommand(new Command('mark'))
    .description('record what a reviewer says of items; schedules of a disclosure follow it')
    .option('--items <list>', 'item numbers: 5,7-9', parseItemList)
    .addOption(new Option('--as <label>', 'what they are').choices(markLabels).makeOptionMandatory())
    .option('--withdraw', 'take the mark away again; both stay in the log')
    .requiredOption('--reason <text>', 'why: recorded with the mark');
  return addQueryFlags(command).action(run);
}

async function run(flags: Flags): Promise<void> {
  await withCase(flags, async (opened, out) => {
    if (flags.items === undefined && !hasQuery(flags))
      throw new UsageError('ARGUMENT_INVALID', 'name items with --items, or give the flags of "custody query"');
    const marked = await markItems(opened, {
      items: flags.items ?? (await selectByQuery(opened, flags)),
      ...{ label: flags.as, withdraw: flags.withdraw === true, reason: flags.reason ?? '' },
    });
    await out.line(marked, text);
  });
}

function text({ items, label, withdrawn, entry }: MarkedItems): string {
  return `${items} item(s) ${withdrawn ? 'no longer' : 'marked'} ${label}; log entry ${entry}`;
}
