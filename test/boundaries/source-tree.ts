import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSourceFacts, type SourceFacts } from './source-facts.ts';

export const repositoryRoot: string = fileURLToPath(new URL('../..', import.meta.url));

export interface SourceFile extends SourceFacts {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  /** A test, a bench or a tool of tests. */
  readonly isTest: boolean;
}

export interface PackageDescription {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly imports?: Readonly<Record<string, unknown>>;
  readonly exports?: Readonly<Record<string, unknown>>;
}

export interface SourcePackage {
  /** `bytes` for packages/bytes, `workers` for workers. */
  readonly name: string;
  readonly folder: string;
  readonly description: PackageDescription;
  readonly files: readonly SourceFile[];
}

/** Every package of the repository with the facts of its TypeScript. */
export function readSourceTree(): readonly SourcePackage[] {
  const folders = [...globSync('packages/*', { cwd: repositoryRoot }), 'workers'].sort();
  return folders
    .filter((folder) => existsSync(join(repositoryRoot, folder, 'package.json')))
    .map((folder) => ({
      name: basename(folder),
      folder,
      description: readPackageJson(folder),
      files: sourcePaths(folder).map(readSourceFile),
    }));
}

/** The TypeScript of fixtures/ and test/, which belongs to no package: held to the spelling rules only. */
export function readLooseFiles(): readonly SourceFile[] {
  return globSync(['fixtures/**/*.ts', 'test/**/*.ts'], { cwd: repositoryRoot })
    .map((path) => ({ ...readSourceFile(path.split(sep).join('/')), isTest: true }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

export function readPackageJson(folder: string): PackageDescription {
  return JSON.parse(readFileSync(join(repositoryRoot, folder, 'package.json'), 'utf8')) as PackageDescription;
}

/** Repository paths that a relative or `#` specifier of `file` may mean; empty for anything else. */
export function targetsWithin(pack: SourcePackage, file: SourceFile, specifier: string): readonly string[] {
  if (specifier.startsWith('.'))
    return [
      normalize(join(dirname(file.path), specifier))
        .split(sep)
        .join('/'),
    ];
  if (specifier.startsWith('#')) return sourcesOf(pack, pack.description.imports?.[specifier]);
  return [];
}

/** Every TypeScript source below an entry of `imports` or `exports`, whatever its conditions. */
export function sourcesOf(pack: SourcePackage, entry: unknown): readonly string[] {
  if (typeof entry === 'string')
    return entry.endsWith('.ts') && !entry.endsWith('.d.ts') ? [join(pack.folder, entry)] : [];
  return typeof entry === 'object' && entry !== null
    ? Object.values(entry).flatMap((value) => sourcesOf(pack, value))
    : [];
}

/** Files that only tests import: left out of the build. */
export function isTestPath(path: string): boolean {
  return /\.test\.ts$|\/(bench|testing)\//.test(path);
}

// AssemblyScript is another language, and *.wasm.ts is what it was compiled to.
function sourcePaths(folder: string): string[] {
  return globSync(
    ['src/**/*.ts', 'bench/**/*.ts'].map((pattern) => `${folder}/${pattern}`),
    { cwd: repositoryRoot },
  )
    .map((path) => path.split(sep).join('/'))
    .filter((path) => !path.includes('/assembly/') && !path.endsWith('.wasm.ts'))
    .sort();
}

function readSourceFile(path: string): SourceFile {
  const source = readFileSync(join(repositoryRoot, path), 'utf8');
  return { path, isTest: isTestPath(path), ...readSourceFacts(path, source) };
}
