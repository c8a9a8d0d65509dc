import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { WRITERS, writeCapture } from './captures/write-capture.ts';
import type { Measured } from './memory.bench.ts';

/**
 * Writes a capture of each container kind, decodes it in a process of its own and prints a table:
 * `node --conditions=source packages/decode/bench/memory-table.bench.ts [--size 4G] [KIND ...]`; `BENCH_FOLDER` says where.
 * One capture at a time is on the disk; crypt15 needs the size twice.
 */
const own = fileURLToPath(import.meta.url);
/** As the command runs (packages/cli/bin/custody.js): what is measured is the program, not how long a heap may wait. */
const FLAGS = [
  '--max-semi-space-size=4',
  '--initial-old-space-size=48',
  '--conditions=source',
  '--disable-warning=ExperimentalWarning',
];
const run = (file: string, args: readonly string[]) =>
  execFileSync(process.execPath, [...FLAGS, file, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
/** MiB that the issue allows. */
const ALLOWED = 400;
const UNITS: Readonly<Record<string, number>> = { G: 1e9, M: 1e6 };

const options = { write: { type: 'string' }, size: { type: 'string', default: '4G' } } as const;
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const size = bytesOf(values.size);

if (values.write !== undefined) {
  console.log(JSON.stringify(await writeCapture(values.write, positionals[0] as string, size)));
} else {
  console.log(
    '| capture | on the disk | items and findings | at the start | after the survey | peak, MiB | s of processor time |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  let over = 0;
  for (const kind of positionals.length > 0 ? positionals : Object.keys(WRITERS)) {
    const { all } = measured(kind);
    if (all > ALLOWED) over++;
  }
  if (over > 0) console.error(`${over} over ${ALLOWED} MiB`);
  process.exitCode = over > 0 ? 1 : 0;
}

function measured(kind: string): Measured['peak'] {
  const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'capture-bench-'));
  try {
    const args = JSON.parse(run(own, ['--write', kind, folder, '--size', String(size)])) as string[];
    const told = JSON.parse(run(join(own, '..', 'memory.bench.ts'), [...args, '--json'])) as Measured;
    const { leaves, peak, seconds } = told;
    const cells = [kind, `${(bytesIn(args[0] as string) / 1e9).toFixed(2)} GB`, leaves, peak.start, peak.survey];
    console.log(`| ${[...cells, peak.all, seconds].join(' | ')} |`);
    for (const finding of told.findings.slice(0, 5)) console.error(`  ${kind}: ${finding.slice(0, 200)}`);
    return peak;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function bytesOf(text: string): number {
  const unit = UNITS[text.at(-1)?.toUpperCase() ?? ''];
  const bytes = unit === undefined ? Number(text) : Number(text.slice(0, -1)) * unit;
  if (!(bytes > 0)) throw new Error('--size is a number of bytes, or of them with M or G: 500M, 4G');
  return Math.round(bytes);
}

function bytesIn(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesIn(join(path, name)), 0);
}
