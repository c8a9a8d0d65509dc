/** Runs of numbers kept for one stream; a stream that needs more has no order that could be told. */
const MOST_RUNS = 1000;

/** Numbers `first` to `last` without a gap, and the rows of the two. */
export interface Run {
  first: number;
  last: number;
  firstRow: number;
  lastRow: number;
}

interface Numbered {
  number: number;
  /** Milliseconds since 1970; null: the record has no readable time. */
  time: number | null;
}

/** What a stream is told of a record. */
export interface NumberedRecord extends Readonly<Numbered> {
  readonly row: number;
}

/**
 * What is known of the sequence numbers of one device over a stretch of the dump. Survives structured cloning. Two
 * neighbouring stretches join to one, and the result does not depend on where the cut was.
 */
export interface Stream {
  readonly id: string;
  /** By number, never touching each other. */
  readonly runs: Run[];
  /** Records whose number was there before. */
  repeats: number;
  repeatRow: number | null;
  /** Numbers too scattered to be kept: gaps and repeats are unknown. */
  scattered: boolean;
  /** Records with a higher number than the one before them in the dump, and a time before it beyond the tolerance. */
  backwards: number;
  backwardsRow: number | null;
  worstMs: number;
  head: NumberedRecord | null;
  /** Changed in place. */
  tail: Numbered | null;
}

export function emptyStream(id: string): Stream {
  return {
    id,
    runs: [],
    repeats: 0,
    repeatRow: null,
    scattered: false,
    backwards: 0,
    backwardsRow: null,
    worstMs: 0,
    head: null,
    tail: null,
  };
}

/** The next record of the stream in the order of the dump; `record` is not kept. */
export function addNumber(stream: Stream, record: NumberedRecord, toleranceMs: number): void {
  const { tail } = stream;
  if (tail === null) {
    stream.tail = { number: record.number, time: record.time };
    stream.head ??= { number: record.number, time: record.time, row: record.row };
  } else {
    compareTimes(stream, tail, record, toleranceMs);
    tail.number = record.number;
    tail.time = record.time;
  }
  const last = stream.runs.at(-1);
  if (last !== undefined && last.last + 1 === record.number) {
    last.last = record.number;
    last.lastRow = record.row;
    return;
  }
  const { number, row } = record;
  addRun(stream, { first: number, last: number, firstRow: row, lastRow: row });
}

/** Appends what is known of the stretch that follows. */
export function joinStreams(earlier: Stream, later: Stream, toleranceMs: number): void {
  if (earlier.tail !== null && later.head !== null) compareTimes(earlier, earlier.tail, later.head, toleranceMs);
  earlier.head ??= later.head;
  earlier.tail = later.tail === null ? earlier.tail : { ...later.tail };
  earlier.backwards += later.backwards;
  earlier.backwardsRow ??= later.backwardsRow;
  earlier.worstMs = Math.max(earlier.worstMs, later.worstMs);
  for (const run of later.runs) addRun(earlier, { ...run });
  earlier.repeats += later.repeats;
  earlier.repeatRow ??= later.repeatRow;
  if (!later.scattered) return;
  earlier.scattered = true;
  earlier.runs.length = 0;
}

/** Numbers between the runs, none of which any record had. */
export function gapsOf(stream: Stream): { from: number; to: number; after: number; before: number }[] {
  const gaps: { from: number; to: number; after: number; before: number }[] = [];
  for (let i = 1; i < stream.runs.length; i++) {
    const [left, right] = [stream.runs[i - 1] as Run, stream.runs[i] as Run];
    gaps.push({ from: left.last + 1, to: right.first - 1, after: left.lastRow, before: right.firstRow });
  }
  return gaps;
}

/** Counts a clock that goes back beyond the tolerance. */
export function compareTimes(
  stream: Stream,
  before: Readonly<Numbered>,
  record: NumberedRecord,
  toleranceMs: number,
): void {
  if (before.time === null || record.time === null || record.number <= before.number) return;
  const back = before.time - record.time;
  if (back <= toleranceMs) return;
  stream.backwards++;
  stream.backwardsRow ??= record.row;
  stream.worstMs = Math.max(stream.worstMs, back);
}

/** Adds the run whose first and last number and rows stand at `at`; where it goes on from the last one, in its place. */
export function appendRun(stream: Stream, numbers: Float64Array, at: number): void {
  const [first, last] = [numbers[at] as number, numbers[at + 1] as number];
  const [firstRow, lastRow] = [numbers[at + 2] as number, numbers[at + 3] as number];
  const before = stream.runs.at(-1);
  if (!stream.scattered && before !== undefined && before.last + 1 === first) {
    before.last = last;
    before.lastRow = lastRow;
  } else {
    addRun(stream, { first, last, firstRow, lastRow });
  }
}

function addRun(stream: Stream, run: Run): void {
  if (stream.scattered) return;
  const { runs } = stream;
  const last = runs.at(-1);
  if (last === undefined || last.last + 1 < run.first) runs.push(run);
  else mergeRun(stream, run);
  if (runs.length > MOST_RUNS) {
    stream.scattered = true;
    runs.length = 0;
  }
}

function mergeRun(stream: Stream, run: Run): void {
  const { runs } = stream;
  let from = 0;
  while (from < runs.length && (runs[from] as Run).last + 1 < run.first) from++;
  const merged: Run = { ...run };
  let to = from;
  for (; to < runs.length && (runs[to] as Run).first <= run.last + 1; to++) {
    const other = runs[to] as Run;
    const overlap = Math.min(other.last, run.last) - Math.max(other.first, run.first) + 1;
    if (overlap > 0) {
      stream.repeats += overlap;
      stream.repeatRow ??= run.firstRow;
    }
    if (other.first < merged.first) {
      merged.first = other.first;
      merged.firstRow = other.firstRow;
    }
    if (other.last >= merged.last) {
      merged.last = other.last;
      merged.lastRow = other.lastRow;
    }
  }
  runs.splice(from, to - from, merged);
}
