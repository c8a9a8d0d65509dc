import { type ExpungedJson, expungedText, type FindingJson, listFindingLines } from '@custody/case';
import { Command } from 'commander';
import { visible } from '../output.ts';
import { type CaseFlags, caseCommand, withCase } from '../with-case.ts';

interface Flags extends CaseFlags {
  readonly code?: string;
  readonly capture?: string;
  readonly all?: boolean;
}

export function findingsCommand(): Command {
  return caseCommand(new Command('findings'))
    .description('list what could not be read, verified or reconciled')
    .option('--code <code>', 'only this code')
    .option('--capture <sha>', 'only from this capture (SHA-256 or its beginning)')
    .option('--all', 'superseded derivations too')
    .option('--reason <text>', 'why: recorded with the access')
    .action(async (flags: Flags) => {
      await withCase(flags, async (opened, out) => {
        for await (const finding of listFindingLines(opened, flags)) await out.line(finding, text);
      });
    });
}

function text(finding: FindingJson | ExpungedJson): string {
  if ('expunged' in finding) return `${finding.index}  ${expungedText(finding.expunged)}`;
  const at =
    finding.locator === null
      ? ''
      : ` at ${finding.locator.path} offset ${finding.locator.offset ?? '?'} row ${finding.locator.row ?? '?'}`;
  return visible(
    `${finding.index}  ${finding.class}  ${finding.code}  records ${finding.records}${at}: ${finding.detail}`,
  );
}
