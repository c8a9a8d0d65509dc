import { writeFile } from 'node:fs/promises';
import { expungedNotes, type QueryLine, QueryReceipt, queryCase } from '@custody/case';
import { Command } from 'commander';
import { visible } from '../output.ts';
import { addQueryFlags, indexQuery, type QueryFlags } from '../query-flags.ts';
import { type CaseFlags, caseCommand, withCase } from '../with-case.ts';

interface Flags extends CaseFlags, QueryFlags {
  readonly tz?: string;
  readonly receipt?: string;
}

export function queryCommand(): Command {
  const command = caseCommand(new Command('query'))
    .description('find items in scope by entity, text, party or time; the query is recorded before it is answered')
    .option('--tz <zone>', 'adds a local time column, e.g. Europe/Amsterdam')
    .option('--receipt <file>', 'write a signed statement of query, log size and result; custody verify repeats it')
    .option('--reason <text>', 'why: recorded with the query');
  return addQueryFlags(command).action(async (flags: Flags) => {
    await withCase(flags, async (opened, out) => {
      const options = {
        ...indexQuery(flags),
        ...(flags.reason !== undefined && { reason: flags.reason }),
        ...(flags.tz !== undefined && { zone: flags.tz }),
      };
      const receipt = new QueryReceipt();
      let hits = 0;
      const left = { undated: 0 };
      for await (const line of queryCase(opened, options, left)) {
        hits++;
        receipt.add(line);
        await out.line(line, text);
      }
      if (flags.receipt !== undefined) {
        const signed = receipt.sign(opened, indexQuery(flags));
        await writeFile(flags.receipt, `${JSON.stringify(signed, null, 1)}\n`, { flag: 'wx' });
      }
      if (!out.json) out.note(`${hits} item(s)`);
      if (left.undated > 0)
        out.note(
          `${left.undated} item(s) without a certain time may be in the period: without --from and --to they are shown`,
        );
      for (const line of expungedNotes(opened)) out.note(line);
    });
  });
}

function text(line: QueryLine): string {
  const who = line.sender === null ? '?' : (line.sender.display ?? line.sender.value);
  const bounds = line.within === undefined ? 'undated' : `${line.within.from}/${line.within.to}`;
  const when = line.local || line.utc || bounds;
  const found = line.mentions
    .map(
      (one) =>
        `${one.type} ${one.value} (${[one.where, one.tier, one.grade, ...(one.folds ?? [])].filter(Boolean).join(', ')})`,
    )
    .join('; ');
  const shown = line.mentions.find((one) => one.snippet !== null)?.snippet ?? line.snippet ?? '';
  return visible(
    `${line.index}  ${when}  ${line.conversation ?? '-'}  ${who}${found === '' ? '' : `  [${found}]`}  ${shown.replace(/\s+/g, ' ')}`,
  );
}
