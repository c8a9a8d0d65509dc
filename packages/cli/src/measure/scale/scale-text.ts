import { table } from '../../output.ts';
import { planText } from '../plan.ts';
import { besideOriginal } from '../storage.ts';
import type { LookupTimes } from './lookup-task.ts';
import type { QueuedRun } from './queued-run.ts';
import type { ScaleReport } from './scale-report.ts';

/** Milliseconds that 95 of 100 look-ups may take, by where the case stands. */
const MARKS = { directory: { entity: 50, word: 300 }, s3: { entity: 150, word: 300 } } as const;

/** The report as tables for a person, with the mark beside each number that has one. */
export function scaleText(report: ScaleReport): string {
  const { cpu, cores, memoryGiB, node, kernel, fileSystem, load } = report.machine;
  return [
    `${cpu}, ${cores} cores, ${memoryGiB} GiB; Node ${node}; ${kernel}; ${fileSystem}; load before ${load}`,
    `envelope dump: ${count(report.messages)} messages, ${mebibytes(report.length)}${report.services ? `; ${report.services}` : ''}`,
    ...(report.embedded ? [embeddedText(report)] : []),
    ...(report.queued.length > 0 ? [queuedText(report)] : []),
    ...report.lookups.map(lookupText),
    ...(report.plan ? [planText(report.plan)] : []),
  ].join('\n\n');
}

export function embeddedText({
  embedded,
  messages,
  length,
}: Pick<ScaleReport, 'embedded' | 'messages' | 'length'>): string {
  if (embedded === undefined) return '';
  const { ingest, merge, storage, threads } = embedded;
  const rate = messages / ingest.wall;
  return [
    `embedded, ${threads} threads: ${ingest.wall.toFixed(1)} s, ${count(rate)} messages/s (mark 150,000), ${micros(ingest.cpu, messages)} µs of processor time a message; peak ${ingest.peakMiB.toFixed(0)} MiB (below 700)`,
    `index tiles merged after it: ${merge.wall.toFixed(1)} s, ${micros(merge.cpu, messages)} µs a message, peak ${merge.peakMiB.toFixed(0)} MiB; with it ${count(messages / (ingest.wall + merge.wall))} messages/s`,
    `stored beside the sealed original: ${besideOriginal(storage, length).toFixed(2)} of the capture (mark: below 0.7)`,
  ].join('\n');
}

function queuedText({ queued, embedded, messages }: ScaleReport): string {
  const rows = queued.map((run) => queuedRow(run, { embedded, messages }));
  const head = [
    'workers',
    'threads each',
    'complete',
    'messages/s',
    'of embedded',
    'no job left',
    'peak of each worker',
  ];
  return [
    'queued, Redis and S3 on this machine (marks: 70 % of embedded, each worker below 700 MiB, queue below 2 %)',
    table([head, ...rows]),
    ...queued.map((run) => spentText(run, { embedded, messages })),
  ].join('\n');
}

export interface Beside {
  readonly embedded: ScaleReport['embedded'];
  readonly messages: number;
}

/** Cells of the table of queued runs. */
export function queuedRow(
  { workers, threads, wall, idle, peaksMiB }: QueuedRun,
  { embedded, messages }: Beside,
): string[] {
  const part = embedded === undefined ? '-' : `${((100 * embedded.ingest.wall) / wall).toFixed(0)} %`;
  const peaks = peaksMiB.map((peak) => `${peak.toFixed(0)} MiB`).join(', ');
  return [
    `${workers}`,
    `${threads}`,
    `${wall.toFixed(1)} s`,
    count(messages / wall),
    part,
    `${idle.toFixed(1)} s`,
    peaks,
  ];
}

function spentText({ workers, cpu, queueThreads, decoding }: QueuedRun, { embedded, messages }: Beside): string {
  const own = cpu.workers + cpu.command + cpu.redis;
  const queue = ((cpu.redis + queueThreads) / own) * 100;
  const [between, span] = [
    decoding.reduce((a, one) => a + one.between, 0),
    decoding.reduce((a, one) => a + one.span, 0),
  ];
  const s3 = cpu.s3 > 0 ? `, and S3 server ${micros(cpu.s3, messages)}` : '';
  const beside =
    embedded === undefined
      ? ''
      : ` (embedded ${micros(embedded.ingest.cpu + embedded.merge.cpu, messages)} with merging)`;
  return [
    `${workers} worker(s), µs of processor time a message: workers ${micros(cpu.workers, messages)}, command ${micros(cpu.command, messages)}, Redis ${micros(cpu.redis, messages)}${s3}${beside}`,
    `  queue: ${queue.toFixed(1)} % of processor time (Redis, and the workers' threads that only queue)` +
      (span > 0 ? `; between two decode jobs ${((between / span) * 100).toFixed(1)} % of ${span.toFixed(1)} s` : ''),
  ].join('\n');
}

function lookupText({ where, numbers, peakMiB }: ScaleReport['lookups'][number]): string {
  const marks: Readonly<Record<string, number>> = MARKS[where];
  const row = ({ group, kind, asked, answers, p50, p95, most }: LookupTimes, mark?: number) => [
    ...[group, kind, `${asked}`, `${answers}`, p50.toFixed(1), p95.toFixed(1)],
    ...[mark === undefined ? '' : `< ${mark}`, most.toFixed(1)],
  ];
  return [
    `look-ups, case on ${where === 's3' ? 'S3' : 'a directory'}: ${count(numbers.segments)} segments, opened in ${numbers.open.toFixed(0)} ms, first question ${numbers.first.toFixed(0)} ms, peak ${peakMiB.toFixed(0)} MiB`,
    table([
      ['', 'ms until the first 100 answers', 'asked', 'answers', 'p50', 'p95', 'mark', 'most'],
      ...numbers.groups.map((group) => row({ ...group, kind: 'all of these' }, marks[group.group])),
      ...numbers.kinds.map((kind) => row(kind)),
    ]),
  ].join('\n');
}

function micros(seconds: number, messages: number): string {
  return ((seconds * 1e6) / messages).toFixed(1);
}

function mebibytes(bytes: number): string {
  return `${count(bytes / 2 ** 20)} MiB`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
