import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCycles, reachable } from './boundaries/file-cycles.ts';
import { readFloorTable } from './boundaries/floor-table.ts';
import { dependencyFaults, importFaults } from './boundaries/import-rules.ts';
import type { ImportUse } from './boundaries/source-facts.ts';
import {
  readLooseFiles,
  readPackageJson,
  readSourceTree,
  repositoryRoot,
  type SourceFile,
  type SourcePackage,
  sourcesOf,
  targetsWithin,
} from './boundaries/source-tree.ts';

const MAX_FILE_LINES = 400;
const MAX_FUNCTION_LINES = 60;
const FORBIDDEN_NAMES = /^(.+-)?(utils?|commons?|helpers?|managers?|misc|shared|types|core)$/;
/** What runs outside Node; in bytes the one file that is Node's half of a conditional import. */
const WITHOUT_NODE: Readonly<Record<string, readonly string[]>> = {
  bytes: ['packages/bytes/src/sha256-node.ts'],
  evidence: [],
  chain: [],
  entities: [],
};
/** DESIGN: nothing else stands at the top but dot files. */
const TOP_LEVEL = new Set([
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'turbo.json', 'biome.json', 'vitest.config.ts'],
  ...['README.md', 'LICENSE', 'packages', 'workers', 'fixtures', 'test'],
]);

const table = readFloorTable(readFileSync(join(repositoryRoot, 'packages/README.md'), 'utf8'));
const tree = readSourceTree();
const everyFile = [...tree.flatMap((pack) => pack.files), ...readLooseFiles()];

function rowOf(pack: SourcePackage): NonNullable<ReturnType<typeof table.get>> {
  const row = table.get(pack.name);
  if (row === undefined) throw new Error(`${pack.name} is not in the floor table of packages/README.md`);
  return row;
}

/** A worker's entry is loaded in another thread. */
function isLoaded(use: ImportUse): boolean {
  return use.kind === 'static' || use.kind === 'dynamic';
}

/** File → files of the same package it imports, tests left out. */
function importGraph(pack: SourcePackage): Map<string, string[]> {
  const sources = pack.files.filter((file) => !file.isTest);
  return new Map(
    sources.map((file) => [
      file.path,
      file.imports.filter(isLoaded).flatMap((use) => targetsWithin(pack, file, use.specifier)),
    ]),
  );
}

function nodeImports(file: SourceFile): string[] {
  return file.imports
    .filter((use) => use.specifier.startsWith('node:'))
    .map((use) => `${file.path}:${use.line}: ${use.specifier}`);
}

describe('floors', () => {
  it('has a row for every package and a package for every row', () => {
    expect(tree.map((pack) => pack.name).sort()).toEqual([...table.keys()].sort());
    for (const pack of tree) expect(pack.description.name).toBe(`@custody/${pack.name}`);
  });

  it.each(tree.map((pack) => [pack.name, pack] as const))(
    '%s imports what its row and package.json allow',
    (_, pack) => {
      expect(importFaults(pack, rowOf(pack), readPackageJson('.'))).toEqual([]);
    },
  );

  it.each(tree.map((pack) => [pack.name, pack] as const))('%s declares what it uses and no more', (_, pack) => {
    expect(dependencyFaults(pack, rowOf(pack))).toEqual([]);
  });

  it.each(tree.map((pack) => [pack.name, pack] as const))('%s has no import cycle, types included', (_, pack) => {
    expect(findCycles(importGraph(pack)).map((cycle) => cycle.join(' → '))).toEqual([]);
  });

  it.each(Object.entries(WITHOUT_NODE))('%s runs without node:', (name, exceptions) => {
    const files = tree.find((pack) => pack.name === name)?.files ?? [];
    const concerned = files.filter((file) => !file.isTest && !exceptions.includes(file.path));
    expect(concerned.flatMap(nodeImports)).toEqual([]);
  });

  it('exhibit/verify runs without node:, with everything it reaches', () => {
    const exhibit = tree.find((pack) => pack.name === 'exhibit');
    if (exhibit === undefined || exhibit.files.length === 0) return;
    const entries = sourcesOf(exhibit, exhibit.description.exports?.['./verify']);
    expect(entries, 'packages/exhibit/package.json exports no ./verify').not.toEqual([]);
    const reached = reachable(importGraph(exhibit), entries);
    expect(exhibit.files.filter((file) => reached.has(file.path)).flatMap(nodeImports)).toEqual([]);
  });
});

describe('spelling', () => {
  it('exports by name: no export *, no default', () => {
    expect(everyFile.flatMap((f) => [...f.exportsAll, ...f.defaultExports].map((line) => `${f.path}:${line}`))).toEqual(
      [],
    );
  });

  it('has no any', () => {
    expect(everyFile.flatMap((file) => file.anys.map((line) => `${file.path}:${line}`))).toEqual([]);
  });

  it('lists names, and nothing else, in a package index', () => {
    const indexes = everyFile.filter((file) => /^(packages\/[^/]+|workers)\/src\/index\.ts$/.test(file.path));
    expect(indexes.flatMap((file) => file.notListing.map((line) => `${file.path}:${line}`))).toEqual([]);
  });

  it('names files and folders by what is in them, in kebab-case', () => {
    const parts = everyFile.flatMap((file) =>
      file.path
        .split('/')
        .slice(1)
        .map((part) => [file.path, part] as const),
    );
    const bad = parts.filter(([, part]) => {
      const stem = part.replace(/(\.test|\.bench|\.worker)?\.ts$/, '');
      return FORBIDDEN_NAMES.test(stem) || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem);
    });
    expect(bad.map(([path]) => path)).toEqual([]);
  });

  it(`keeps files to ${MAX_FILE_LINES} lines`, () => {
    const long = everyFile.filter((file) => file.lines > MAX_FILE_LINES);
    expect(long.map((file) => `${file.path}: ${file.lines} lines`)).toEqual([]);
  });

  it(`keeps functions to ${MAX_FUNCTION_LINES} lines`, () => {
    const long = everyFile.flatMap((file) =>
      file.functions
        .filter((one) => one.lines > MAX_FUNCTION_LINES && !(file.isTest && one.isArgument))
        .map((one) => `${file.path}:${one.line}: ${one.lines} lines`),
    );
    expect(long).toEqual([]);
  });
});

describe.skipIf(!existsSync(join(repositoryRoot, '.git')))('what is committed', () => {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: repositoryRoot, encoding: 'utf8' });
  const tracked = (): string[] => git('ls-files', '-z').split('\0').filter(Boolean);

  it('has only the agreed names at the top', () => {
    const names = new Set(tracked().map((path) => path.split('/')[0] ?? ''));
    expect([...names].filter((name) => !name.startsWith('.') && !TOP_LEVEL.has(name))).toEqual([]);
  });

  it('mentions no folder of the machine it was written on', () => {
    // Put together here so that this file does not find itself.
    const traces = ['work', 'tmp/team', 'root'].map((folder) => new RegExp(`(?<![\\w.*-])/${folder}/`));
    const guilty = tracked().filter((path) => {
      const text = existsSync(join(repositoryRoot, path)) ? readFileSync(join(repositoryRoot, path), 'latin1') : '';
      return traces.some((trace) => trace.test(text));
    });
    expect(guilty).toEqual([]);
  });

  it('leaves build output out', () => {
    expect(
      tracked().filter((path) => /(^|\/)(dist|node_modules|\.turbo)\//.test(path) || basename(path) === '.DS_Store'),
    ).toEqual([]);
  });
});
