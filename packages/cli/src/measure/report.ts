import type { StageName } from '@custody/case';
import { table } from '../output.ts';
import { type LedgerReport, ledgerText } from './ledger-report.ts';
import type { Machine } from './machine.ts';
import { type Plan, planText } from './plan.ts';
import type { TaskResult } from './run-task.ts';
import { sharesText } from './stage-shares.ts';
import type { Stored } from './storage.ts';

/** µs of processor time a message that each stage may take, so that two cores do 80,000 (60,000) messages a second. */
export const budgets: Readonly<Record<StageName, readonly [envelope: number, whatsapp: number]>> = {
  hash: [0.6, 0.2],
  seal: [1.5, 0.4],
  prepare: [1, 6],
  decode: [6, 7],
  decide: [0.2, 0.2],
  digest: [4, 4.5],
  compress: [1.5, 1.5],
  store: [1.5, 1.5],
  words: [2.5, 2.5],
  extract: [2, 2],
  encode: [1, 1],
  commit: [0.2, 0.2],
};

const told: Readonly<Record<StageName, string>> = {
  hash: 'hash the original',
  seal: 'hash it again, seal, store, read back',
  prepare: 'keys, structure, units',
  decode: 'decode and authenticate',
  decide: 'scope decides',
  digest: 'commit: salts, digests, chain, tree',
  compress: 'commit: compress and seal content',
  store: 'store with fsync, read back; seal index',
  words: 'index: words',
  extract: 'index: extract entities, parties',
  encode: 'index: sort, encode Parquet',
  commit: 'commit: sign, publish',
};

/** One format's results. */
export interface PathReport {
  readonly name: 'envelope' | 'whatsapp';
  readonly messages: number;
  /** Length of the capture in bytes. */
  readonly length: number;
  readonly threads: number;
  readonly ingest: TaskResult;
  /** Of the case after the ingest, by prefix. */
  readonly storage: Readonly<Record<string, Stored>>;
  readonly leaves: TaskResult;
  readonly verify: TaskResult;
  readonly verifyContent: TaskResult;
  readonly peers: readonly { readonly what: string; readonly result: TaskResult }[];
}

export interface BenchReport {
  readonly machine: Machine;
  readonly paths: readonly PathReport[];
  readonly ledger: LedgerReport;
  readonly plan?: Plan;
}

/** Microseconds of processor time a message by stage, and what no stage accounts for. */
export function stageMicros(path: PathReport): { stages: Record<StageName, number>; rest: number; total: number } {
  const spent = path.ingest.spent ?? {};
  const micros = (seconds: number) => (seconds * 1e6) / path.messages;
  const names = Object.keys(told) as StageName[];
  const stages = Object.fromEntries(names.map((name) => [name, micros((spent[name]?.cpu ?? 0) / 1000)]));
  const total = micros(path.ingest.cpu);
  const rest = total - Object.values(stages).reduce((sum, value) => sum + value, 0);
  return { stages: stages as Record<StageName, number>, rest, total };
}

export function benchText({ machine, paths, ledger, plan }: BenchReport): string {
  const { cpu, cores, memoryGiB, node, kernel, fileSystem, load } = machine;
  return [
    `${cpu}, ${cores} cores, ${memoryGiB} GiB; Node ${node}; ${kernel}; ${fileSystem}; load before ${load}`,
    ...paths.map(pathText),
    ledgerText(ledger),
    ...(plan === undefined ? [] : [planText(plan)]),
    'budget and cpu: µs of processor time a message over all threads; floors hold on 2 idle cores',
  ].join('\n\n');
}

function pathText(path: PathReport): string {
  const { name, messages, length, threads, ingest } = path;
  const { stages, rest, total } = stageMicros(path);
  const column = name === 'envelope' ? 0 : 1;
  const names = Object.keys(told) as StageName[];
  const rows = names.map((stage) => [
    stage,
    told[stage],
    budgets[stage][column].toFixed(1),
    stages[stage].toFixed(2),
    (((ingest.spent?.[stage]?.wall ?? 0) * 1000) / messages).toFixed(2),
  ]);
  const budget = names.reduce((sum, stage) => sum + budgets[stage][column], 0);
  const floor = name === 'envelope' ? 80_000 : 60_000;
  return [
    `${name}: ${count(messages)} messages, ${(length / 2 ** 20).toFixed(0)} MiB, ${threads} threads`,
    table([
      ['stage', '', 'budget', 'cpu', 'wall'],
      ...rows,
      ['rest', 'start-up, other threads of Node', '', rest.toFixed(2), ''],
      ['all', '', budget.toFixed(1), total.toFixed(2), ((ingest.wall * 1e6) / messages).toFixed(2)],
    ]),
    `whole path ${ingest.wall.toFixed(2)} s, ${count(messages / ingest.wall)} messages/s (floor ${count(floor)}), ` +
      `${count((messages * Math.min(threads, 2)) / ingest.cpu)} by processor time; peak ${ingest.peakMiB.toFixed(0)} MiB (below 700)`,
    sharesText(ingest.spent ?? {}),
    verifyText(path),
    ...path.peers.map((peer) => peerText(path, peer)),
  ].join('\n');
}

function verifyText({ leaves, verify, verifyContent }: PathReport): string {
  const rate = ({ count: n, wall, cpu }: TaskResult) => `${count(n / wall)}/s (${count(n / cpu)} by processor time)`;
  return [
    `ledger: leaves linked on one core ${rate(leaves)} (floor 700,000)`,
    `custody verify: without keys ${rate(verify)}, peak ${verify.peakMiB.toFixed(0)} MiB; with keys ${rate(verifyContent)}, peak ${verifyContent.peakMiB.toFixed(0)} MiB`,
  ].join('\n');
}

function peerText({ ingest, messages }: PathReport, { what, result }: PathReport['peers'][number]): string {
  const mine = ingest.cpu / messages;
  const theirs = result.cpu / result.count;
  return `beside: ${what}: ${(theirs * 1e6).toFixed(2)} µs of processor time a message; the whole path takes ${(mine / theirs).toFixed(1)} times that`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
