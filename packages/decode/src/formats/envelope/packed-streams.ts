import { emptyStream, type Run, type Stream } from './stream.ts';

/**
 * Streams as one list of texts and one array of numbers: a unit may name thousands of devices, and cloning as many
 * objects from thread to thread would cost more than decoding them.
 */
export interface PackedStreams {
  readonly ids: readonly string[];
  /** For each stream HEAD numbers, the last of them counting its runs, then four a run. NaN stands for null. */
  readonly numbers: Float64Array;
}

const HEAD = 12;
const RUN = 4;

export const noStreams: PackedStreams = { ids: [], numbers: new Float64Array(0) };

export function packStreams(streams: readonly Stream[]): PackedStreams {
  const length = streams.reduce((sum, { runs }) => sum + HEAD + RUN * runs.length, 0);
  const numbers = new Float64Array(length);
  let at = 0;
  for (const { repeats, repeatRow, scattered, backwards, backwardsRow, worstMs, head, tail, runs } of streams) {
    numbers[at++] = repeats;
    numbers[at++] = repeatRow ?? Number.NaN;
    numbers[at++] = scattered ? 1 : 0;
    numbers[at++] = backwards;
    numbers[at++] = backwardsRow ?? Number.NaN;
    numbers[at++] = worstMs;
    numbers[at++] = head?.number ?? Number.NaN;
    numbers[at++] = head?.time ?? Number.NaN;
    numbers[at++] = head?.row ?? Number.NaN;
    numbers[at++] = tail?.number ?? Number.NaN;
    numbers[at++] = tail?.time ?? Number.NaN;
    numbers[at++] = runs.length;
    for (const run of runs) {
      numbers[at++] = run.first;
      numbers[at++] = run.last;
      numbers[at++] = run.firstRow;
      numbers[at++] = run.lastRow;
    }
  }
  return { ids: streams.map(({ id }) => id), numbers };
}

/** The streams again, one after the other. */
export function* unpackStreams({ ids, numbers }: PackedStreams): Generator<Stream> {
  let at = 0;
  for (const id of ids) {
    const number = (i: number) => numbers[at + i] as number;
    const orNull = (i: number) => (Number.isNaN(number(i)) ? null : number(i));
    const runs: Run[] = [];
    for (let r = 0; r < number(HEAD - 1); r++) {
      const from = HEAD + RUN * r;
      runs.push({ first: number(from), last: number(from + 1), firstRow: number(from + 2), lastRow: number(from + 3) });
    }
    yield {
      ...emptyStream(id),
      runs,
      repeats: number(0),
      repeatRow: orNull(1),
      scattered: number(2) === 1,
      backwards: number(3),
      backwardsRow: orNull(4),
      worstMs: number(5),
      head: orNull(6) === null ? null : { number: number(6), time: orNull(7), row: number(8) },
      tail: orNull(9) === null ? null : { number: number(9), time: orNull(10) },
    };
    at += HEAD + RUN * runs.length;
  }
}
