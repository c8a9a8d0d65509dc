import { type LogLine, listLog } from '@custody/case';
import { Command } from 'commander';
import { type CaseFlags, caseCommand, withCase } from '../with-case.ts';

export function logCommand(): Command {
  return caseCommand(new Command('log'))
    .description('custody events: who did what, when, under which authority, with which tool')
    .action(async (flags: CaseFlags) => {
      await withCase(flags, async (opened, out) => {
        for await (const line of listLog(opened)) await out.line(line, text);
      });
    });
}

function text(line: LogLine): string {
  const who = line.actor.name ?? line.actor.key.slice(0, 16);
  const about = Object.entries(line.subject ?? {}).map(([key, value]) => `${key}=${String(value)}`);
  const { notBefore, notAfter } = line;
  const bounds =
    notBefore === undefined && notAfter === undefined ? '' : `  [stamped: ${notBefore ?? '?'} to ${notAfter ?? '?'}]`;
  return `${line.entry}  ${line.time}${bounds}  ${line.kind}  ${who}  ${about.join(' ')}${line.reason === undefined ? '' : `  (${line.reason})`}`;
}
