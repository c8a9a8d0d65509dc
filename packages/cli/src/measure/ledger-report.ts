import { table } from '../output.ts';
import type { LedgerNumbers, Rate } from './ledger-task.ts';
import type { TaskResult } from './run-task.ts';

/**
 * What other append-only logs say of themselves, for scale: each of their entries is a write of its own that is sequenced
 * and made durable for many writers; ours come 4,096 to a segment from one capture. Sources are their own documents.
 */
const anchors: readonly (readonly [system: string, rate: string, source: string])[] = [
  ['Tessera, POSIX on mirrored NVMe, with antispam', 'some 10,000/s', 'transparency-dev/tessera docs/performance.md'],
  ['Tessera, Spanner of 100 units, one front end', 'over 3,000/s', 'transparency-dev/tessera docs/performance.md'],
  ['TesseraCT, AWS, Aurora', 'some 450/s', 'transparency-dev/tesseract docs/performance.md'],
  ['Trillian v1, MySQL', '400 to 500/s', 'google/trillian docs/Feature_Implementation_Matrix.md'],
  ['Sunlight, its sample configuration', 'at most 3,750/s', 'FiloSottile/sunlight README.md'],
];

export interface LedgerReport {
  readonly numbers: LedgerNumbers;
  /** Of the process that did it all. */
  readonly peakMiB: number;
}

export function ledgerReport({ ledger, peakMiB }: TaskResult): LedgerReport {
  if (ledger === undefined) throw new Error('the ledger was not measured');
  return { numbers: ledger, peakMiB };
}

export function ledgerText({ numbers, peakMiB }: LedgerReport): string {
  const { commit, commitOnThreads, leaves, content, proof } = numbers;
  return [
    `ledger: ${whole(commit.count)} items of six fields (in 15 slots) with a body of 150 bytes`,
    table([
      ['', 'by the clock', 'by processor time', 'floor'],
      [
        `commit: secrets to published checkpoint, ${commitOnThreads.threads} threads`,
        ...rates(commitOnThreads),
        '350,000/s on 2 cores',
      ],
      ['  the same on one thread', ...rates(commit), ''],
      ['verify: chain and tree', ...rates(leaves), '1,000,000/s a core'],
      ['verify: with content', ...rates(content), '250,000/s a core'],
    ]),
    `proof of one item of 10 million: ${proof.median.toFixed(1)} ms, slowest ${proof.slowest.toFixed(1)} ms (below 20); peak ${peakMiB.toFixed(0)} MiB (below 400)`,
    'published by others, in entries a second:',
    table(anchors.map(([system, rate, source]) => [`  ${system}`, rate, source])),
  ].join('\n');
}

function rates({ count, wall, cpu }: Rate): [string, string] {
  return [`${whole(count / wall)}/s`, `${whole(count / cpu)}/s`];
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
