import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addAuthority,
  type Case,
  createCase,
  ingest,
  loadOrCreatePerson,
  openCase,
  type Person,
  planDerivation,
  verifyCase,
} from '@custody/case';
import { readKeyFiles, type SuppliedKey } from '@custody/decode';
import { expect } from 'vitest';
import { generateDump } from '../../fixtures/envelope/generate-dump.ts';
import { follow } from '../../workers/src/follow.ts';
import { handIn } from '../../workers/src/hand-in.ts';
import type { QueuePlace } from '../../workers/src/queue.ts';
import { withQueues } from '../../workers/src/queues.ts';
import { tileDigests } from '../fixture-case.ts';
import { forkAfterSecrets } from './fork-case.ts';

/** Every file of the capture is a unit and a segment, and every stretch has a few of them. */
const FILES = 18;
const MESSAGES = 4_500;
const UNITS_A_STRETCH = 2;
const warrant = new URL('../../fixtures/envelope/warrant.json', import.meta.url);
const RECEIPT = { supplierHash: null, receivedFrom: null, acquiredAt: null, exhibitRef: null, sealNumber: null };

/** A fork of the case, as it was when its derivation had begun, planned for workers. */
export interface Fork {
  readonly opened: Case;
  readonly entry: number;
  readonly path: string;
}

/** A case that was ingested embedded and undisturbed, and forks of it that workers must bring to the same. */
export class QueuedCase {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'custody-queued-'));
  person!: Person;
  keys: readonly SuppliedKey[] = [];
  /** Ingested embedded. */
  whole!: Case;
  #entry = -1;
  #tiles: ReadonlyMap<string, string> = new Map();

  async make(): Promise<void> {
    this.person = await loadOrCreatePerson({ name: 'Test Examiner' }, join(this.folder, 'identity.txt'));
    process.env.CUSTODY_IDENTITY = this.person.path;
    const capture = this.#capture();
    this.whole = await createCase(join(this.folder, 'whole'), { person: this.person, title: 'queued', recipients: [] });
    await addAuthority(this.whole, readFileSync(warrant, 'utf8'));
    await ingest(this.whole, capture, { authority: 'W-2024-031', keys: this.keys, receipt: RECEIPT, threads: 1 });
    this.#entry = [...this.whole.state.derivations.keys()].at(-1) ?? -1;
    this.#tiles = await tileDigests(this.whole);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async fork(name: string): Promise<Fork> {
    const path = join(this.folder, name);
    await forkAfterSecrets(this.whole.vault.location, path, this.person);
    const opened = await openCase(path, { person: this.person });
    await planDerivation(opened, this.#entry, { size: UNITS_A_STRETCH });
    return { opened, entry: this.#entry, path };
  }

  /** Hands the fork's jobs in and waits as `custody ingest --queue` does; resolves with what it noted. */
  async handInAndWait({ opened, entry }: Fork, place: QueuePlace): Promise<string[]> {
    const notes: string[] = [];
    await withQueues(place, async (queues) => {
      await handIn(opened, entry, queues);
      await follow(opened, [entry], { queues, tell: (news) => 'note' in news && notes.push(news.note) });
    });
    return notes;
  }

  /** Counts, evidence root and opened tiles equal those of the undisturbed run; everything verifies; closed once. */
  async expectSame({ entry, path }: Fork): Promise<void> {
    const opened = await openCase(path, { person: this.person });
    expect(opened.state.derivations.get(entry)?.totals).toEqual(this.whole.state.derivations.get(entry)?.totals);
    expect(opened.ledger.leaves).toBe(this.whole.ledger.leaves);
    expect(opened.ledger.segments.map(({ unit, part }) => [unit, part])).toEqual(
      this.whole.ledger.segments.map(({ unit, part }) => [unit, part]),
    );
    expect(opened.ledger.entries.filter(({ kind }) => kind === 'complete')).toHaveLength(1);
    expect(await tileDigests(opened)).toEqual(this.#tiles);
    expect((await verifyCase(path, { person: this.person })).failures).toEqual([]);
  }

  #capture(): string {
    const made = generateDump(
      { messages: MESSAGES, seed: 20241123, format: 'ndjson', bodyBytes: 80 },
      join(this.folder, 'g'),
    );
    this.keys = readKeyFiles([{ name: 'keyring.json', bytes: readFileSync(made.keyring) }], () => null).keys;
    const capture = join(this.folder, 'dump');
    mkdirSync(capture);
    const lines = readFileSync(made.dump, 'utf8').trimEnd().split('\n');
    for (let i = 0; i < FILES; i++) {
      const part = lines.slice(Math.floor((i * lines.length) / FILES), Math.floor(((i + 1) * lines.length) / FILES));
      writeFileSync(join(capture, `part-${String(i).padStart(2, '0')}.ndjson`), `${part.join('\n')}\n`);
    }
    return capture;
  }
}
