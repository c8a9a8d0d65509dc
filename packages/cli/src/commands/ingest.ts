import {
  type Case,
  type IngestOptions,
  type IngestResult,
  ingest,
  ingestForWorkers,
  mergeIndex,
  type PlannedIngest,
  plannedResult,
} from '@custody/case';
import { Command } from 'commander';
import { EXIT } from '../exit-code.ts';
import { handToWorkers, type QueueFlags } from '../hand-to-workers.ts';
import type { Output } from '../output.ts';
import { queueFlags } from '../queue-flags.ts';
import { readKeys } from '../read-keys.ts';
import { suppliedProfile } from '../read-profile-file.ts';
import { readThreads } from '../read-threads.ts';
import type { TerminalProgress } from '../terminal-progress.ts';
import { type CaseFlags, caseCommand, withCase } from '../with-case.ts';

interface Flags extends CaseFlags, QueueFlags {
  readonly warrant: string;
  readonly keys: readonly string[];
  readonly profile: readonly string[];
  readonly format?: string;
  /** `false` from `--no-supplier-hash`. */
  readonly supplierHash?: string | false;
  readonly receivedFrom?: string;
  readonly acquiredAt?: string;
  readonly exhibitRef?: string;
  readonly sealNumber?: string;
  readonly threads?: number;
  readonly region?: string;
}

export function ingestCommand(): Command {
  return queueFlags(caseCommand(new Command('ingest')))
    .description('take captures in under an authority, decode, commit and index them')
    .argument('<capture...>', 'files or directories')
    .requiredOption('--warrant <id>', 'the authority that this is done under')
    .option(
      '--keys <file>',
      'the platform\'s own key file, or a keyring; repeatable ("custody formats" names the kinds of keys)',
      (value: string, all: readonly string[]) => [...all, value],
      [],
    )
    .option(
      '--profile <file>',
      'the profile that describes the dump (JSON or YAML); repeatable',
      (value: string, all: readonly string[]) => [...all, value],
      [],
    )
    .option('--format <name>', 'decode as this format instead of detecting it ("custody formats" lists them)')
    .option('--supplier-hash <sha256:hex>', 'the hash the supplier stated: compared before anything is stored')
    .option('--no-supplier-hash', 'record that the supplier stated none')
    .option('--received-from <text>', 'who handed the capture over')
    .option(
      '--acquired-at <time>',
      'when it was acquired (UTC unless it says otherwise): tested against the validity of the authority',
    )
    .option('--exhibit-ref <text>', 'exhibit reference of the capture')
    .option('--seal-number <text>', 'number of the seal it came under')
    .option('--region <cc>', 'country of telephone numbers in national form')
    .option('--threads <n>', 'worker threads (default: all cores; results do not depend on it)', readThreads)
    .action(run);
}

async function run(captures: readonly string[], flags: Flags): Promise<void> {
  await withCase(flags, async (opened, out, progress) => {
    const profiles = await Promise.all(flags.profile.map(suppliedProfile));
    const keys = [...(await readKeys(flags.keys)), ...profiles];
    const work = { captures, options: { ...optionsOf(flags), keys, progress }, flags, out, progress };
    const results = flags.queue === undefined ? await runHere(opened, work) : await runByWorkers(opened, work);
    if (results === null) return;
    const all = results.map((result) => ingestJson(opened, result));
    const last = all.at(-1) as IngestJson;
    if (out.json) await out.line(all.length === 1 ? last : { ...last, ...sumOf(all), captures: all }, () => '');
    process.exitCode = exitCodeOf(results);
  });
}

interface IngestWork {
  readonly captures: readonly string[];
  readonly options: IngestOptions;
  readonly flags: Flags;
  readonly out: Output;
  readonly progress: TerminalProgress;
}

async function runHere(opened: Case, { captures, options, out, progress }: IngestWork): Promise<IngestResult[]> {
  const results: IngestResult[] = [];
  for (const path of captures) {
    const started = performance.now();
    const result = await ingest(opened, path, options);
    progress.stop();
    results.push(result);
    await out.say(summary(result, (performance.now() - started) / 1000));
  }
  // Once for all captures: tiles are merged over the log as it stands.
  await mergeIndex(opened, { progress });
  progress.stop();
  return results;
}

