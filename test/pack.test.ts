import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const execute = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

interface PackageDescription {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports: Readonly<Record<string, unknown>>;
}

interface Tarball {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** What we publish, with its folder. */
const published = globSync('packages/*/package.json', { cwd: root })
  .sort()
  .map((path) => ({ folder: join(root, path, '..'), ...readJson<PackageDescription>(join(root, path)) }))
  .filter((pack) => pack.private !== true && existsSync(join(pack.folder, 'src')));
/** Everything a user may write behind `import`. */
const specifiers = published.flatMap((pack) => Object.keys(pack.exports).map((key) => pack.name + key.slice(1)));

let consumer = '';
const tarballs = new Map<string, Tarball>();

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

function tool(name: string): string {
  return join(root, 'node_modules/.bin', name);
}

/** Runs a program without the flags and variables that make sources resolve in this run. */
async function run(file: string, args: readonly string[], cwd: string): Promise<string> {
  const env = { ...process.env, NODE_OPTIONS: '', TURBO_TELEMETRY_DISABLED: '1' };
  try {
    return (await execute(file, args, { cwd, env, maxBuffer: 64 * 1024 * 1024 })).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${basename(file)} ${args.join(' ')} failed:\n${stdout}\n${stderr}`);
  }
}

async function packAll(into: string): Promise<void> {
  const workspaces = published.flatMap((pack) => ['--workspace', pack.name]);
  const out = await run('npm', ['pack', '--json', '--silent', '--pack-destination', into, ...workspaces], root);
  const packed = JSON.parse(out) as Tarball[] | Record<string, Tarball>;
  for (const tarball of Object.values(packed)) tarballs.set(packageOf(tarball), tarball);
}

function packageOf(tarball: Tarball): string {
  return (
    published.find((pack) => tarball.filename.startsWith(pack.name.replace('@', '').replace('/', '-')))?.name ?? ''
  );
}

/** An empty project that depends on every tarball, and on what type-checking needs. */
async function installAll(folder: string): Promise<void> {
  const { devDependencies } = readJson<{ devDependencies: Record<string, string> }>(join(root, 'package.json'));
  const dependencies = Object.fromEntries(published.map(({ name }) => [name, `file:${tarballs.get(name)?.filename}`]));
  const description = {
    name: 'consumer',
    private: true,
    type: 'module',
    dependencies: { ...dependencies, '@types/node': devDependencies['@types/node'] },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(description));
  await run('npm', ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
}

beforeAll(async () => {
  consumer = mkdtempSync(join(tmpdir(), 'custody-consumer-'));
  await run(
    tool('turbo'),
    ['run', 'build', '--force', '--output-logs=errors-only', ...published.map(({ name }) => `--filter=${name}`)],
    root,
  );
  await packAll(consumer);
  await installAll(consumer);
}, 300_000);
afterAll(() => rmSync(consumer, { recursive: true, force: true }));

describe.each(published.map((pack) => [pack.name, pack] as const))('the tarball of %s', (name) => {
  it('holds what was built and what describes it, nothing else', () => {
    const paths = tarballs.get(name)?.files.map(({ path }) => path) ?? [];
    const needed = ['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts'];
    expect(needed.filter((path) => !paths.includes(path))).toEqual([]);
    const allowed = /^(package\.json|README\.md|LICENSE|SPEC\.md|(dist|bin|schemas)\/.*)$/;
    expect(paths.filter((path) => !allowed.test(path) || /\.test\.|(?<!\.d)\.ts$/.test(path))).toEqual([]);
  });
});

describe('installed from tarballs', () => {
  it('every export is importable by plain Node', async () => {
    const script = specifiers
      .map(
        (specifier) =>
          `console.log(${JSON.stringify(specifier)}, Object.keys(await import('${specifier}')).length > 0);`,
      )
      .join('\n');
    writeFileSync(join(consumer, 'import-all.js'), script);
    const out = await run(process.execPath, ['import-all.js'], consumer);
    expect(out.trim().split('\n')).toEqual(specifiers.map((specifier) => `${specifier} true`));
  });

  it('every export has types that tsc accepts under strict settings', async () => {
    const imports = specifiers.map(
      (specifier, i) => `import * as n${i} from '${specifier}';\nexport const k${i} = Object.keys(n${i});`,
    );
    writeFileSync(join(consumer, 'consumer.ts'), `${imports.join('\n')}\n`);
    const compilerOptions = {
      ...{ target: 'es2024', lib: ['es2024', 'esnext.disposable'], module: 'nodenext', types: ['node'] },
      ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noEmit: true },
    };
    writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
    const complaints = await run(tool('tsc'), ['-p', '.', '--pretty', 'false'], consumer).then(
      () => '',
      (error: Error) => error.message,
    );
    // Declarations of other people's packages are not ours to mend.
    const theirs = /^(\s|node_modules\/(?!@custody\/).*error TS)/;
    const ours = complaints.split('\n').filter((line) => line !== '' && !theirs.test(line));
    const onlyTheirs = ours.every((line) => line.startsWith('tsc -p')) && complaints.includes('error TS');
    expect(onlyTheirs ? [] : ours).toEqual([]);
  });

  it('the command runs', async () => {
    const cli = published.find(({ name }) => name === '@custody/cli');
    if (cli === undefined) return;
    const command = join(consumer, 'node_modules/.bin/custody');
    expect((await run(command, ['--version'], tmpdir())).trim()).toBe(cli.version);
  });
});
