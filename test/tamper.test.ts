import { cpSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { verifyCase } from '@custody/case';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from './random.ts';
import { type Run, runCustody } from './run-custody.ts';

const fixtures = fileURLToPath(new URL('../fixtures/whatsapp/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'custody-tamper-'));
const home = join(folder, 'home');
const original = join(folder, 'case');
const IS_LONG = process.env.CUSTODY_LONG === '1';
const FLIPS_A_FILE = IS_LONG ? 50 : 3;
/** Whole runs of the command are slow: a sample of the files stands for the rest. */
const COMMAND_RUNS = IS_LONG ? 40 : 6;

/** Names near those that a case has: other spellings of a number, other places, other kinds. */
const FOREIGN = [
  ...['log/commit/007', 'log/commit/-1', 'log/commit/1e3', 'log/commit/99', 'log/checkpoint2', 'log/succession-1'],
  ...['log/tile/0/x999', 'log/tile/0/000.p/400', 'log/tile/entries/x', 'segments/999/9-9.evidence', 'secrets/a'],
  ...[
    'keys/evidence-1.zz',
    'index/x',
    'index/links/x',
    'exhibits/x',
    'stretches/999/1',
    'supplied/x',
    'x',
    '..x',
    'é',
    'a b',
  ],
];

interface Touch {
  readonly path: string;
  readonly at: number;
  /** Which bit is flipped; null where the whole file is removed. */
  readonly bit: number | null;
}

function custody(...args: readonly string[]): Promise<Run> {
  return runCustody(args, { home });
}

/** Names of all files of the case, with `/`. */
function storedFiles(): string[] {
  return readdirSync(original, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(original, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

function planFlips(random: Random): Touch[] {
  return storedFiles().flatMap((path) => {
    const { length } = readFileSync(join(original, path));
    const count = length === 0 ? 0 : FLIPS_A_FILE;
    return Array.from({ length: count }, () => ({ path, at: random.below(length), bit: random.below(8) }));
  });
}

/** Runs `check` while one bit of a stored file is flipped, or the file is gone (`bit` null). */
async function whileTouched<T>(lane: string, { path, at, bit }: Touch, check: () => Promise<T>): Promise<T> {
  const file = join(lane, path);
  const good = readFileSync(file);
  const bad = Buffer.from(good);
  bad[at] = (bad[at] ?? 0) ^ (1 << (bit ?? 0));
  rmSync(file);
  if (bit !== null) writeFileSync(file, bad);
  try {
    return await check();
  } finally {
    // Stored files are read-only.
    rmSync(file, { force: true });
    writeFileSync(file, good);
  }
}

/** What a verifier without keys overlooked: null where it named the file. */
async function overlooked(lane: string, touch: Touch): Promise<string | null> {
  const { failures } = await whileTouched(lane, touch, () => verifyCase(lane, { person: null }));
  return failures.some(({ object }) => object === touch.path)
    ? null
    : `${JSON.stringify(touch)}: ${JSON.stringify(failures)}`;
}

beforeAll(async () => {
  expect((await custody('init', '--case', original, '--title', 'Tamper')).code).toBe(0);
  expect((await custody('warrant', '--case', original, 'add', join(fixtures, 'warrant.json'))).code).toBe(0);
  const keys = ['--keys', join(fixtures, 'keyring.json'), '--no-supplier-hash'];
  for (const capture of globSync('msgstore.db.crypt1[45]', { cwd: fixtures })) {
    const run = await custody(
      'ingest',
      '--case',
      original,
      '--warrant',
      'W-2024-017',
      ...keys,
      join(fixtures, capture),
    );
    expect([0, 2, 6], run.stderr).toContain(run.code);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a case somebody touched', () => {
  it('verifies as long as nobody did, with keys and without', async () => {
    expect((await custody('verify', original)).code).toBe(0);
    const stranger = join(folder, 'stranger');
    expect((await runCustody(['verify', original], { home: stranger })).code).toBe(0);
  });

  it(`is found out, by file, for every flipped byte (${FLIPS_A_FILE} a file)`, async () => {
    const flips = planFlips(new Random(20241122));
    expect(flips.length).toBeGreaterThan(20);
    const lane = copyOfCase('flipped');
    const faults: (string | null)[] = [];
    for (const flip of flips) faults.push(await overlooked(lane, flip));
    expect(faults.filter((fault) => fault !== null)).toEqual([]);
  }, 1_800_000);

  it('is found out for every file that is gone', async () => {
    const lane = copyOfCase('gone');
    // The end of the log can be cut off unseen by whoever knows no later checkpoint; what is derived may be missing.
    const lastCommit = storedFiles()
      .filter((path) => path.startsWith('log/commit/'))
      .sort(byNumber)
      .at(-1);
    const paths = storedFiles().filter(
      (path) => path !== lastCommit && !/^(index|log\/tile)\/|^log\/checkpoint$/.test(path),
    );
    const silent: string[] = [];
    for (const path of paths) {
      const { ok } = await whileTouched(lane, { path, at: 0, bit: null }, () => verifyCase(lane, { person: null }));
      if (ok) silent.push(path);
    }
    expect(silent).toEqual([]);
  }, 600_000);

  it('is found out for every object that belongs to nothing, whatever it is called', async () => {
    const lane = copyOfCase('foreign');
    const silent: string[] = [];
    for (const name of FOREIGN) {
      mkdirSync(dirname(join(lane, name)), { recursive: true });
      writeFileSync(join(lane, name), 'foreign');
      const { failures } = await verifyCase(lane, { person: null });
      if (failures.length === 0) silent.push(name);
      rmSync(join(lane, name));
    }
    expect(silent).toEqual([]);
  });

  it('makes the command exit 3 and name the file', async () => {
    const lane = copyOfCase('command');
    const random = new Random(7);
    const flips = planFlips(random);
    for (let i = 0; i < COMMAND_RUNS; i++) {
      const flip = random.pick(flips);
      const { code, stdout } = await whileTouched(lane, flip, () => custody('verify', lane));
      expect({ code, named: stdout.includes(flip.path) }, `${flip.path} byte ${flip.at}`).toEqual({
        code: 3,
        named: true,
      });
    }
  }, 600_000);
});

function copyOfCase(name: string): string {
  const copy = join(folder, name);
  cpSync(original, copy, { recursive: true });
  return copy;
}

function byNumber(a: string, b: string): number {
  return Number(a.slice(a.lastIndexOf('/') + 1)) - Number(b.slice(b.lastIndexOf('/') + 1));
}
