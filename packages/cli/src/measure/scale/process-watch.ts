import { readdirSync, readFileSync } from 'node:fs';

/** Seconds a tick of /proc's clocks takes: 100 a second on every Linux that Node runs on (proc_pid_stat(5)). */
const TICK = 0.01;
const LOOK_MS = 250;

/** What a process of the run has used so far. */
export interface ProcessUse {
  readonly pid: number;
  readonly role: ProcessRole;
  /** Seconds of processor time, of all threads and of the first one. */
  readonly cpu: number;
  readonly firstThreadCpu: number;
  /** Most resident memory, in MiB (VmHWM of /proc). */
  readonly peakMiB: number;
}

export type ProcessRole = 'worker' | 'command' | 'redis' | 's3';

/** Looks at all processes below this one, four times a second; what ended in between keeps its last look. Linux only. */
export class ProcessWatch {
  readonly #seen = new Map<number, ProcessUse>();
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = setInterval(() => this.look(), LOOK_MS);
    this.look();
  }

  /** Everything seen so far. */
  look(): readonly ProcessUse[] {
    for (const pid of below(process.pid)) {
      const use = useOf(pid);
      if (use !== null) this.#seen.set(pid, use);
    }
    return [...this.#seen.values()];
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** Sum of a role's processor time. */
export function cpuOf(uses: readonly ProcessUse[], role: ProcessRole): number {
  return uses.reduce((sum, use) => (use.role === role ? sum + use.cpu : sum), 0);
}

function below(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const parent = Number.isInteger(pid) ? fieldsOf(`/proc/${pid}/stat`)?.[1] : undefined;
    if (parent !== undefined) children.set(Number(parent), [...(children.get(Number(parent)) ?? []), pid]);
  }
  const found: number[] = [];
  const open = [root];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    const own = children.get(pid) ?? [];
    found.push(...own);
    open.push(...own);
  }
  return found;
}

function useOf(pid: number): ProcessUse | null {
  const role = roleOf(pid);
  const [all, first] = [secondsIn(`/proc/${pid}/stat`), secondsIn(`/proc/${pid}/task/${pid}/stat`)];
  if (role === null || all === null || first === null) return null;
  return { pid, role, cpu: all, firstThreadCpu: first, peakMiB: peakOf(pid) };
}

function roleOf(pid: number): ProcessRole | null {
  const [program = '', ...args] = (read(`/proc/${pid}/cmdline`) ?? '').split('\0');
  const name = program.split('/').at(-1) ?? '';
  if (name.startsWith('redis-server')) return 'redis';
  if (name.startsWith('ceph-') || name.startsWith('radosgw')) return 's3';
  // The worker's launcher becomes its main module.
  const at = args.findIndex((arg) => /(custody-worker(\.js)?|workers\/(src\/main\.ts|dist\/main\.js))$/.test(arg));
  if (at >= 0) return args[at + 1] === 'run' ? 'worker' : 'command';
  return args.some((arg) => /custody(\.js)?$/.test(arg)) ? 'command' : null;
}

function secondsIn(path: string): number | null {
  const fields = fieldsOf(path);
  return fields === null ? null : (Number(fields[11]) + Number(fields[12])) * TICK;
}

/** Fields of a stat file from the third on: the second, a name in brackets, may hold anything. */
function fieldsOf(path: string): string[] | null {
  const text = read(path);
  return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function peakOf(pid: number): number {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1];
  return Number(kib ?? 0) / 1024;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It ended meanwhile.
    return null;
  }
}
