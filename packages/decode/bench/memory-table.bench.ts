import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WRITERS, writeCapture } from './captures/write-capture.ts';

/**
 * Writes a capture of each container kind and decodes it in a process of its own:
 * `node --conditions=source packages/decode/bench/memory-table.bench.ts [GIGABYTES [KIND ...]]`; `BENCH_FOLDER` says where.
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

if (process.argv[2] === '--write') {
  const [kind = '', folder = '', size = ''] = process.argv.slice(3);
  console.log(JSON.stringify(await writeCapture(kind, folder, Number(size))));
} else {
  const [gigabytes = '4', ...kinds] = process.argv.slice(2);
  for (const kind of kinds.length > 0 ? kinds : Object.keys(WRITERS)) {
    const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'capture-bench-'));
    try {
      const args = JSON.parse(run(own, ['--write', kind, folder, String(Number(gigabytes) * 1e9)])) as string[];
      const { size } = statSync(args[0] as string);
      const told = run(join(own, '..', 'memory.bench.ts'), args);
      console.log(`${kind}, ${args.length > 2 ? 'folder' : `${(size / 1e9).toFixed(2)} GB`}: ${told.trim()}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
