import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Which program did it: version, and SHA-256 over the program files that decode, commit and disclose. */
export interface ToolBuild {
  readonly version: string;
  readonly build: string;
}

/** Where it ran, in the machine's own words: its name, and what carried the program. */
export function machineOf(): { readonly machine: string; readonly system: string } {
  return { machine: hostname(), system: `${process.platform} ${process.arch}, Node ${process.versions.node}` };
}

const hashed = [
  'bytes',
  'evidence',
  'chain',
  'entities',
  'vault',
  'decode',
  'segment',
  'search',
  'exchange',
  'exhibit',
  'case',
];
let known: ToolBuild | null = null;

/** Computed once a process: two builds with one hash run the same code. */
export function toolBuild(): ToolBuild {
  known ??= { version: toolVersion(), build: hashPackages() };
  return known;
}

function hashPackages(): string {
  const hash = createHash('sha256');
  for (const name of hashed) {
    const folder = dirname(fileURLToPath(import.meta.resolve(`@custody/${name}`)));
    for (const file of programFiles(folder)) {
      hash.update(`${name}/${relative(folder, file)}\n`);
      hash.update(createHash('sha256').update(readFileSync(file)).digest());
    }
  }
  return hash.digest('hex');
}

function programFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.([tj]s|py)$/.test(entry.name) && !/\.(test|d)\.[tj]s$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Version of this build, without hashing it. */
export function toolVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
