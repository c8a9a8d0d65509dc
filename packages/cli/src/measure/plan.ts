import type { StageName } from '@custody/case';
import { uploadRequests } from '@custody/vault';
import { table } from '../output.ts';
import type { TaskResult } from './run-task.ts';
import { besideOriginal, type Stored } from './storage.ts';

const CORES = [2, 8, 64] as const;
/** Stages that one thread does before the others have work. */
const BEFORE: readonly StageName[] = ['hash', 'seal', 'prepare'];
/** Prefixes of which a case has the same few objects whatever its size. */
const ONCE: ReadonlySet<string> = new Set(['format', 'keys', 'supplied']);

/** What a plan needs to know of a measured path. */
export interface MeasuredPath {
  readonly messages: number;
  /** Length of the capture in bytes. */
  readonly length: number;
  readonly threads: number;
  readonly ingest: TaskResult;
  /** Of the case after the ingest, by prefix. */
  readonly storage: Readonly<Record<string, Stored>>;
}

/** What a derivation of another size would take, from a measured one. */
export interface Plan {
  readonly messages: number;
  /** Of the run that was measured. */
  readonly measured: { readonly messages: number; readonly threads: number };
  /** Length of the capture in bytes. */
  readonly capture: number;
  /** Bytes by prefix, the sealed original among them. */
  readonly storage: Readonly<Record<string, Stored>>;
  /** Bytes stored beside the sealed original, as a part of the capture's. */
  readonly besideOriginal: number;
  /** Requests to S3 of one ingest into an empty case. */
  readonly requests: { readonly put: number; readonly get: number; readonly head: number };
  readonly onCores: readonly { readonly cores: number; readonly seconds: number; readonly memoryMiB: number }[];
  readonly assumptions: readonly string[];
}

/** Scales a measured run to `messages`; what that takes for granted is in `assumptions`. */
export function planOf(path: MeasuredPath, messages: number): Plan {
  const factor = messages / path.messages;
  const capture = Math.round(path.length * factor);
  const storage = Object.fromEntries(
    Object.entries(path.storage).map(([prefix, stored]) => [prefix, scaled(prefix, stored, factor)]),
  );
  return {
    messages,
    measured: { messages: path.messages, threads: path.threads },
    capture,
    storage,
    besideOriginal: besideOriginal(storage, capture),
    requests: requestsOf(storage),
    onCores: CORES.map((cores) => ({
      cores,
      seconds: secondsOn(path, factor, cores),
      memoryMiB: memoryOn(path, cores),
    })),
    assumptions: assumptionsOf(path),
  };
}

function scaled(prefix: string, { objects, bytes }: Stored, factor: number): Stored {
  if (ONCE.has(prefix)) return { objects, bytes };
  return {
    objects: prefix === 'originals' ? objects : Math.ceil(objects * factor),
    bytes: Math.round(bytes * factor),
  };
}

/** One thread first; then all cores, but no faster than one sequencer commits. */
function secondsOn({ ingest }: MeasuredPath, factor: number, cores: number): number {
  const spent = ingest.spent ?? {};
  const before = BEFORE.reduce((sum, stage) => sum + (spent[stage]?.wall ?? 0), 0) / 1000;
  const beforeCpu = BEFORE.reduce((sum, stage) => sum + (spent[stage]?.cpu ?? 0), 0) / 1000;
  const commits = (spent.commit?.wall ?? 0) / 1000;
  return factor * (before + Math.max(commits, (ingest.cpu - beforeCpu) / cores));
}

function memoryOn({ ingest, threads }: MeasuredPath, cores: number): number {
  return ingest.peakMiB * Math.ceil(cores / threads);
}

function requestsOf(storage: Readonly<Record<string, Stored>>): Plan['requests'] {
  const objects = Object.entries(storage).filter(([prefix]) => prefix !== 'originals');
  const count = objects.reduce((sum, [, stored]) => sum + stored.objects, 0);
  const index = storage.index?.objects ?? 0;
  return {
    put: count + uploadRequests(storage.originals?.bytes ?? 0),
    // Whatever a commit names is read back; the original once more to decode it.
    get: count - index + 2,
    // Nothing is looked at before it is stored or read; the few looks of a run do not grow with it.
    head: 0,
  };
}

function assumptionsOf({ messages, threads }: MeasuredPath): string[] {
  return [
    `records, words and parties are like those of the generated dump that was measured (${count(messages)} messages)`,
    'hashing, sealing and planning the capture are done by one thread, by the clock of the measured run',
    'everything else is processor time of the measured run, start-up included, shared evenly by all cores of this kind',
    'one sequencer commits; storing, network and queue keep up and are not in the time',
    `more than ${threads} cores are processes (worker, or machines) of ${threads} threads with the measured peak each`,
    'requests: one PUT an object, a read back of what commits name; none is repeated',
    'index tiles are those of single segments: merging them later adds reads and writes',
  ];
}

export function planText(plan: Plan): string {
  const rows = plan.onCores.map(({ cores, seconds, memoryMiB }) => [
    `${cores}`,
    duration(seconds),
    `${count(plan.messages / seconds)}/s`,
    `${(memoryMiB / 1024).toFixed(1)} GiB`,
  ]);
  const stored = Object.entries(plan.storage)
    .filter(([, { bytes }]) => bytes >= 2 ** 20)
    .map(([prefix, { objects, bytes }]) => [`${prefix}/`, count(objects), gibibytes(bytes)]);
  const { put, get, head } = plan.requests;
  return [
    `plan for ${count(plan.messages)} messages, a capture of ${gibibytes(plan.capture)}:`,
    table([['cores', 'time', 'messages', 'memory at most'], ...rows]),
    table([['stored', 'objects', ''], ...stored]),
    `beside the sealed original ${plan.besideOriginal.toFixed(2)} times the capture; S3: ${count(put)} PUT, ${count(get)} GET, ${count(head)} HEAD`,
    'assumed:',
    ...plan.assumptions.map((assumption) => `  ${assumption}`),
  ].join('\n');
}

function duration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return `${seconds.toFixed(1)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(bytes < 2 ** 30 ? 3 : 1)} GiB`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
