import { readFile, stat } from 'node:fs/promises';
import {
  type CaseVerdict,
  type ExhibitFileVerdict,
  type ExhibitLanguage,
  exhibitLanguages,
  fillText,
  loadPerson,
  memoryFolder,
  notCheckedText,
  type OutsideKnowledge,
  openCase,
  type Rederived,
  recordVerification,
  rederive,
  verdictSummary,
  verifyCase,
  verifyExhibitFile,
} from '@custody/case';
import { Command, Option } from 'commander';
import { checkReceipt, receiptText } from '../check-receipt.ts';
import { EXIT } from '../exit-code.ts';
import { Output, visible } from '../output.ts';
import { readKeys } from '../read-keys.ts';
import { TerminalProgress } from '../terminal-progress.ts';

type ShownAnchor = Extract<ExhibitFileVerdict, { readonly ok: true }>['anchors'][number];

interface Flags {
  readonly verifierKey?: string;
  readonly json?: boolean;
  readonly rederive?: boolean;
  /** Key files, or `false` from `--no-keys`. */
  readonly keys?: readonly string[] | false;
  readonly checkpoint?: string;
  readonly tsaCa?: string;
  readonly crl?: readonly string[];
  readonly policy?: string;
  /** False by `--no-memory`. */
  readonly memory: boolean;
  readonly lang: ExhibitLanguage;
  readonly receipt?: string;
}

export function verifyCommand(): Command {
  return new Command('verify')
    .description('verify a case (every stored byte; with your keys also content) or an exhibit')
    .argument('<path>', 'a case (directory or s3://) or an exhibit ZIP')
    .option('--verifier-key <vkey>', 'the key you trust, received by another way')
    .option('--rederive', 'decode the sealed originals again and compare every leaf (needs "source")')
    .option(
      '--keys <file>',
      'for --rederive: keys instead of the ones stored; repeatable',
      (value: string, all?: readonly string[]) => [...(all ?? []), value],
    )
    .option('--no-keys', 'use no identity: stored bytes and commitments only')
    .option('--checkpoint <file>', 'a signed checkpoint you got earlier or elsewhere: the log must extend it')
    .option('--tsa-ca <file>', "the time-stamping authority's CA certificate(s) you trust, PEM")
    .option(
      '--crl <file>',
      "the authority's revocation list, PEM or DER; repeatable. Nothing is fetched from the network",
      (value: string, all?: readonly string[]) => [...(all ?? []), value],
    )
    .option('--policy <file>', 'C2SP tlog-policy: the witnesses you trust, and how many of them must have cosigned')
    .option('--receipt <file>', 'a receipt of a query or a disclosure: check it, and ask the query again')
    .option('--no-memory', 'neither compare with nor remember the largest checkpoint you saw of this log')
    .addOption(
      new Option('--lang <language>', 'language of an exhibit\u2019s summary').choices(exhibitLanguages).default('en'),
    )
    .option('--json', 'machine-readable output on stdout')
    .action(run);
}

async function run(path: string, flags: Flags): Promise<void> {
  const progress = new TerminalProgress();
  if ((await stat(path).catch(() => null))?.isFile() === true) return exhibit(path, flags);
  const person = flags.keys === false ? null : await loadPerson().catch(() => null);
  try {
    const pinned = flags.verifierKey !== undefined ? { verifierKey: flags.verifierKey } : {};
    const verdict = await verifyCase(path, { person, progress, ...pinned, known: await readKnown(flags) });
    const rederived = flags.rederive === true && verdict.ok ? await decodeAgain(path, flags, progress) : null;
    const asked = flags.receipt !== undefined && verdict.ok;
    const receipt = asked ? await checkReceipt(path, flags.receipt ?? '', flags.verifierKey) : null;
    const recorded = await recordVerification(path, verdict, { person, ...pinned, ...rederivedAs(rederived) });
    progress.stop();
    const result = {
      ...verdict,
      recorded,
      ...(rederived !== null && { rederived }),
      ...(receipt !== null && { receipt }),
    };
    await new Output(flags.json === true).line(result, (one) =>
      [text(one), ...(rederived ?? []).map(rederivedText), ...(receipt === null ? [] : [receiptText(receipt)])].join(
        '\n',
      ),
    );
    process.exitCode = exitCodeOf(verdict, rederived ?? []);
    if (process.exitCode === EXIT.ok && receipt?.repeated?.equal === false) process.exitCode = EXIT.findings;
  } finally {
    progress.stop();
  }
}

/** What the reader brings from outside the case. */
async function readKnown({ checkpoint, tsaCa, crl, policy, memory }: Flags): Promise<OutsideKnowledge> {
  return {
    memory: memory ? memoryFolder() : null,
    ...(checkpoint !== undefined && { checkpoint: { name: checkpoint, note: await readFile(checkpoint) } }),
    ...(policy !== undefined && { policy: await readFile(policy, 'utf8') }),
    ...(tsaCa !== undefined && { authorities: await readFile(tsaCa) }),
    ...(crl !== undefined && { lists: await Promise.all(crl.map((file) => readFile(file))) }),
  };
}

function rederivedAs(rederived: readonly Rederived[] | null): { readonly rederived?: 'equal' | 'different' } {
  if (rederived === null) return {};
  return { rederived: rederived.every((one) => one.equal) ? 'equal' : 'different' };
}

