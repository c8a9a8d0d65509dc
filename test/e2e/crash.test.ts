import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { caseStatus, listItems, loadPerson, openCase, type Person, resume, verifyCase } from '@custody/case';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateDump } from '../../fixtures/envelope/generate-dump.ts';
import { tileDigests } from '../fixture-case.ts';
import { Random } from '../random.ts';
import { forkAfterSecrets, objectsBelow } from './fork-case.ts';
import { envelope, type Ingested, Lab } from './lab.ts';

const IS_LONG = process.env.CUSTODY_LONG === '1';
const KILLS = IS_LONG ? 25 : 3;
/** Every file of the capture is a unit and a segment, so that there are several commits to be killed between. */
const FILES = 20;
const MESSAGES = 1000;
const main = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
const lab = new Lab('crash');
const capture = lab.path('dump');
let keyring = '';
let person: Person;
/** A case with a warrant and no capture. */
let empty = '';
/** The same, ingested without anything happening. */
let whole = '';
let result: Ingested;

function ingestArgs(path: string, ...flags: readonly string[]): string[] {
  const terms = ['--warrant', 'W-2024-031', '--keys', keyring, '--no-supplier-hash'];
  return ['ingest', '--case', path, ...terms, ...flags, capture];
}

beforeAll(async () => {
  const generated = generateDump(
    { messages: MESSAGES, seed: 20241122, format: 'ndjson', bodyBytes: 80 },
    lab.path('g'),
  );
  keyring = generated.keyring;
  const lines = readFileSync(generated.dump, 'utf8').trimEnd().split('\n');
  mkdirSync(capture);
  const each = Math.ceil(lines.length / FILES);
  for (let i = 0; i < FILES; i++) {
    const part = lines.slice(i * each, (i + 1) * each);
    writeFileSync(join(capture, `part-${String(i).padStart(2, '0')}.ndjson`), `${part.join('\n')}\n`);
  }
  empty = lab.path('empty');
  await lab.json('init', '--case', empty);
  await lab.json('warrant', '--case', empty, 'add', join(envelope, 'warrant.json'));
  person = await loadPerson(lab.identity);
  whole = lab.copy(empty, 'whole');
  result = await lab.json<Ingested>(...ingestArgs(whole));
});
afterAll(() => lab.remove());

/** Starts the command and kills it with SIGKILL once `objects` stand in the case; tells whether it was still running. */
async function killedAt(path: string, objects: number): Promise<boolean> {
  const { CUSTODY_IDENTITY: _, NODE_OPTIONS: __, ...inherited } = process.env;
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  const child: ChildProcess = spawn(process.execPath, [...flags, main, ...ingestArgs(path)], {
    env: { ...inherited, CUSTODY_IDENTITY: lab.identity },
    stdio: 'ignore',
  });
  const exit = once(child, 'exit');
  while (child.exitCode === null && objectsBelow(path).length < objects) await sleep(2);
  child.kill('SIGKILL');
  const [, signal] = await exit;
  return signal === 'SIGKILL';
}

/** Evidence roots of the complete derivations. */
async function evidenceRoots(path: string): Promise<(string | undefined)[]> {
  const { state } = await openCase(path, { person });
  return [...state.derivations.values()].map(({ totals }) => totals?.evidenceRoot);
}

async function fork(path: string, name: string): Promise<string> {
  const to = lab.path(name);
  await forkAfterSecrets(path, to, person);
  return to;
}

describe('an ingest killed with SIGKILL', () => {
  it('has several commits to be killed between', async () => {
    const { ledger } = await openCase(whole, { person });
    expect(ledger.segments.length).toBeGreaterThanOrEqual(FILES);
    expect(ledger.commits.length).toBeGreaterThanOrEqual(6);
  });

  it(`leaves a case that verifies, goes on and comes to the same (${KILLS} seeded moments)`, async () => {
    const before = objectsBelow(empty).length;
    const after = objectsBelow(whole).length;
    const random = new Random(4711);
    let struck = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const path = lab.copy(empty, `killed-${kill}`);
      // One moment in each stretch of the run.
      const stretch = (after - before) / KILLS;
      const moment = before + 1 + Math.floor(stretch * kill) + random.below(Math.max(1, Math.floor(stretch)));
      if (await killedAt(path, moment)) struck++;

      const verdict = await verifyCase(path, { person });
      expect(verdict.failures, `killed at ${moment} of ${after} objects`).toEqual([]);

      const begun = (await openCase(path, { person })).state.derivations.size > 0;
      const resumed = await lab.run(...(begun ? ['resume', '--case', path] : ingestArgs(path)));
      expect([0, 2], resumed.stderr).toContain(resumed.code);
      await expectWhole(path);
      const undisturbed = await fork(path, `undisturbed-${kill}`);
      await resume(await openCase(undisturbed, { person }), { threads: 1 });
      expect(await evidenceRoots(path)).toEqual(await evidenceRoots(undisturbed));
    }
    expect(struck).toBeGreaterThan(0);
  });
});

