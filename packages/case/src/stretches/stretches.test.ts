import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Case,
  commitReady,
  createCase,
  ingest,
  ingestForWorkers,
  loadOrCreatePerson,
  openCase,
  type Person,
  planDerivation,
  plannedResult,
  resume,
  StretchDecoder,
  stretchesDue,
  stretchProgress,
  verifyCase,
} from '@custody/case';
import { readKeyFiles, type SuppliedKey } from '@custody/decode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateDump } from '../../../../fixtures/envelope/generate-dump.ts';
import { forkAfterSecrets } from '../../../../test/e2e/fork-case.ts';
import { tileDigests } from '../../../../test/fixture-case.ts';
import { addAuthority } from '../add-authority.ts';
import { stretchName } from './stretch-object.ts';

const FILES = 10;
const folder = mkdtempSync(join(tmpdir(), 'custody-stretches-'));
const capture = join(folder, 'dump');
const warrant = readFileSync(new URL('../../../../fixtures/envelope/warrant.json', import.meta.url), 'utf8');
const receipt = { supplierHash: null, receivedFrom: null, acquiredAt: null, exhibitRef: null, sealNumber: null };
let keys: readonly SuppliedKey[] = [];
let person: Person;
/** Ingested embedded. */
let whole: Case;
let tiles: ReadonlyMap<string, string>;

async function newCase(name: string, recipients: Parameters<typeof createCase>[1]['recipients'] = []): Promise<Case> {
  const opened = await createCase(join(folder, name), { person, title: 'stretches', recipients });
  await addAuthority(opened, warrant);
  return opened;
}

function terms() {
  return { authority: 'W-2024-031', keys, receipt };
}

