/** A line that a worker logged when it had done a job (workers/src/run-worker.ts). */
interface Done {
  readonly time: string;
  readonly pid: number;
  readonly hop: string;
  readonly ms: number;
  readonly records?: number;
}

/** How a worker's decoding went by its log. */
export interface DecodeTimes {
  readonly jobs: number;
  /** Seconds from the start of its first decode job to the end of its last but the closing one. */
  readonly span: number;
  /** Seconds of these in which no decode job ran: fetching the next, telling the last, handing on. */
  readonly between: number;
}

/** Records that a worker has decoded and stored so far. */
export function decodedRecords(lines: readonly string[]): number {
  return decodings(lines).reduce((sum, { records = 0 }) => sum + records, 0);
}

function decodings(lines: readonly string[]): Done[] {
  return lines
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Partial<Done>)
    .filter((line): line is Done => line.hop === 'decode' && line.ms !== undefined && (line.records ?? 0) > 0);
}

/** From the lines of one worker process; null where it decoded fewer than two stretches. */
export function decodeTimes(lines: readonly string[]): DecodeTimes | null {
  const times = decodings(lines).map(({ time, ms }) => ({ end: Date.parse(time), ms }));
  const byStart = times.toSorted((a, b) => a.end - a.ms - (b.end - b.ms));
  const first = byStart[0];
  const last = times.at(-1);
  if (first === undefined || last === undefined || times.length < 2) return null;
  const begun = first.end - first.ms;
  // Jobs may overlap: what counts is when none was under way.
  let [between, busyUntil] = [0, begun];
  for (const { end, ms } of byStart) {
    between += Math.max(0, end - ms - busyUntil);
    busyUntil = Math.max(busyUntil, end);
  }
  return { jobs: times.length, span: (last.end - begun) / 1000, between: between / 1000 };
}