async function decodeAgain(path: string, flags: Flags, progress: TerminalProgress): Promise<readonly Rederived[]> {
  const opened = await openCase(path, flags.verifierKey === undefined ? {} : { verifierKey: flags.verifierKey });
  const keys = Array.isArray(flags.keys) ? await readKeys(flags.keys as readonly string[]) : undefined;
  return rederive(opened, { progress, ...(keys !== undefined && { keys }) });
}

/** A difference by the build that made the derivation is a fault; by another one it may be progress, and is a finding. */
function exitCodeOf(verdict: CaseVerdict, rederived: readonly Rederived[]): number {
  if (!verdict.ok || rederived.some((one) => !one.equal && one.sameBuild)) return EXIT.integrity;
  return rederived.some((one) => !one.equal) ? EXIT.findings : EXIT.ok;
}

function rederivedText(one: Rederived): string {
  const build = one.sameBuild ? 'by the build that made it' : 'by another build than the one that made it';
  const gone = one.expunged === 0 ? '' : `; ${one.expunged} expunged, nothing is left to compare`;
  if (one.compared === 'records')
    return `derivation ${one.derivation}: its sealed original was destroyed under an order; ${one.leaves} leaves agree with the records kept of them${gone}`;
  if (one.equal)
    return `decoded again derivation ${one.derivation}: ${one.leaves} leaves in ${one.segments} segments come out equal${gone}, ${build}`;
  const items = one.differences
    .slice(0, 20)
    .map((item) => `${item.index} (${item.fields.join(', ') || 'not open to you'})`);
  return [
    `decoded again derivation ${one.derivation}: DIFFERENT ${build}: ${one.differences.length} items: ${items.join(', ')}`,
    ...one.differences
      .slice(0, 20)
      .flatMap(({ index, values }) =>
        values.map(({ field, ledger, now }) =>
          visible(`${index} ${field}: ledger ${JSON.stringify(ledger)}, now ${JSON.stringify(now)}`),
        ),
      ),
    ...one.problems,
  ].join('\n  ');
}

async function exhibit(path: string, flags: Flags): Promise<void> {
  const { authorities, lists, policy } = await readKnown(flags);
  const known = {
    ...(authorities !== undefined && { authorities }),
    ...(lists !== undefined && { lists }),
    ...(policy !== undefined && { policy }),
  };
  const verdict = await verifyExhibitFile(path, flags.verifierKey, known);
  await new Output(flags.json === true).line(verdict, (one) => exhibitText(one, flags.lang));
  if (!verdict.ok) process.exitCode = EXIT.integrity;
}

function exhibitText(verdict: ExhibitFileVerdict, lang: ExhibitLanguage): string {
  const t = verdictSummary(lang);
  const head = (word: string) => word.padEnd(12);
  if (!verdict.ok)
    return `${head(t.result)} ${t.failed}: ${verdict.failures.map((one) => `${one.code}: ${one.message}`).join('; ')}`;
  const { checked, page } = verdict;
  const { members, items, findings, segments, rawRecords } = checked;
  const { key, source } = verdict.verifierKey;
  return [
    `${head(t.log)} ${verdict.origin}, ${verdict.checkpoint.size} ${t.entries}, root ${verdict.checkpoint.root}`,
    `${head(t.key)} ${source === 'pinned' ? t.pinned : t.selfAsserted}  ${key}`,
    `${head(t.checked)} ${fillText(t.counts, { members, items, findings, segments, rawRecords, page: page === 'agrees' ? t.pageAgrees : page })}`,
    `${head(t.withheld)} ${checked.withheldFields}`,
    ...verdict.anchors.flatMap((one) => witnessLines(one, t.witnessed)).map((line) => `${head(t.witnesses)} ${line}`),
    ...verdict.timestamps.map((one) => `${head(t.time)} ${one.statement}`),
    ...verdict.notChecked.map((line) => `${head(t.notChecked)} ${notCheckedText(line, lang)}`),
    `${head(t.result)} ${t.agrees}`,
  ].join('\n');
}

function witnessLines({ size, witnesses }: ShownAnchor, template: string): string[] {
  const names = witnesses.map(({ name, time }) => `${visible(name)} (${time})`).join(', ');
  return witnesses.length === 0 ? [] : [fillText(template, { size, names })];
}

function text(verdict: CaseVerdict): string {
  const { checked } = verdict;
  return [
    `log          ${verdict.origin ?? '(unreadable)'}${verdict.checkpoint === null ? '' : `, ${verdict.checkpoint.size} entries, root ${verdict.checkpoint.root}`}`,
    `key          ${verdict.verifierKey.source === 'pinned' ? 'pinned by you' : 'SELF-ASSERTED: it came with the case'}  ${verdict.verifierKey.key}`,
    `checked      ${checked.entries} entries, ${checked.segments} segments, ${checked.leaves} leaves, ${checked.objects} stored objects, ${checked.indexParts} index parts, ${checked.tiles} published tiles`,
    `content      ${checked.contentItems} items against their commitments, ${checked.originals} originals against their receipts`,
    ...verdict.anchors.timestamps.map((one) => `time         ${one.statement}`),
    ...verdict.anchors.cosignatures.map((one) => `witnesses    ${one.statement}`),
    ...verdict.notChecked.map((line) => `not checked  ${line}`),
    ...verdict.notes.map((line) => `note         ${line}`),
    ...verdict.failures.map((failure) => `FAILED       ${failure.object}: ${failure.code}: ${failure.message}`),
    verdict.ok ? 'result       everything checked agrees' : `result       ${verdict.failures.length} check(s) FAILED`,
  ].join('\n');
}
