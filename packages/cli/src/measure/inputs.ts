import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { UsageError } from '@custody/bytes';
import type { KnownDump } from './scale/lookup-questions.ts';

/** The generators of a source checkout; an installed package has none. */
const fixtures = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..', 'fixtures');
const SEED = 7;
const TEXTS = 'envelope/texts.ts';

export interface BenchInput {
  readonly name: 'envelope' | 'whatsapp';
  readonly capture: string;
  readonly keys: string;
  /** The database a WhatsApp backup was made of, for peers. */
  readonly database: string | null;
  readonly messages: number;
  /** Length of the capture in bytes. */
  readonly length: number;
}

/** What a dump of the profile bench is made of. */
export type DumpKind = 'ndjson' | 'csv';

interface Generators {
  worldOf(options: { messages: number; seed: number; format: 'ndjson' }): {
    readonly users: readonly string[];
    readonly devices: readonly { readonly imei: string }[];
  };
  readonly vocabulary: readonly string[];
  recipeProfile(kind: DumpKind): object;
  generateDump(
    options: { messages: number; seed: number; format: DumpKind },
    folder: string,
  ): { dump: string; keyring: string };
  generateWhatsApp(options: {
    messages: number;
    seed: number;
    path: string;
    keepPlain: boolean;
  }): Promise<{ readonly key: string }>;
}

/**
 * Captures of a given size, made by the project's own generators and kept in the temporary folder for the next run.
 * Throws UsageError BENCH_WITHOUT_FIXTURES in an installed package.
 */
export async function benchInput(name: BenchInput['name'], messages: number): Promise<BenchInput> {
  requireFixtures();
  const folder = folderOf(`${name}-${messages}`);
  const envelope = name === 'envelope';
  const capture = join(folder, envelope ? 'dump.ndjson' : 'msgstore.db.crypt15');
  // An ingest that was to spend it took the capture and left the rest.
  if (existsSync(folder) && !existsSync(capture)) await rm(folder, { recursive: true });
  if (!existsSync(folder)) await whole(folder, (partial) => generate(name, messages, partial));
  const keys = join(folder, envelope ? 'keyring.json' : 'root-key.txt');
  const { size } = await stat(capture);
  return { name, capture, keys, database: envelope ? null : `${capture}.plain`, messages, length: size };
}

/** What is in the envelope dump of that size, for those who ask about it. It has to be there. */
export async function knownDump({ capture, messages }: BenchInput): Promise<KnownDump> {
  const [{ worldOf }, { vocabulary }] = [await generators('envelope/generate-dump.ts'), await generators(TEXTS)];
  const truth = JSON.parse(await readFile(join(dirname(capture), 'truth.json'), 'utf8')) as Pick<KnownDump, 'planted'>;
  const { users, devices } = worldOf({ messages, seed: SEED, format: 'ndjson' });
  const imeis = devices.map(({ imei }) => ({ imei }));
  return { users, devices: imeis, planted: truth.planted.map(({ type, value }) => ({ type, value })), vocabulary };
}

/** The same messages as lines of JSON or as a CSV, and the text of a profile with a recipe for them. */
export async function profileInput(
  kind: DumpKind,
  messages: number,
): Promise<{ capture: string; keys: string; length: number; profile: string }> {
  requireFixtures();
  const { recipeProfile } = await generators('envelope/recipe-profile.ts');
  const profile = JSON.stringify(recipeProfile(kind));
  if (kind === 'ndjson') return { ...(await benchInput('envelope', messages)), profile };
  const folder = folderOf(`csv-${messages}`);
  const capture = join(folder, 'dump.csv');
  if (existsSync(folder) && !existsSync(capture)) await rm(folder, { recursive: true });
  if (!existsSync(folder)) {
    const { generateDump } = await generators('envelope/generate-dump.ts');
    await whole(folder, async (partial) => void generateDump({ messages, seed: SEED, format: kind }, partial));
  }
  return { capture, keys: join(folder, 'keyring.json'), length: (await stat(capture)).size, profile };
}

function requireFixtures(): void {
  if (existsSync(fixtures)) return;
  throw new UsageError('BENCH_WITHOUT_FIXTURES', 'bench needs the generators of a source checkout');
}

function folderOf(what: string): string {
  return join(tmpdir(), `custody-bench-inputs-${process.getuid?.() ?? 0}`, `${what}-seed${SEED}`);
}

/** Whole or not at all: it gets its name when it is complete. */
async function whole(folder: string, make: (partial: string) => Promise<void>): Promise<void> {
  const partial = `${folder}.partial-${process.pid}`;
  await mkdir(partial, { recursive: true, mode: 0o700 });
  try {
    await make(partial);
    await rename(partial, folder);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function generate(name: BenchInput['name'], messages: number, partial: string): Promise<void> {
  if (name === 'envelope') {
    const { generateDump } = await generators('envelope/generate-dump.ts');
    generateDump({ messages, seed: SEED, format: 'ndjson' }, partial);
    return;
  }
  const { generateWhatsApp } = await generators('whatsapp/generate-large.ts');
  const path = join(partial, 'msgstore.db.crypt15');
  const { key } = await generateWhatsApp({ messages, seed: SEED, path, keepPlain: true });
  await writeFile(join(partial, 'root-key.txt'), `${key}\n`);
}

/** Found at run time: packages do not contain them. */
async function generators(path: string): Promise<Generators> {
  return import(pathToFileURL(join(fixtures, path)).href) as Promise<Generators>;
}
