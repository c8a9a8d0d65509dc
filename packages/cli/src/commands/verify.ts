import { stat } from 'node:fs/promises';
import { type CaseVerdict, type ExhibitFileVerdict, loadPerson, verifyCase, verifyExhibitFile } from '@custody/case';
import { Command } from 'commander';
import { EXIT } from '../exit-code.ts';
import { Output } from '../output.ts';
import { TerminalProgress } from '../terminal-progress.ts';

interface Flags {
  readonly verifierKey?: string;
  readonly json?: boolean;
  readonly keysOff?: boolean;
}

export function verifyCommand(): Command {
  return new Command('verify')
    .description('verify a case (every stored byte; with your keys also content) or an exhibit')
    .argument('<path>', 'a case (directory or s3://) or an exhibit ZIP')
    .option('--verifier-key <vkey>', 'the key you trust, received by another way')
    .option('--no-keys', 'use no identity: stored bytes and commitments only')
    .option('--json', 'machine-readable output on stdout')
    .action(run);
}

async function run(path: string, flags: Flags & { keys?: boolean }): Promise<void> {
  const progress = new TerminalProgress();
  if ((await stat(path).catch(() => null))?.isFile() === true) return exhibit(path, flags);
  const person = flags.keys === false ? null : await loadPerson().catch(() => null);
  try {
    const pinned = flags.verifierKey !== undefined ? { verifierKey: flags.verifierKey } : {};
    const verdict = await verifyCase(path, { person, progress, ...pinned });
    progress.stop();
    await new Output(flags.json === true).line(verdict, text);
    if (!verdict.ok) process.exitCode = EXIT.integrity;
  } finally {
    progress.stop();
  }
}

async function exhibit(path: string, flags: Flags): Promise<void> {
  const verdict = await verifyExhibitFile(path, flags.verifierKey);
  await new Output(flags.json === true).line(verdict, exhibitText);
  if (!verdict.ok) process.exitCode = EXIT.integrity;
}

function exhibitText(verdict: ExhibitFileVerdict): string {
  if (!verdict.ok)
    return `result       FAILED: ${verdict.failures.map((one) => `${one.code}: ${one.message}`).join('; ')}`;
  const { checked } = verdict;
  return [
    `log          ${verdict.origin}, ${verdict.checkpoint.size} entries, root ${verdict.checkpoint.root}`,
    `key          ${verdict.verifierKey.source === 'pinned' ? 'pinned by you' : 'SELF-ASSERTED: it came with the exhibit'}  ${verdict.verifierKey.key}`,
    `checked      ${checked.members} members, ${checked.items} items and ${checked.findings} findings in ${checked.segments} segments, ${checked.rawRecords} raw records, page ${verdict.page}`,
    `withheld     ${checked.withheldFields} field(s)`,
    ...verdict.notChecked.map((line) => `not checked  ${line}`),
    'result       everything checked agrees',
  ].join('\n');
}

function text(verdict: CaseVerdict): string {
  const { checked } = verdict;
  return [
    `log          ${verdict.origin ?? '(unreadable)'}${verdict.checkpoint === null ? '' : `, ${verdict.checkpoint.size} entries, root ${verdict.checkpoint.root}`}`,
    `key          ${verdict.verifierKey.source === 'pinned' ? 'pinned by you' : 'SELF-ASSERTED: it came with the case'}  ${verdict.verifierKey.key}`,
    `checked      ${checked.entries} entries, ${checked.segments} segments, ${checked.leaves} leaves, ${checked.objects} stored objects, ${checked.indexParts} index parts`,
    `content      ${checked.contentItems} items against their commitments, ${checked.originals} originals against their receipts`,
    ...verdict.notChecked.map((line) => `not checked  ${line}`),
    ...verdict.notes.map((line) => `note         ${line}`),
    ...verdict.failures.map((failure) => `FAILED       ${failure.object}: ${failure.code}: ${failure.message}`),
    verdict.ok ? 'result       everything checked agrees' : `result       ${verdict.failures.length} check(s) FAILED`,
  ].join('\n');
}
