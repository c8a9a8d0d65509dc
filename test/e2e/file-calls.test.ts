import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
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
const main = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
const capture = join(whatsApp, 'msgstore.db.crypt15');
const lab = new Lab('file-calls');
let template = '';
let person: Person;
/** How often an undisturbed ingest makes each call. */
let calls: ReadonlyMap<string, number>;

/** What the system does to the n-th call of a kind. Writes without room are the subject of disk-full.test.ts. */
const faults = [
  ['link', 'error=EIO'],
  ['link', 'error=ENOSPC'],
  ['link', 'signal=KILL'],
  ['fsync', 'error=EIO'],
  ['fsync', 'signal=KILL'],
  ['mkdir', 'error=ENOSPC'],
  ['unlink', 'error=EIO'],
  ['unlink', 'signal=KILL'],
] as const;

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
  readonly report: string;
}

/** Ingests under strace. One thread for file calls, because strace counts them for each thread apart. */
async function ingestUnder(path: string, ...flags: readonly string[]): Promise<Ended> {
  const { NODE_OPTIONS: _, NODE_COMPILE_CACHE: __, ...inherited } = process.env;
  const report = lab.path('strace.out');
  const node = [process.execPath, '--conditions=source', '--disable-warning=ExperimentalWarning', main];
  const args = ['-f', '-o', report, ...flags, '--', ...node, ...lab.ingestArgs(path, capture)];
  const child = spawn(strace ?? '', [...args, '--threads', '1'], {
    env: { ...inherited, CUSTODY_IDENTITY: lab.identity, UV_THREADPOOL_SIZE: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exit = once(child, 'exit');
  const stderr = await text(child.stderr);
  const [code] = (await exit) as [number | null];
  return { code, stderr, report: readFileSync(report, 'utf8') };
}

async function countCalls(): Promise<ReadonlyMap<string, number>> {
  const kinds = [...new Set(faults.map(([call]) => call))];
  const { code, report } = await ingestUnder(lab.copy(template, 'counted'), '-e', `trace=${kinds.join(',')}`);
  expect(code).toBe(0);
  return new Map(kinds.map((kind) => [kind, [...report.matchAll(new RegExp(`^\\d+ +${kind}\\(`, 'gm'))].length]));
}

/** The case verifies as it is, a second try finishes it, and its root is that of a fork that nothing happened to. */
async function expectRecovers(path: string): Promise<void> {
  expect((await verifyCase(path, { person })).failures).toEqual([]);
  expect((await lab.run(...lab.ingestArgs(path, capture))).code).toBe(0);
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
    calls = await countCalls();
  });
  afterAll(() => lab.remove());

  it.each(IS_LONG ? faults : [faults[2], faults[3]])(
    '%s: %s',
    async (call, fault) => {
      const count = calls.get(call) ?? 0;
      expect(count).toBeGreaterThan(5);
      const random = new Random(20261122 + count);
      const all = Array.from({ length: count }, (_, i) => i + 1);
      for (const nth of IS_LONG ? all : [random.pick(all)]) {
        const path = lab.copy(template, `${call}-${fault}-${nth}`);
        // With --seccomp-bpf strace stops at the named calls only, which is faster, but then it delivers no signal.
        const quick = fault.startsWith('error') ? ['--seccomp-bpf'] : [];
        const inject = [...quick, '-e', `trace=${call}`, '-e', `inject=${call}:${fault}:when=${nth}`];
        const { code, stderr, report } = await ingestUnder(path, ...inject);
        expect(/INJECTED|killed by SIGKILL/.test(report), `${call} ${nth} of ${count} was made`).toBe(true);
        // Some calls are no part of a promise: a temporary name that stays, a cache of the program's own.
        if (code !== 0 && fault.startsWith('error')) {
          expect([code, stderr.trim().split('\n').length], `${call} ${nth}: ${stderr}`).toEqual([5, 1]);
        }
        await expectRecovers(path);
      }
    },
    3_600_000,
  );
});

if (strace === null) console.warn('skipped: file system calls that fail: not installed: strace');
