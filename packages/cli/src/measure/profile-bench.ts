import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { table } from '../output.ts';
import { BENCH_WARRANT } from './bench-warrant.ts';
import { type DumpKind, profileInput } from './inputs.ts';
import { describeMachine, type Machine } from './machine.ts';
import { runTask, type TaskResult } from './run-task.ts';
import { sharesText } from './stage-shares.ts';

/** Messages a second and core, decoded and authenticated; an ingest below 600 MB, in MiB. */
const FLOOR = 250_000;
const MOST_MIB = 572;

export interface ProfileTerms {
  readonly messages: number;
  readonly kinds: readonly DumpKind[];
  readonly threads?: number;
  /** Removes each dump once the case holds it sealed. */
  readonly spend: boolean;
  readonly say: (what: string) => void;
}

/** A dump described by a profile of a lab's own, whose payloads are opened step by step. */
export interface ProfileRun {
  readonly kind: DumpKind;
  /** Length of the dump in bytes. */
  readonly length: number;
  readonly threads: number;
  /** Split, decoded, authenticated and written as items into batches, on one core; nothing is kept. */
  readonly decode: TaskResult;
  /** node:crypto opens the same payloads one by one, nothing else. Null: measured with the lines of JSON only. */
  readonly alone: TaskResult | null;
  /** The whole path. */
  readonly ingest: TaskResult;
}

export interface ProfileReport {
  readonly machine: Machine;
  readonly messages: number;
  readonly runs: readonly ProfileRun[];
}

/** Measures dumps of `messages` through a profile with a recipe. Throws UsageError BENCH_WITHOUT_FIXTURES. */
export async function runProfileBench(terms: ProfileTerms): Promise<ProfileReport> {
  const folder = await mkdtemp(join(tmpdir(), 'custody-bench-'));
  try {
    const machine = describeMachine(folder);
    const runs: ProfileRun[] = [];
    for (const kind of terms.kinds) runs.push(await measure(kind, folder, terms));
    return { machine, messages: terms.messages, runs };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  kind: DumpKind,
  folder: string,
  { messages, threads, spend, say }: ProfileTerms,
): Promise<ProfileRun> {
  say(`${kind}: generating ${messages} messages, unless they are there from before`);
  const { capture, keys, length, profile: text } = await profileInput(kind, messages);
  const profile = join(folder, `${kind}.profile.json`);
  await writeFile(profile, text);
  const identity = join(folder, 'identity.txt');
  const place = join(folder, kind);
  const used = threads ?? availableParallelism();
  say(`${kind}: decoding on one core`);
  const decode = await runTask({ name: 'decode', dump: capture, keys, profile, format: `envelope-${kind}` }, identity);
  const alone = kind === 'ndjson' ? await runTask({ name: 'decrypt', dump: capture, keys }, identity) : null;
  say(`${kind}: ingest`);
  await runTask({ name: 'start', case: place, warrant: BENCH_WARRANT }, identity);
  const ingest = await runTask({ name: 'ingest', case: place, capture, keys, profile, threads: used, spend }, identity);
  await rm(place, { recursive: true, force: true });
  return { kind, length, threads: used, decode, alone, ingest };
}

export function profileText({ machine, messages, runs }: ProfileReport): string {
  const { cpu, cores, memoryGiB, node, kernel, fileSystem, load } = machine;
  return [
    `${cpu}, ${cores} cores, ${memoryGiB} GiB; Node ${node}; ${kernel}; ${fileSystem}; load before ${load}`,
    `${whole(messages)} messages of 300 bytes, AES-256-GCM, through the recipe of a profile`,
    ...runs.map((run) => runText(run, messages)),
  ].join('\n\n');
}

function runText({ kind, length, threads, decode, alone, ingest }: ProfileRun, messages: number): string {
  const micros = (result: TaskResult) => ((result.cpu * 1e6) / result.count).toFixed(2);
  const rate = (result: TaskResult) => `${whole(result.count / result.cpu)}/s`;
  const rows = [
    ['', 'µs of processor time', 'a core', 'peak'],
    ['split, decode, authenticate, write items', micros(decode), rate(decode), `${decode.peakMiB.toFixed(0)} MiB`],
    ...(alone === null ? [] : [['node:crypto alone, payloads at hand', micros(alone), rate(alone), '']]),
  ];
  const times =
    alone === null
      ? ''
      : `, ${(decode.cpu / decode.count / (alone.cpu / alone.count)).toFixed(2)} times node:crypto alone`;
  return [
    `${kind}: ${(length / 2 ** 20).toFixed(0)} MiB`,
    table(rows),
    `decode and authenticate: floor ${whole(FLOOR)}/s a core${times}`,
    `whole path on ${threads} threads: ${ingest.wall.toFixed(1)} s, ${whole(messages / ingest.wall)} messages/s by the clock, ` +
      `${((ingest.cpu * 1e6) / messages).toFixed(1)} µs of processor time; peak ${ingest.peakMiB.toFixed(0)} MiB (below ${MOST_MIB})`,
    sharesText(ingest.spent ?? {}),
  ].join('\n');
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
