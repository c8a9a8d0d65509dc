import { type AnchorStatus, anchorStatus, type CaseStatus, caseStatus, requireWholeLog } from '@custody/case';
import { describeLock } from '@custody/vault';
import { Command } from 'commander';
import { becomeWorker } from '../become-worker.ts';
import { type QueueFlags, queueEnvironment } from '../hand-to-workers.ts';
import { readSize } from '../read-size.ts';
import { type CaseFlags, caseCommand, withCase } from '../with-case.ts';

export function statusCommand(): Command {
  return caseCommand(new Command('status'))
    .description('completeness: counts that add up, derivations, checkpoint, jobs')
    .option(
      '--watch',
      'how the workers get on, once a second until nothing is left to do: from the queue and the store',
    )
    .option('--queue <redis>', 'where the queue is (redis://host:port; default: $CUSTODY_REDIS)')
    .option('--lab <name>', 'keys of one laboratory on a Redis that several share')
    .option('--at <size>', 'dispositions, orders and decisions as the log had them at this size', readSize)
    .action(async (flags: CaseFlags & QueueFlags & { watch?: boolean; at?: number }) => {
      if (flags.watch === true) {
        const json = flags.json === true ? ['--json'] : [];
        becomeWorker(['status', '--watch', '--case', flags.case, ...json], queueEnvironment(flags));
      }
      const at = flags.at === undefined ? {} : { at: flags.at };
      await withCase(flags, async (opened, out) => {
        await requireWholeLog(opened);
        await out.line({ ...caseStatus(opened, at), anchors: await anchorStatus(opened) }, text);
      });
    });
}

function text(status: CaseStatus & { readonly anchors: AnchorStatus }): string {
  return [
    `${status.title || '(untitled)'}  ${status.location}`,
    `checkpoint  ${status.checkpoint.origin} size ${status.checkpoint.size} root ${status.checkpoint.root}`,
    `verifier    ${status.verifierKey}`,
    ...anchorLines(status.anchors),
    `store       ${status.store.objects} committed objects, ${status.store.bytes} bytes`,
    ...status.authorities.map(
      (one) =>
        `authority   ${one.id}: ${one.period.from} to ${one.period.to}${one.unrestricted.map((u) => `; ${u}`).join('')}`,
    ),
    `holders     ${status.oneHolderForAll ? 'one holder for all compartments' : 'compartments are held separately'}`,
    ...status.captures.flatMap((capture) => [
      `capture     ${capture.name} (${capture.length} bytes) sha256 ${capture.capture}`,
      `            supplier hash: ${capture.supplierHash}`,
      ...(capture.stored === null ? [] : [`            stored as ${storedText(capture.stored)}`]),
      ...capture.derivations.flatMap((one) => [
        `  derivation ${one.derivation}, ${one.state}: ${one.decoder} under ${one.authority}`,
        ...one.about.map(
          ({ path, name, value, authenticated }) =>
            `    ${path} states ${name} ${JSON.stringify(value)}${authenticated ? '' : ', which nothing authenticates'}`,
        ),
        ...(one.totals === null
          ? ['    not finished: "custody resume" goes on']
          : [
              `    records ${one.totals.records} = decoded ${one.totals.decoded} + lost ${one.totals.lost ?? 'unknown'} + not covered ${one.totals.notCovered}  ${verdict(one.addsUp)}`,
              `    items ${one.totals.items} = in scope ${one.totals.inScope} + out of scope ${one.totals.outOfScope} + privileged ${one.totals.privileged} + undecided ${one.totals.undecided}`,
              ...historyText(one),
              `    findings ${one.totals.findings}, of class lost or doubt ${one.totals.adverse}; evidence root ${one.totals.evidenceRoot}`,
            ]),
      ]),
    ]),
    ...status.expungements.map(
      (one) =>
        `expunged    ${one.leaves} position(s) under order ${one.order} (${one.reference}), mode ${one.mode}, log entry ${one.entry}, ${one.state}`,
    ),
    ...status.decisions.map(
      (one) =>
        `decided     ${one.items} item(s) by ${one.by}, log entry ${one.entry}, ${one.state}: ${one.rule}${one.privilege === null ? '' : `; privilege ${one.privilege}`}`,
    ),
  ].join('\n');
}

function historyText({
  expunged,
  dispositions,
  totals,
}: CaseStatus['captures'][number]['derivations'][number]): string[] {
  const out: string[] = [];
  if (
    dispositions !== null &&
    totals !== null &&
    (['inScope', 'outOfScope', 'privileged', 'undecided'] as const).some((key) => dispositions[key] !== totals[key])
  ) {
    const { inScope, outOfScope, privileged, undecided } = dispositions;
    out.push(
      `    after later decisions: in scope ${inScope} + out of scope ${outOfScope} + privileged ${privileged} + undecided ${undecided}`,
    );
  }
  if (expunged > 0) out.push(`    ${expunged} of the items and findings are expunged`);
  return out;
}

function anchorLines({ timestamps, cosignatures, unanchored, unsound }: AnchorStatus): string[] {
  const newest = timestamps.at(-1);
  return [
    newest === undefined
      ? 'time        no time-stamp yet: "custody timestamp" gets one'
      : `time        ${newest.statement}`,
    ...cosignatures.slice(-1).map((one) => `witnesses   ${one.statement}`),
    ...(newest === undefined && cosignatures.length === 0
      ? []
      : [
          `            ${timestamps.length} time-stamp(s), ${cosignatures.length} cosigned checkpoint(s); ${unanchored} entries since`,
        ]),
    ...(unsound > 0
      ? [`            ${unsound} KEPT TIME-STAMP(S) OR COSIGNATURE(S) DO NOT HOLD: "custody verify" says why`]
      : []),
  ];
}

function verdict(addsUp: boolean | 'unknown'): string {
  if (addsUp === 'unknown') return '(the loss cannot be counted)';
  return addsUp ? '(adds up)' : '(DOES NOT ADD UP)';
}

function storedText({ bucket, key, version, lock }: NonNullable<CaseStatus['captures'][number]['stored']>): string {
  return `version ${version} of ${key} in ${bucket}: ${lock === null ? 'not locked' : describeLock(lock)}`;
}
