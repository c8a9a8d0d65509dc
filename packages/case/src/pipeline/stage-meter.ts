/** What the time of an ingest goes to, in the order of the work. */
export const stageNames = [
  'hash',
  'seal',
  'prepare',
  'decode',
  'decide',
  'digest',
  'compress',
  'store',
  'words',
  'extract',
  'encode',
  'commit',
] as const;
export type StageName = (typeof stageNames)[number];

/** Milliseconds: by the clock, and of processor time of the thread that did it. */
export interface StageTime {
  readonly wall: number;
  readonly cpu: number;
}
export type StageTimes = Readonly<Partial<Record<StageName, StageTime>>>;

/** Adds up what a thread spends: the time since the last lap goes to the stage that the next lap names. */
export class StageMeter {
  #times = new Map<StageName, { wall: number; cpu: number }>();
  #wall = performance.now();
  #cpu = threadMs();

  /** A field, so that it can be handed on. */
  readonly lap = (stage: StageName): void => {
    const wall = performance.now();
    const cpu = threadMs();
    const before = this.#times.get(stage) ?? { wall: 0, cpu: 0 };
    this.#times.set(stage, { wall: before.wall + wall - this.#wall, cpu: before.cpu + cpu - this.#cpu });
    this.#wall = wall;
    this.#cpu = cpu;
  };

  /** What passed since the last lap belongs to no stage. */
  skip(): void {
    this.#wall = performance.now();
    this.#cpu = threadMs();
  }

  /** What was added up since the last call. */
  take(): StageTimes {
    const times = Object.fromEntries(this.#times);
    this.#times = new Map();
    return times;
  }
}

/** Stage by stage. */
export function addTimes(a: StageTimes, b: StageTimes): StageTimes {
  const sum: Partial<Record<StageName, StageTime>> = { ...a };
  for (const name of stageNames) {
    const more = b[name];
    if (more === undefined) continue;
    const before = sum[name];
    sum[name] = { wall: more.wall + (before?.wall ?? 0), cpu: more.cpu + (before?.cpu ?? 0) };
  }
  return sum;
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
