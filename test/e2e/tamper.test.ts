import { cpSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadPerson, type Person, verifyCase } from '@custody/case';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { objectsBelow } from './fork-case.ts';
import { envelope, Lab, whatsApp } from './lab.ts';

/** Flipped bytes and missing files: ../tamper.test.ts. Here is what else somebody with the disk can do. */
const lab = new Lab('tamper');
let original = '';
let names: readonly string[] = [];
let person: Person;

beforeAll(async () => {
  original = await lab.newCase();
  await lab.ingest(original, join(whatsApp, 'msgstore.db.crypt15'));
  await lab.ingest(original, join(envelope, 'damaged/damaged.ndjson'));
  names = objectsBelow(original);
  person = await loadPerson(lab.identity);
});
afterAll(() => lab.remove());

/** What a verifier says while the named files of a copy hold something else (null: are gone). */
async function whileChanged(
  changed: ReadonlyMap<string, Uint8Array | null>,
  who: Person | null = null,
): Promise<readonly string[]> {
  const lane = lab.path('lane');
  if (objectsBelow(lane).length === 0) cpSync(original, lane, { recursive: true });
  const good = new Map([...changed.keys()].map((name) => [name, readIfThere(join(lane, name))]));
  for (const [name, bytes] of changed) put(join(lane, name), bytes);
  try {
    return (await verifyCase(lane, { person: who })).failures.map(({ object }) => object);
  } finally {
    for (const [name, bytes] of good) put(join(lane, name), bytes);
  }
}

function readIfThere(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}

/** Stored files are read-only. */
function put(file: string, bytes: Uint8Array | null): void {
  rmSync(file, { force: true });
  if (bytes === null) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

/** Whether a published tile was there when the log had `size` entries; all are in the first tile. */
const existsBefore = (tile: string, size: number) => Number(tile.slice(tile.lastIndexOf('/') + 1)) <= size;

const stored = (name: string) => readFileSync(join(original, name));
const derived = (name: string) => /^(index|log\/tile)\/|^log\/checkpoint$/.test(name);

describe('a case on a disk that somebody else holds', () => {
  it('has everything it should have, and verifies', async () => {
    for (const folder of [
      'events',
      'index',
      'keys',
      'leaves',
      'log/commit',
      'originals',
      'secrets',
      'segments',
      'supplied',
    ]) {
      expect(
        names.some((name) => name.startsWith(`${folder}/`)),
        folder,
      ).toBe(true);
    }
    expect(await whileChanged(new Map(), person)).toEqual([]);
  });

  it('every file cut short by one byte, to half and to nothing is named', async () => {
    const overlooked: string[] = [];
    for (const name of names) {
      const bytes = stored(name);
      for (const length of new Set([bytes.length - 1, bytes.length >> 1, 0])) {
        const failures = await whileChanged(new Map([[name, bytes.subarray(0, length)]]));
        // A commit cut to nothing may also be told as a broken log.
        if (!failures.includes(name)) overlooked.push(`${name} cut to ${length}: ${failures.join()}`);
      }
    }
    expect(overlooked).toEqual([]);
  });

  it('every file with a byte more is named', async () => {
    const overlooked: string[] = [];
    for (const name of names) {
      const longer = Buffer.concat([stored(name), Buffer.of(0)]);
      if (!(await whileChanged(new Map([[name, longer]]))).includes(name)) overlooked.push(name);
    }
    expect(overlooked).toEqual([]);
  });

  it('two files swapped are both named', async () => {
    const overlooked: string[] = [];
    const groups = Map.groupBy(
      names.filter((name) => !derived(name)),
      dirname,
    );
    for (const [folder, members] of groups) {
      const [a, b] = [members[0], members.at(-1)] as [string, string];
      if (a === b || stored(a).equals(stored(b))) continue;
      const failures = await whileChanged(
        new Map([
          [a, stored(b)],
          [b, stored(a)],
        ]),
      );
      // The log ends at the first commit that does not fit: the one behind it is not reached.
      const wanted = folder === 'log/commit' ? [a] : [a, b];
      if (!wanted.every((name) => failures.includes(name))) overlooked.push(`${a} and ${b}: ${failures.join()}`);
    }
    expect(overlooked).toEqual([]);
  });

  it('a file that does not belong is named, wherever it lies', async () => {
    const places = [
      'evil',
      'log/evil',
      'log/commit/evil',
      'keys/evil-1',
      'segments/evil',
      'leaves/99/1-0',
      'index/evil',
      'index/v2/0/99/1-0.words',
    ];
    for (const name of places) {
      expect(await whileChanged(new Map([[name, Buffer.from('planted')]])), name).toContain(name);
    }
  });

  it('a cut-off end is seen by what the log published, and without that by who knows a later checkpoint only', async () => {
    const commits = names.filter((name) => name.startsWith('log/commit/'));
    const last = commits.sort((a, b) => Number(a.slice(11)) - Number(b.slice(11))).at(-1) as string;
    const published = names.filter((name) => /^log\/(tile\/|checkpoint$)/.test(name));
    expect(await whileChanged(new Map([[last, null]]))).toContain('log/checkpoint');
    const older = published.filter((name) => name === 'log/checkpoint' || !existsBefore(name, Number(last.slice(11))));
    expect(await whileChanged(new Map([last, ...older].map((name) => [name, null])))).toEqual([]);
  });

  it('a commit from the middle taken out, or another case’s commit put in, breaks the log', async () => {
    expect(await whileChanged(new Map([['log/commit/2', null]]))).toContain('log');
    const other = await lab.newCase('other');
    const foreign = readFileSync(join(other, 'log/commit/1'));
    expect(await whileChanged(new Map([['log/commit/1', foreign]]))).toContain('log/commit/1');
  });

  it('put back as it was it verifies again, with keys and without', async () => {
    expect(await whileChanged(new Map())).toEqual([]);
    expect(await whileChanged(new Map(), person)).toEqual([]);
  });

  it('makes the command exit 3 and name the file', async () => {
    const lane = lab.path('lane');
    const name = names.find((one) => one.startsWith('originals/')) as string;
    const good = stored(name);
    put(join(lane, name), good);
    truncateSync(join(lane, name), good.length - 1);
    const { code, stdout } = await lab.run('verify', lane);
    expect({ code, named: stdout.includes(name) }).toEqual({ code: 3, named: true });
  });
});
