/** The processor's time is counted in ticks of some milliseconds: runs are counted together. */
const LEAST_MICROSECONDS = 40_000;

/** Least processor time of one run of `run`, in seconds, of `tries`: other work on the machine does not count. */
export function best(tries: number, run: () => void): number {
  let fastest = Number.POSITIVE_INFINITY;
  for (let k = 0; k < tries; k++) {
    const before = process.threadCpuUsage();
    let runs = 0;
    let used = 0;
    do {
      run();
      runs++;
      const { user, system } = process.threadCpuUsage(before);
      used = user + system;
    } while (used < LEAST_MICROSECONDS);
    fastest = Math.min(fastest, used / runs);
  }
  return fastest / 1e6;
}
