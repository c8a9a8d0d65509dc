import * as packed from './packed-streams.ts';
import { appendRun, compareTimes, joinStreams, type Stream } from './stream.ts';

/** Where the numbers of a packed stream begin. */
interface PackedAt {
  readonly numbers: Float64Array;
  readonly at: number;
  readonly toleranceMs: number;
}

/** Of each later stream in turn; filled again. */
const head: { number: number; time: number | null; row: number } = { number: 0, time: null, row: 0 };

/**
 * As `joinStreams` with a stream that was packed. Nearly all of them are one run with nothing more to tell: for these
 * nothing is made, because a unit may have thousands.
 */
export function joinPacked(earlier: Stream, later: PackedAt): void {
  const { numbers, at, toleranceMs } = later;
  if (!packed.isOneRun(numbers, at)) {
    joinStreams(earlier, packed.unpackStream(earlier.id, numbers, at), toleranceMs);
    return;
  }
  const number = (i: number) => numbers[at + i] as number;
  head.number = number(packed.HEAD_NUMBER);
  head.time = timeOf(number(packed.HEAD_TIME));
  head.row = number(packed.HEAD_ROW);
  const tailTime = timeOf(number(packed.TAIL_TIME));
  if (earlier.tail === null) {
    earlier.tail = { number: number(packed.TAIL_NUMBER), time: tailTime };
    earlier.head ??= { ...head };
  } else {
    compareTimes(earlier, earlier.tail, head, toleranceMs);
    earlier.tail.number = number(packed.TAIL_NUMBER);
    earlier.tail.time = tailTime;
  }
  appendRun(earlier, numbers, at + packed.HEAD);
}

function timeOf(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
