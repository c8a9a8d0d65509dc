import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { table } from '../output.ts';
import { BENCH_WARRANT } from './bench-warrant.ts';
import { benchInput } from './inputs.ts';
import { describeMachine, type Machine } from './machine.ts';
import { runTask } from './run-task.ts';

const main = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../main.ts' : '../main.js', import.meta.url));
/** A browser's driver of a source checkout's tests; an installed package has none. */
const driver = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..', 'test', 'chromium.ts');

/** Seconds by the clock, start of the program included; null where that program is not on this machine. */
export interface ExhibitReport {
  readonly machine: Machine;
  readonly items: number;
  readonly seconds: Readonly<Record<'assemble' | 'verify' | 'verifyPy' | 'page', number | null>>;
}

/** Makes an exhibit of `items` items and has it verified by each of the four that can. */
export async function runExhibitBench(items: number, say: (what: string) => void): Promise<ExhibitReport> {
  const folder = await mkdtemp(join(tmpdir(), 'custody-bench-'));
  const identity = join(folder, 'identity.txt');
  const custody = (...args: readonly string[]) =>
    seconds(process.execPath, [...process.execArgv, main, ...args], identity);
  try {
    say(`a case of ${items} messages`);
    const { capture, keys } = await benchInput('envelope', items);
    const place = join(folder, 'case');
    await runTask({ name: 'start', case: place, warrant: BENCH_WARRANT }, identity);
    await runTask({ name: 'ingest', case: place, capture, keys, threads: 1 }, identity);
    say('exhibit');
    const zip = join(folder, 'exhibit.zip');
    const assemble = await custody('exhibit', '--case', place, '--items', `0-${items - 1}`, '--out', zip);
    const verify = await custody('verify', zip);
    const bag = join(folder, 'bag');
    const unpacked = await seconds('python3', ['-m', 'zipfile', '-e', zip, bag], identity);
    const verifyPy = unpacked && (await seconds('python3', [join(bag, 'data', 'verify.py')], identity));
    say('page');
    const page = unpacked && (await pageSeconds(join(bag, 'data', 'exhibit.html')));
    return { machine: describeMachine(folder), items, seconds: { assemble, verify, verifyPy, page } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function exhibitText({ machine, items, seconds: { assemble, verify, verifyPy, page } }: ExhibitReport): string {
  const told = (value: number | null) => (value === null ? 'not on this machine' : `${value.toFixed(1)} s`);
  return [
    `${machine.cpu}, ${machine.cores} cores; exhibit of ${items.toLocaleString('en-US')} items, by the clock, start of each program included`,
    table([
      ['', '', 'of 10,000: below'],
      ['assembled', told(assemble), '10 s'],
      ['verified by custody verify', told(verify), '5 s'],
      ['verified by verify.py', told(verifyPy), '30 s'],
      ['verified by its page in Chromium', told(page), '10 s'],
    ]),
  ].join('\n');
}

/** Null where there is no such program. Throws where it fails. */
async function seconds(program: string, args: readonly string[], identity: string): Promise<number | null> {
  const started = performance.now();
  const env = { ...process.env, CUSTODY_IDENTITY: identity };
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    const [complaint, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${complaint}`);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  return (performance.now() - started) / 1000;
}

/** From opening the file until it says what it found, with a browser that is already there. */
async function pageSeconds(page: string): Promise<number | null> {
  if (!existsSync(driver)) return null;
  const { ChromiumPage, chromium } = await import(pathToFileURL(driver).href);
  if (chromium === undefined) return null;
  const browser = await ChromiumPage.start();
  try {
    const started = performance.now();
    await browser.open(page);
    await browser.until("document.body.dataset.state === 'self-asserted'", 120);
    return (performance.now() - started) / 1000;
  } finally {
    await browser.close();
  }
}
