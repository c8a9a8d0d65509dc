import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { caseStatus, loadPerson, openCase, type Person, resume, verifyCase } from '@custody/case';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../random.ts';
import { programPath } from '../services/process.ts';
import { forkAfterSecrets } from './fork-case.ts';
import { Lab, whatsApp } from './lab.ts';

const strace = programPath('strace');
const IS_LONG = process.env.CUSTODY_LONG === '1';
/** How many moments of each fault are tried: a few seconds each. `CUSTODY_ROUNDS=all` takes every one: some hours. */
const ROUNDS =
  process.env.CUSTODY_ROUNDS === 'all' ? Number.POSITIVE_INFINITY : Number(process.env.CUSTODY_ROUNDS ?? 5);
const main = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
const capture = join(whatsApp, 'msgstore.db.crypt15');
const lab = new Lab('file-calls');
let template = '';
let person: Person;
let moments: ReadonlyMap<string, readonly number[]>;

/** What the system does to the n-th call of a kind. Writes without room are the subject of disk-full.test.ts. */
const faults = [
  ['link', 'error=EIO'],
  ['link', 'error=ENOSPC'],
  ['link', 'signal=KILL'],
  ['fsync', 'error=EIO'],
  ['fsync', 'signal=KILL'],
  ['mkdir', 'error=ENOSPC'],
  ['mkdir', 'signal=KILL'],
  ['unlink', 'error=EIO'],
  ['unlink', 'signal=KILL'],
  ['rename', 'error=EIO'],
  ['rename', 'signal=KILL'],
  ['openat', 'error=EMFILE'],
  ['openat', 'signal=KILL'],
  ['write', 'error=EIO'],
  ['write', 'signal=KILL'],
  ['pread64', 'error=EIO'],
  ['statx', 'error=EIO'],
  ['close', 'error=EIO'],
] as const;

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
  readonly report: string;
}

/** Ingests under strace. One thread for file calls that are not made where they are asked for. */
async function ingestUnder(path: string, ...flags: readonly string[]): Promise<Ended> {
  const { NODE_OPTIONS: _, NODE_COMPILE_CACHE: __, ...inherited } = process.env;
  const report = lab.path('strace.out');
  const node = [process.execPath, '--conditions=source', '--disable-warning=ExperimentalWarning', main];
  const args = ['-f', '-y', '-o', report, ...flags, '--', ...node, ...lab.ingestArgs(path, capture)];
  const child = spawn(strace ?? '', [...args, '--threads', '1'], {
    env: { ...inherited, CUSTODY_IDENTITY: lab.identity, UV_THREADPOOL_SIZE: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exit = once(child, 'exit');
  const stderr = await text(child.stderr);
  const [code] = (await exit) as [number | null];
  return { code, stderr, report: readFileSync(report, 'utf8') };
}

/**
 * The numbers that an undisturbed ingest's calls on its case have. strace counts every thread apart, so a number means
 * one call in each thread that makes so many: those are left out that would also hit the loading of the program.
 */
async function momentsOf(kind: string): Promise<number[]> {
  const path = lab.copy(template, `counted-${kind}`);
  const { code, report } = await ingestUnder(path, '-e', `trace=${kind}`);
  expect(code).toBe(0);
  const [within, elsewhere] = [new Set<number>(), new Set<number>()];
  const made = new Map<string, number>();
  for (const [, thread = '', rest = ''] of report.matchAll(new RegExp(`^(\\d+) +${kind}\\((.*)$`, 'gm'))) {
    const nth = (made.get(thread) ?? 0) + 1;
    made.set(thread, nth);
    (rest.includes(path) ? within : elsewhere).add(nth);
  }
  return [...within].filter((nth) => !elsewhere.has(nth)).sort((a, b) => a - b);
}

/** `count` of them, one at random from each of as many equal stretches. */
function sample(all: readonly number[], count: number, random: Random): number[] {
  if (count >= all.length) return [...all];
  const step = all.length / count;
  return Array.from({ length: count }, (_, i) => all[Math.floor(i * step) + random.below(Math.ceil(step))] as number);
}

/** The case verifies as it is, a second try finishes it, and its root is that of a fork that nothing happened to. */
async function expectRecovers(path: string): Promise<void> {
  expect((await verifyCase(path, { person })).failures).toEqual([]);
  const again = await lab.run(...lab.ingestArgs(path, capture));
  expect(again.code, again.stderr).toBe(0);
  expect((await verifyCase(path, { person })).failures).toEqual([]);
  const opened = await openCase(path, { person });
  expect(caseStatus(opened).captures.flatMap(({ derivations }) => derivations)).toMatchObject([
    { state: 'current', addsUp: true, totals: { items: 323, decoded: 438 } },
  ]);
  const calm = `${path}-calm`;
  await forkAfterSecrets(path, calm, person);
  await resume(await openCase(calm, { person }), { threads: 1 });
  const roots = [opened, await openCase(calm, { person })].map(({ state }) =>
    [...state.derivations.values()].map(({ totals }) => totals?.evidenceRoot),
  );
  expect(roots[0]).toEqual(roots[1]);
}

describe.skipIf(strace === null)('every file system call of an ingest fails in turn', () => {
  beforeAll(async () => {
    template = await lab.newCase('template');
    person = await loadPerson(lab.identity);
    const kinds = IS_LONG ? faults.map(([call]) => call) : ['link', 'fsync'];
    const found = new Map<string, readonly number[]>();
    for (const kind of new Set(kinds)) found.set(kind, await momentsOf(kind));
    moments = found;
  }, 900_000);
  afterAll(() => lab.remove());

  it.each(IS_LONG ? faults : [faults[2], faults[3]])(
    '%s: %s',
    async (call, fault) => {
      const all = moments.get(call) ?? [];
      expect(all.length).toBeGreaterThan(2);
      let reached = 0;
      const chosen = sample(all, IS_LONG ? ROUNDS : 1, new Random(20261122));
      for (const nth of chosen) {
        const path = lab.copy(template, `${call}-${fault}-${nth}`);
        // With --seccomp-bpf strace stops at the named calls only, which is faster, but then it delivers no signal.
        const quick = fault.startsWith('error') ? ['--seccomp-bpf'] : [];
        const inject = [...quick, '-e', `trace=${call}`, '-e', `inject=${call}:${fault}:when=${nth}`];
        const { code, stderr, report } = await ingestUnder(path, ...inject);
        const hit = report.split('\n').filter((line) => line.includes('(INJECTED)'));
        if (hit.length > 0 || report.includes('killed by SIGKILL')) reached++;
        // Threads are never twice alike: a call beside the case may have that number, too. Some calls are no part of a promise.
        if (code !== 0 && fault.startsWith('error') && hit.every((line) => line.includes(path))) {
          expect([code, stderr.trim().split('\n').length], `${nth}: ${hit[0]}\n${stderr}`).toEqual([5, 1]);
        }
        await expectRecovers(path);
        rmSync(path, { recursive: true });
        rmSync(`${path}-calm`, { recursive: true });
      }
      // Folder syncs that coincide are made once, so an ingest may have a few calls fewer than the one that was counted.
      expect(reached).toBeGreaterThanOrEqual(Math.ceil(chosen.length * 0.8));
    },
    3_600_000,
  );
});

if (strace === null) console.warn('skipped: file system calls that fail: not installed: strace');
