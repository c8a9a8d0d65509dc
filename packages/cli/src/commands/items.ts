import { type ExpungedJson, expungedText, type ItemJson, listItemLines } from '@custody/case';
import { Command } from 'commander';
import { visible } from '../output.ts';
import { readSize } from '../read-size.ts';
import { type CaseFlags, caseCommand, withCase } from '../with-case.ts';

interface Flags extends CaseFlags {
  readonly kind?: string;
  readonly capture?: string;
  readonly all?: boolean;
  readonly at?: number;
}

export function itemsCommand(): Command {
  return caseCommand(new Command('items'))
    .description('list items, one a line, in ledger order; the access is recorded')
    .option('--kind <kind>', 'only this kind (message, call, contact …)')
    .option('--capture <sha>', 'only from this capture (SHA-256 or its beginning)')
    .option('--all', 'superseded derivations too')
    .option('--at <size>', 'dispositions as the log had them at this size', readSize)
    .option('--reason <text>', 'why: recorded with the access')
    .action(async (flags: Flags) => {
      await withCase(flags, async (opened, out) => {
        for await (const item of listItemLines(opened, flags)) await out.line(item, text);
      });
    });
}

function text(item: ItemJson | ExpungedJson): string {
  if ('expunged' in item) return `${item.index}  ${expungedText(item.expunged)}`;
  const who = item.sender === null ? '?' : (item.sender.display ?? item.sender.value);
  const when = item.sentAt === null ? 'undated' : (item.sentAt.utc ?? item.sentAt.raw);
  return visible(
    `${item.index}  ${when}  ${item.disposition}  ${item.kind}  ${item.conversation ?? '-'}  ${who}: ${item.body ?? ''}`,
  );
}
