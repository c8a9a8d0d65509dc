import { type LinkLine, leftOutNotes, listLinks } from '@custody/case';
import { Command, Option } from 'commander';
import { visible } from '../output.ts';
import { readSize } from '../read-size.ts';
import { type CaseFlags, caseCommand, withCase } from '../with-case.ts';

interface Flags extends CaseFlags {
  readonly of: string;
  readonly to?: string;
  readonly hops?: number;
  readonly basis?: 'metadata' | 'mentioned';
  readonly cite?: number;
}

export function linksCommand(): Command {
  return caseCommand(new Command('links'))
    .description('which devices, SIM cards, numbers and accounts belong together, each link with its items; recorded')
    .requiredOption(
      '--of <type:value>',
      'where to begin: imei:350000000000006, phone:+447700900001, or a value of any type',
    )
    .option('--to <class>', 'only identifiers of this type or class (imei, phone, device, handle, account …)')
    .option('--hops <n>', 'over how many links (default 1); only metadata leads on', readSize)
    .addOption(new Option('--basis <basis>', 'only links on this basis').choices(['metadata', 'mentioned']))
    .option('--cite <n>', 'most item numbers a link (default 100)', readSize)
    .option('--reason <text>', 'why: recorded with the access')
    .action(async (flags: Flags) => {
      const { of, to, hops, basis, cite, reason } = flags;
      await withCase(flags, async (opened, out, progress) => {
        let links = 0;
        const options = {
          ...{ of, progress },
          ...(to !== undefined && { to }),
          ...(hops !== undefined && { hops }),
          ...(basis !== undefined && { basis }),
          ...(cite !== undefined && { cite }),
          ...(reason !== undefined && { reason }),
        };
        for await (const line of listLinks(opened, options)) {
          progress.stop();
          links++;
          await out.line(line, text);
        }
        if (!out.json) out.note(`${links} link(s)`);
        for (const note of leftOutNotes(opened)) out.note(note);
      });
    });
}

function text(line: LinkLine): string {
  const { from, to, basis, count, items, conflicts } = line;
  const seen = line.firstSeen === null ? 'undated' : `${line.firstSeen} to ${line.lastSeen}`;
  const cited = `item(s) ${items.join(', ')}${items.length < count ? ' …' : ''}`;
  const doubt = conflicts.map((conflict) => `\n    conflict: ${conflict}`).join('');
  return visible(
    `${line.hop}  ${from.type} ${from.value}  ${basis}  ${to.type} ${to.value}  ${count}×  ${seen}  ${cited}${doubt}`,
  );
}