/** The case holds the capture once, whole, and everything in it agrees. */
async function expectWhole(path: string): Promise<void> {
  const opened = await openCase(path, { person });
  const derivations = caseStatus(opened).captures.flatMap((one) => one.derivations);
  const { decoded, items, findings, inScope, outOfScope, privileged } = result;
  expect(derivations).toMatchObject([
    { state: 'current', addsUp: true, totals: { decoded, items, findings, inScope, outOfScope, privileged } },
  ]);
  expect(opened.ledger.leaves).toBe(items + findings);
  const ids = new Set<string | null>();
  for await (const item of listItems(opened)) ids.add(item.messageId);
  expect(ids.size).toBe(items);
  expect((await verifyCase(path, { person })).failures).toEqual([]);
}

describe('the number of threads', () => {
  it('changes nothing: same evidence root, equal plaintext of every index tile', async () => {
    const one = await fork(whole, 'one');
    const four = await fork(whole, 'four');
    await lab.json('resume', '--case', one, '--threads', '1');
    await lab.json('resume', '--case', four, '--threads', '4');
    expect(await evidenceRoots(one)).toEqual([result.evidenceRoot]);
    expect(await evidenceRoots(four)).toEqual([result.evidenceRoot]);
    const tiles = await tileDigests(await openCase(one, { person }));
    // Sixteen segments are in one wide tile, the others in tiles of their own.
    expect([...tiles.keys()].filter((name) => /^1\/\d+\./.test(name)).length).toBeGreaterThan(0);
    expect(tiles.size * 16).toBeGreaterThan(FILES);
    expect([...tiles.values()]).not.toContain('missing');
    expect(await tileDigests(await openCase(four, { person }))).toEqual(tiles);
    expect(await tileDigests(await openCase(whole, { person }))).toEqual(tiles);
  });

  it('deleting the index and building it again gives equal plaintext', async () => {
    const before = await tileDigests(await openCase(whole, { person }));
    const rebuilt = lab.path('rebuilt');
    cpSync(whole, rebuilt, { recursive: true, filter: (from) => from !== join(whole, 'index') });
    expect((await lab.run('index', '--case', rebuilt)).code).toBe(0);
    expect(await tileDigests(await openCase(rebuilt, { person }))).toEqual(before);
  });
});

describe('side by side', () => {
  it('two ingests into one case and readers during them: nobody waits, nothing is lost or doubled', async () => {
    const path = lab.copy(empty, 'side-by-side');
    const other = ingestArgs(path).with(-1, join(envelope, 'dump.csv')).with(6, join(envelope, 'keyring.json'));
    const running = Promise.all([lab.run(...ingestArgs(path)), lab.run(...other)]);
    const readers = await Promise.all([
      lab.run('items', '--case', path, '--json'),
      lab.run('verify', path),
      lab.run('query', '--case', path, '--type', 'iban', '--json'),
      lab.run('status', '--case', path, '--json'),
    ]);
    for (const { code, stderr } of readers) expect(code, stderr).toBe(0);
    for (const { code, stderr } of await running) expect([0, 2], stderr).toContain(code);
    const opened = await openCase(path, { person });
    const sums = caseStatus(opened).captures.flatMap((one) => one.derivations);
    expect(sums.map(({ addsUp, totals }) => [addsUp, totals?.items]).sort()).toEqual(
      [
        [true, 412],
        [true, result.items],
      ].sort(),
    );
    expect((await verifyCase(path, { person })).failures).toEqual([]);
    expect((await lab.run('verify', path)).code).toBe(0);
  });

  it('the same capture by two at once is one capture', async () => {
    const path = lab.copy(empty, 'twins');
    const [a, b] = await Promise.all([lab.run(...ingestArgs(path)), lab.run(...ingestArgs(path))]);
    for (const { code, stderr } of [a, b]) expect([0, 2], stderr).toContain(code);
    const opened = await openCase(path, { person });
    const status = caseStatus(opened);
    expect(status.captures).toHaveLength(1);
    const current = status.captures.flatMap((one) => one.derivations).filter(({ state }) => state === 'current');
    expect(current).toMatchObject([{ addsUp: true, totals: { items: result.items } }]);
    const ids: (string | null)[] = [];
    for await (const item of listItems(opened)) ids.push(item.messageId);
    expect(ids).toHaveLength(result.items);
    expect((await verifyCase(path, { person })).failures).toEqual([]);
  });
});
