import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Plugin, type RolldownOutput, rolldown } from 'rolldown';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Inside node_modules: packages are found from there. */
const bundles = join(root, 'node_modules/.custody-test');

/** The command, the worker, and what they start threads of: in one folder, by the names that the sources ask for. */
const ENTRIES = {
  main: 'packages/cli/src/main.ts',
  'unit-thread': 'packages/case/src/pipeline/unit-thread.ts',
  'index-thread': 'packages/case/src/pipeline/index-thread.ts',
  'merge-thread': 'packages/case/src/pipeline/merge-thread.ts',
  worker: 'workers/src/main.ts',
  'hop-entry': 'workers/src/hop-entry.ts',
};
/** Sources that start a thread look for it beside themselves, which is beside the bundle. */
const STARTS_THREADS = /\/(spare-threads|index-on-threads|merge-on-threads|hop-thread)\.ts$/;
/** What finds files of its own by paths that bundling would change, and what only workers need. */
const APART = [/^@custody\/exhibit\/pdf$/, /^(bullmq|ioredis|pino|prom-client|minio|yazl|yauzl|nodemailer)(\/|$)/];

/** Every other source finds its files where it lies itself. */
const inPlace: Plugin = {
  name: 'in-place',
  transform(code, id) {
    if (!id.endsWith('.ts') || STARTS_THREADS.test(id) || !code.includes('import.meta.url')) return null;
    return { code: code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)) };
  },
};

/**
 * The folder with the command as it stands in the sources, in a few files: a run of the tests starts it a thousand times,
 * and it takes half the time. The same sources give the same folder, so that compiled code is found again.
 */
export async function bundleCommand(): Promise<string> {
  const build = await rolldown({
    ...{ cwd: root, input: ENTRIES, platform: 'node', external: APART, plugins: [inPlace], logLevel: 'silent' },
    resolve: { conditionNames: ['source', 'node', 'import', 'default'] },
  });
  const { output } = await build.generate({ format: 'esm', chunkFileNames: '[name]-[hash].js' });
  await build.close();
  const hash = createHash('sha256');
  for (const file of output) hash.update(`${file.fileName}\n${contentOf(file)}\n`);
  const folder = join(bundles, hash.digest('hex').slice(0, 16));
  if (!existsSync(folder)) write(folder, output);
  return folder;
}

function contentOf(file: RolldownOutput['output'][number]): string {
  return file.type === 'chunk' ? file.code : Buffer.from(file.source).toString();
}

/** Milliseconds after which no run can be using a bundle any more. */
const DAY = 86_400_000;

/** Whole or not at all. */
function write(folder: string, output: RolldownOutput['output']): void {
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  for (const file of output) writeFileSync(join(unfinished, file.fileName), contentOf(file));
  for (const old of readdirSync(bundles).map((name) => join(bundles, name)))
    if (statSync(old).mtimeMs < Date.now() - DAY) rmSync(old, { recursive: true, force: true });
  renameSync(unfinished, folder);
}