beforeAll(async () => {
  person = await loadOrCreatePerson({ name: 'Test Examiner' }, join(folder, 'identity.txt'));
  const made = generateDump({ messages: 600, seed: 7, format: 'ndjson', bodyBytes: 60 }, join(folder, 'g'));
  keys = readKeyFiles([{ name: 'keyring.json', bytes: readFileSync(made.keyring) }], () => null).keys;
  const lines = readFileSync(made.dump, 'utf8').trimEnd().split('\n');
  mkdirSync(capture);
  for (let i = 0; i < FILES; i++) {
    const part = lines.slice((i * lines.length) / FILES, ((i + 1) * lines.length) / FILES);
    writeFileSync(join(capture, `part-${i}.ndjson`), `${part.join('\n')}\n`);
  }
  whole = await newCase('whole');
  await ingest(whole, capture, { ...terms(), threads: 1 });
  tiles = await tileDigests(whole);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The embedded case as it was when its derivation had begun, planned with stretches of `size` units. */
async function planned(name: string, size = 3): Promise<{ opened: Case; entry: number }> {
  await forkAfterSecrets(whole.vault.location, join(folder, name), person);
  const opened = await openCase(join(folder, name), { person });
  const entry = [...opened.state.derivations.keys()].at(-1) as number;
  await planDerivation(opened, entry, { size });
  return { opened, entry };
}

async function expectSame(opened: Case, entry: number): Promise<void> {
  await opened.refresh();
  expect(opened.state.derivations.get(entry)?.totals).toEqual(whole.state.derivations.get(entry)?.totals);
  expect(await tileDigests(opened)).toEqual(tiles);
  expect((await verifyCase(opened.vault.location, { person })).failures).toEqual([]);
  expect(opened.ledger.entries.filter(({ kind }) => kind === 'complete')).toHaveLength(1);
}

async function decodeDue(opened: Case, entry: number): Promise<void> {
  const decoder = await StretchDecoder.open(opened, entry);
  try {
    const progress = await stretchProgress(opened, entry);
    for (const stretch of stretchesDue(progress as never)) await decoder.decode(stretch);
  } finally {
    await decoder.close();
  }
}

describe('a derivation in stretches', () => {
  it('comes to what the embedded run came to, decoded in any order and committed by two at once', async () => {
    const { opened, entry } = await planned('any-order');
    const others = [
      await openCase(opened.vault.location, { person }),
      await openCase(opened.vault.location, { person }),
    ];
    const decoder = await StretchDecoder.open(opened, entry);
    for (const stretch of [3, 1, 0, 2]) {
      expect((await decoder.decode(stretch)).stored).toBe(true);
      await Promise.all(others.map((one) => commitReady(one, entry)));
    }
    expect(await decoder.decode(2)).toMatchObject({ stored: false });
    expect(await commitReady(opened, entry)).toMatchObject({ waitsFor: 4, closingDue: true, totals: null });
    await decoder.decode(4);
    await decoder.close();
    const done = await Promise.all(others.map((one) => commitReady(one, entry)));
    expect(done[0]?.totals).toEqual(whole.state.derivations.get(entry)?.totals);
    await expectSame(opened, entry);
  });

  it('begun embedded is finished by workers, and begun by workers is finished embedded', async () => {
    const { opened, entry } = await planned('to-embedded');
    const decoder = await StretchDecoder.open(opened, entry);
    for (const stretch of [0, 2]) await decoder.decode(stretch);
    await decoder.close();
    await commitReady(opened, entry);
    await resume(await openCase(opened.vault.location, { person }), { threads: 1 });
    await expectSame(opened, entry);

    const half = await planned('to-workers');
    const segments = join(half.opened.vault.location, 'log/commit');
    const commits = whole.ledger.commits.filter(({ size }) => size > entry);
    // The first commit of segments as the embedded run made it, with its objects.
    cpSync(
      join(whole.vault.location, 'log/commit', String(commits[0]?.size)),
      join(segments, String(commits[0]?.size)),
    );
    for (const [name] of whole.ledger.objects) {
      cpSync(join(whole.vault.location, name), join(half.opened.vault.location, name), { force: false });
    }
    const again = await openCase(half.opened.vault.location, { person });
    await decodeDue(again, half.entry);
    await commitReady(again, half.entry);
    await decodeDue(again, half.entry);
    await commitReady(again, half.entry);
    expect(again.state.derivations.get(entry)?.totals).toEqual(whole.state.derivations.get(entry)?.totals);
  });

  it('needs source and evidence to decode, evidence and log to commit, and says so', async () => {
    const of = (name: string) => loadOrCreatePerson({ name }, join(folder, `${name}.txt`));
    const [decoderOnly, committer, indexer] = [await of('decoder'), await of('committer'), await of('indexer')];
    const holds = (one: Person, ...names: string[]) =>
      names.map((compartment) => ({ compartment, recipient: one.identity.recipient }));
    const opened = await newCase('roles', [
      ...holds(person, 'source', 'evidence', 'log'),
      ...holds(decoderOnly, 'source', 'evidence'),
      ...holds(committer, 'evidence', 'log'),
      ...holds(indexer, 'evidence'),
    ]);
    const begun = await ingestForWorkers(opened, capture, terms());
    const { entry } = begun.derivation;
    const as = (one: Person) => openCase(opened.vault.location, { person: one });
    await expect(plannedResult(opened, begun)).rejects.toMatchObject({ code: 'NOT_YET' });
    await expect(StretchDecoder.open(await as(committer), entry)).rejects.toThrow(/"source" of this case: to decode/);
    await expect(commitReady(await as(indexer), entry)).rejects.toThrow(/"log" of this case: to commit/);
    for (let round = 0; round < 2; round++) {
      await decodeDue(await as(decoderOnly), entry);
      await commitReady(await as(committer), entry);
    }
    const { totals } = await plannedResult(opened, begun);
    expect(totals.items).toBe(
      whole.state.derivations.get([...whole.state.derivations.keys()][0] as number)?.totals?.items,
    );
  });

  it('commits nothing that no worker of the case stored', async () => {
    const { opened, entry } = await planned('forged');
    const other = await planned('forger');
    await decodeDue(other.opened, other.entry);
    const name = stretchName(entry, 0);
    const bytes = Buffer.from(await other.opened.vault.read(name));
    for (const change of [
      () => bytes.subarray(0, 20),
      () => Buffer.from(bytes).fill(1, 40, 41),
      () => readFileSync(join(other.opened.vault.location, stretchName(entry, 1))),
    ]) {
      rmSync(join(opened.vault.location, name), { force: true });
      await opened.vault.create(name, change());
      await expect(commitReady(opened, entry)).rejects.toMatchObject({ code: 'STRETCH_NOT_OURS', detail: { name } });
    }
  });
});
