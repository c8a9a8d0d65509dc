import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { leftOutNotes, type WatchLine, watch } from '@custody/case';
import { Command } from 'commander';
import { visible } from '../output.ts';
import { readSize } from '../read-size.ts';
import { type CaseFlags, caseCommand, withCase } from '../with-case.ts';

interface Flags extends CaseFlags {
  readonly all?: boolean;
  readonly cite?: number;
}

export function watchCommand(): Command {
  return caseCommand(new Command('watch'))
    .description('hold the case against a list of IMEIs, numbers or handles; every hit cites its items; recorded')
    .argument(
      '<list>',
      'a file: one value a line (imei:…, phone:… or the value alone), a note after a comma, # comments',
    )
    .option('--all', 'entries without a hit too')
    .option('--cite <n>', 'most item numbers a line (default 100)', readSize)
    .option('--reason <text>', 'why: recorded with the access')
    .action(async (list: string, flags: Flags) => {
      const { all, cite, reason } = flags;
      const text = await readFile(list, 'utf8');
      await withCase(flags, async (opened, out, progress) => {
        const counts = { hits: 0, unread: 0 };
        const options = {
          ...{ name: basename(list), progress },
          ...(all !== undefined && { all }),
          ...(cite !== undefined && { cite }),
          ...(reason !== undefined && { reason }),
        };
        for await (const line of watch(opened, text, options)) {
          progress.stop();
          if (line.hit) counts.hits++;
          else if (line.type === null && line.value === '') counts.unread++;
          await out.line(line, shown);
        }
        if (!out.json) out.note(`${counts.hits} hit(s)`);
        for (const note of leftOutNotes(opened)) out.note(note);
      });
    });
}

function shown(line: WatchLine): string {
  const { raw, type, value, metadata, mentioned, note } = line;
  const what = `line ${line.line}  ${type ?? '?'} ${value}${note === null ? '' : `  (${note})`}`;
  if (!line.hit) return visible(`${what}  ${raw === '' ? '' : 'no hit'}`);
  const found = [
    metadata.count > 0 ? `metadata ${metadata.count}×: item(s) ${metadata.items.join(', ')}` : '',
    mentioned.count > 0 ? `mentioned ${mentioned.count}×: item(s) ${mentioned.items.join(', ')}` : '',
  ].filter((part) => part !== '');
  const seen = line.firstSeen === null ? 'undated' : `${line.firstSeen} to ${line.lastSeen}`;
  return visible(`${what}  ${seen}  ${found.join('; ')}`);
}