/** Takes all captures in here and leaves the rest to workers. Null where they are not waited for. */
async function runByWorkers(
  opened: Case,
  { captures, options, flags, out, progress }: IngestWork,
): Promise<IngestResult[] | null> {
  const started = performance.now();
  const planned: PlannedIngest[] = [];
  for (const path of captures) planned.push(await ingestForWorkers(opened, path, options));
  const open = planned.filter(({ derivation }) => derivation.totals === null).map(({ derivation }) => derivation.entry);
  const handedIn = await handToWorkers(opened, [...new Set(open)], { flags, progress });
  progress.stop();
  if (flags.wait === false) {
    const captured = planned.map(({ capture, derivation, known, repeated }) => ({
      capture: capture.sha256,
      name: capture.name,
      format: derivation.format,
      derivation: derivation.entry,
      known,
      repeated,
    }));
    const jobs = handedIn.reduce((sum, one) => sum + one.jobs, 0);
    await out.line(
      { handedIn, captures: captured },
      () => `${jobs} job(s) handed in: "custody status --watch" follows`,
    );
    return null;
  }
  const results = await Promise.all(planned.map((one) => plannedResult(opened, one)));
  for (const result of results) await out.say(summary(result, (performance.now() - started) / 1000));
  return results;
}

type IngestJson = ReturnType<typeof ingestJson>;

function ingestJson(opened: Case, { capture, derivation, totals, known, repeated }: IngestResult) {
  const { records, decoded, lost, notCovered, items, findings } = totals;
  const { inScope, outOfScope, privileged, undecided, evidenceRoot } = totals;
  return {
    capture: capture.sha256,
    name: capture.name,
    format: derivation.format,
    derivation: derivation.entry,
    records,
    decoded,
    lost,
    notCovered,
    items,
    findings,
    inScope,
    outOfScope,
    privileged,
    undecided,
    evidenceRoot,
    checkpoint: opened.checkpointJson(),
    known,
    repeated,
  };
}

/** Totals over several captures; unknown stays unknown. */
function sumOf(all: readonly IngestJson[]): Record<string, number | null> {
  const sum = (
    key:
      | 'records'
      | 'decoded'
      | 'notCovered'
      | 'items'
      | 'findings'
      | 'inScope'
      | 'outOfScope'
      | 'privileged'
      | 'undecided',
  ) => all.reduce((total, one) => total + one[key], 0);
  return {
    records: sum('records'),
    decoded: sum('decoded'),
    lost: all.reduce<number | null>((total, one) => (total === null || one.lost === null ? null : total + one.lost), 0),
    notCovered: sum('notCovered'),
    items: sum('items'),
    findings: sum('findings'),
    inScope: sum('inScope'),
    outOfScope: sum('outOfScope'),
    privileged: sum('privileged'),
    undecided: sum('undecided'),
  };
}

function exitCodeOf(results: readonly IngestResult[]): number {
  if (results.every(({ totals }) => totals.decoded === 0 && totals.items === 0)) return EXIT.nothingDecoded;
  return results.some(({ totals }) => totals.adverse > 0) ? EXIT.findings : EXIT.ok;
}

function optionsOf(flags: Flags): Omit<IngestOptions, 'keys' | 'progress'> {
  const stated = flags.supplierHash;
  return {
    authority: flags.warrant,
    receipt: {
      supplierHash: stated === undefined || stated === (true as unknown) ? null : stated === false ? 'none' : stated,
      receivedFrom: flags.receivedFrom ?? null,
      acquiredAt: flags.acquiredAt ?? null,
      exhibitRef: flags.exhibitRef ?? null,
      sealNumber: flags.sealNumber ?? null,
    },
    ...(flags.format !== undefined && { format: flags.format }),
    ...(flags.threads !== undefined && { threads: flags.threads }),
    ...(flags.region !== undefined && { region: flags.region }),
  };
}

function summary({ capture, derivation, totals, known, repeated }: IngestResult, seconds: number): string {
  const { records, decoded, lost, notCovered, items } = totals;
  const rate = Math.round(items / Math.max(0.001, seconds));
  return [
    `${capture.name}  ${derivation.format}  sha256 ${capture.sha256}`,
    ...(known ? ['  the case had these bytes already'] : []),
    ...(repeated ? ['  decoded before with the same decoder, keys and authority: nothing was done again'] : []),
    `  records ${records} = decoded ${decoded} + lost ${lost ?? 'unknown'} + not covered ${notCovered}`,
    `  items ${items} = in scope ${totals.inScope} + out of scope ${totals.outOfScope} + privileged ${totals.privileged} + undecided ${totals.undecided}`,
    `  findings ${totals.findings} (${totals.adverse} of class lost or doubt: "custody findings" lists them)`,
    `  evidence root ${totals.evidenceRoot}`,
    ...(totals.decoded + items === 0
      ? [`  nothing could be decoded: "custody findings --capture ${capture.sha256.slice(0, 12)}" says why`]
      : []),
    ...(repeated ? [] : [`  ${seconds.toFixed(2)} s, ${rate} items/s`]),
  ].join('\n');
}
