import { isBuiltin } from 'node:module';
import type { FloorRow } from './floor-table.ts';
import type { ImportUse } from './source-facts.ts';
import {
  isTestPath,
  type PackageDescription,
  type SourceFile,
  type SourcePackage,
  targetsWithin,
} from './source-tree.ts';

const OURS = '@custody/';

/** Every import that a package's row, its package.json or our spelling rules forbid, as `file:line: what is wrong`. */
export function importFaults(pack: SourcePackage, row: FloorRow, root: PackageDescription): string[] {
  return pack.files.flatMap((file) =>
    file.imports.flatMap((use) => {
      const fault = faultOf(pack, file, use, row) ?? undeclared(pack, file, use, root);
      return fault === null ? [] : [`${file.path}:${use.line}: ${fault}`];
    }),
  );
}

/** What package.json declares against the table or without need. */
export function dependencyFaults(pack: SourcePackage, row: FloorRow): string[] {
  const used = new Set(pack.files.flatMap((file) => file.imports.map((use) => packageName(use.specifier))));
  const needed = new Set(
    pack.files.filter((file) => !file.isTest).flatMap((file) => file.imports.map((use) => packageName(use.specifier))),
  );
  const faults: string[] = [];
  for (const name of Object.keys(pack.description.dependencies ?? {})) {
    if (name.startsWith(OURS) && !row.mayImport.has(name.slice(OURS.length))) faults.push(`${name} is not in its row`);
    else if (!needed.has(name)) faults.push(`dependency ${name} is not used by any source but tests`);
  }
  for (const name of Object.keys(pack.description.devDependencies ?? {})) {
    if (!used.has(name)) faults.push(`devDependency ${name} is not used`);
  }
  return faults.map((fault) => `${pack.folder}/package.json: ${fault}`);
}

function faultOf(pack: SourcePackage, file: SourceFile, use: ImportUse, row: FloorRow): string | null {
  const { specifier } = use;
  if (specifier.startsWith('node:') || specifier === '') return null;
  if (isBuiltin(specifier)) return `write node:${specifier}`;
  if (specifier.startsWith('.')) return relativeFault(pack, file, use);
  if (specifier.startsWith('#')) {
    return pack.description.imports?.[specifier] === undefined ? `${specifier} is not in "imports"` : null;
  }
  if (!specifier.startsWith(OURS)) return null;
  const name = packageName(specifier).slice(OURS.length);
  // A test or bench may look at its package from outside.
  if (name === pack.name) return file.isTest ? null : `imports its own package by name: ${specifier}`;
  return row.mayImport.has(name) ? null : `${pack.name} (floor ${row.floor}) may not import ${specifier}`;
}

function relativeFault(pack: SourcePackage, file: SourceFile, use: ImportUse): string | null {
  const [target = ''] = targetsWithin(pack, file, use.specifier);
  const allowed = file.isTest ? [`${pack.folder}/`, 'test/', 'fixtures/'] : [`${pack.folder}/`];
  if (!allowed.some((prefix) => target.startsWith(prefix))) return `${use.specifier} leaves the package`;
  if (!file.isTest && isTestPath(target)) return `${use.specifier} is for tests only`;
  if (use.kind === 'url' && !file.isTest && use.specifier.endsWith('.ts')) {
    return `${use.specifier} is not there once built: choose .ts or .js by import.meta.url's own suffix`;
  }
  if (use.kind === 'url' || use.kind === 'choice') return null;
  return /\.(ts|json)$/.test(use.specifier) ? null : `${use.specifier} does not end in .ts`;
}

function undeclared(pack: SourcePackage, file: SourceFile, use: ImportUse, root: PackageDescription): string | null {
  const { specifier } = use;
  const isUrl = use.kind === 'url' || use.kind === 'choice';
  if (specifier === '' || /^[.#]/.test(specifier) || isBuiltin(specifier) || isUrl) return null;
  const name = packageName(specifier);
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = pack.description;
  const declared = { ...dependencies, ...optionalDependencies, ...peerDependencies };
  const forTests = { ...declared, ...devDependencies, ...root.devDependencies };
  return name in (file.isTest ? { ...forTests, [pack.description.name]: '' } : declared)
    ? null
    : `${name} is not in ${pack.folder}/package.json`;
}

/** `@scope/name/sub` → `@scope/name`, `name/sub` → `name`. */
function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
