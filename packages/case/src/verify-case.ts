import { createHash } from 'node:crypto';
import { CustodyError, concatBytes, equalBytes, utf8Decode } from '@custody/bytes';
import { encodeVerifierKey, evidenceRoot, linkLeaves, readVerifierKey, SEGMENT_LEAVES_MAX } from '@custody/chain';
import { verifyIndexObject } from '@custody/search';
import {
  contentCompartments,
  hashOriginal,
  isCommitName,
  type Ledger,
  type LoggedSegment,
  leavesName,
  locateOriginal,
  openOriginal,
  openSegment,
  readCommitted,
  readLeaves,
  releaseOpened,
  releaseOriginal,
  verifyPart,
} from '@custody/segment';
import { isViewName, type Vault } from '@custody/vault';
import { remember } from './anchors/checkpoint-memory.ts';
import { type OutsideVerdict, verifyOutside } from './anchors/verify-outside.ts';
import type { CaseVerdict, VerifyOptions } from './case-verdict.ts';
import { usage } from './errors.ts';
import { isOriginalGone } from './expunge-plan.ts';
import type { Failure } from './failure.ts';
import { Lanes } from './lanes.ts';
import { isLeftover, isOfWorkers } from './leftovers.ts';
import { type Case, openCase, openLedger, VERIFIER_KEY_NAME } from './open-case.ts';
import { openStore } from './open-store.ts';
import { RewriteCheck } from './verify-rewrites.ts';
import { findCheckpoint, verifyView } from './verify-view.ts';

/** Objects read at once: while one comes from the disk another is hashed. */
const LANES = 4;
/** Longer objects are hashed as streams. */
const READ_WHOLE = 8 * 1024 * 1024;

/**
 * Every stored byte: what a commit names is held against the length and hash it states, the log against its signatures
 * and order, segments against their roots; derived index parts against their own sums. With keys also content against
 * commitments and originals against the hash in their receipt.
 */
export async function verifyCase(location: string, options: VerifyOptions): Promise<CaseVerdict> {
  const vault = await openStore(location);
  await requireObjects(vault);
  const check = new CaseCheck(vault, options);
  await check.run(location);
  return check.verdict(location);
}

class CaseCheck {
  readonly #vault: Vault;
  readonly #options: VerifyOptions;
  readonly #failures: Failure[] = [];
  readonly #notes: string[] = [];
  readonly #notChecked: string[] = [];
  readonly #checked = {
    entries: 0,
    segments: 0,
    leaves: 0,
    objects: 0,
    indexParts: 0,
    tiles: 0,
    contentItems: 0,
    originals: 0,
  };
  readonly #roots = new Map<number, Uint8Array[]>();
  #anchors: OutsideVerdict['anchors'] = { timestamps: [], cosignatures: [] };
  #ledger: Ledger | null = null;
  #rewrites: RewriteCheck | null = null;
  #key = '';

  constructor(vault: Vault, options: VerifyOptions) {
    this.#vault = vault;
    this.#options = options;
  }

  async run(location: string): Promise<void> {
    const ledger = await this.#openLedger();
    if (ledger === null) return;
    await this.#objects(ledger);
    this.#segments(ledger);
    for (const { key, after } of ledger.keys.spans.slice(1))
      this.#notes.push(
        `the log's key was succeeded after entry ${after - 1}, signed by the key before: now ${encodeVerifierKey(key)}`,
      );
    await this.#outside(ledger);
    await this.#content(location);
  }

  async #outside(ledger: Ledger): Promise<void> {
    const trust = { logKey: readVerifierKey(this.#key), known: this.#options.known ?? {} };
    const { anchors, failures, notes, notChecked } = await verifyOutside(this.#vault, ledger, trust);
    this.#anchors = anchors;
    this.#failures.push(...failures);
    this.#notes.push(...notes);
    this.#notChecked.push(...notChecked);
  }

  async verdict(location: string): Promise<CaseVerdict> {
    const ledger = this.#ledger;
    const memory = this.#options.known?.memory;
    const isSound = this.#failures.length === 0 && ledger !== null;
    if (isSound && typeof memory === 'string' && !(await remember(memory, ledger, location)))
      this.#notes.push(`nothing can be written to ${memory}: this checkpoint is not remembered`);
    const root = ledger === null ? null : Buffer.from(ledger.root()).toString('base64');
    const pinned = this.#options.verifierKey !== undefined;
    if (!pinned) {
      this.#notChecked.push('whose key signed: the verifier key came with the case itself. Pin it with --verifier-key');
    }
    return {
      kind: 'case',
      ok: this.#failures.length === 0,
      origin: ledger?.origin ?? null,
      checkpoint: ledger === null || root === null ? null : { origin: ledger.origin, size: ledger.size, root },
      verifierKey: { key: this.#key, source: pinned ? 'pinned' : 'self-asserted' },
      checked: { ...this.#checked },
      anchors: this.#anchors,
      notChecked: this.#notChecked,
      notes: this.#notes,
      failures: this.#failures,
    };
  }

  async #openLedger(): Promise<Ledger | null> {
    return this.#try(VERIFIER_KEY_NAME, async () => {
      const stated = utf8Decode(await this.#vault.read(VERIFIER_KEY_NAME)).trim();
      this.#key = this.#options.verifierKey ?? stated;
      readVerifierKey(this.#key);
      return this.#try('log', async () => {
        const ledger = await openLedger(this.#vault, this.#options.verifierKey);
        this.#ledger = ledger;
        this.#checked.entries = ledger.size;
        return ledger;
      });
    });
  }

  /** Everything that is stored, once. */
  async #objects(ledger: Ledger): Promise<void> {
    // The log is read on after the listing: an ingest beside us adds objects first and the commit that names them last.
    const listed = new Map<string, number>();
    for await (const { name, length } of this.#vault.list('')) listed.set(name, length);
    const checkpoint = await findCheckpoint(ledger);
    await this.#try('log', () => ledger.refresh());
    this.#checked.entries = ledger.size;
    const commits = new Set(ledger.commits.map((commit) => commit.size));
    const stage = this.#options.progress?.stage('objects', ledger.objects.size, 'objects');
    const derived: { name: string; length: number }[] = [];
    const leaves = new Map(ledger.segments.map((segment) => [leavesName(segment), segment]));
    const lanes = new Lanes(LANES);
    const views: string[] = [];
    let beyond = 0;
    for (const name of ledger.objects.keys()) {
      if (listed.has(name)) continue;
      const info = await this.#vault.info(name);
      if (info === null) this.#fail(name, 'OBJECT_MISSING', `${name} is named by a commit and is not there`);
      else listed.set(name, info.length);
    }
    const rewrites = new RewriteCheck(this.#vault, ledger);
    this.#rewrites = rewrites;
    for (const [name, length] of listed) {
      if (rewrites.concerns(name)) {
        const failure = await rewrites.failureOf(name);
        if (failure !== null) this.#failures.push(failure);
      } else if (rewrites.isTombstone(name, length)) {
        // Bars a name against late jobs.
      } else if (ledger.objects.has(name)) {
        const segment = leaves.get(name);
        const check = segment === undefined ? () => this.#object(ledger, name) : () => this.#leaves(ledger, segment);
        await lanes.run(async () => {
          await this.#try(name, check);
          stage?.at(++this.#checked.objects);
        });
      } else if (isCommitName(name)) {
        if (!commits.has(Number(name.slice(name.lastIndexOf('/') + 1)))) beyond++;
      } else if (isViewName(name)) views.push(name);
      else derived.push({ name, length });
    }
    await lanes.done();
    if (beyond > 0) {
      this.#fail(
        'log',
        'COMMIT_ORDER_BROKEN',
        `${beyond} commit(s) stand beyond the end of the log: one between was removed`,
      );
    }
    await this.#view(ledger, { names: views, checkpoint });
    await this.#derived(ledger, derived);
    await this.#alarms();
  }

  /** Originals in a bucket of their own: versions put on top, locks taken off. */
  async #alarms(): Promise<void> {
    for await (const { name, code, severity, message } of this.#vault.alarms?.() ?? []) {
      if (severity === 'note') this.#notes.push(message);
      else this.#fail(name, code, message);
    }
  }

  /** What is published for others, against the commits. */
  async #view(ledger: Ledger, found: Parameters<typeof verifyView>[2]): Promise<void> {
    const { failures, notes, tiles } = await verifyView(this.#vault, ledger, found);
    this.#failures.push(...failures);
    this.#notes.push(...notes);
    this.#checked.tiles = tiles;
  }

  async #object(ledger: Ledger, name: string): Promise<void> {
    const stated = ledger.objects.get(name);
    if (stated !== undefined && stated.length <= READ_WHOLE) {
      await readCommitted(this.#vault, ledger, name);
      return;
    }
    const hash = createHash('sha256');
    let length = 0;
    for await (const chunk of this.#vault.readStream(name)) {
      hash.update(chunk);
      length += chunk.length;
    }
    if (stated === undefined || length !== stated.length || !equalBytes(hash.digest(), stated.sha256)) {
      this.#fail(name, 'OBJECT_ALTERED', `${name} is not what its commit says: altered or damaged`);
    }
  }

  /** A merge beside us may take a tile away that a wider one covers. */
  async #indexObject(name: string): Promise<void> {
    try {
      await verifyIndexObject(this.#vault, name);
    } catch (error) {
      if (!(error instanceof CustodyError && error.code === 'OBJECT_MISSING')) throw error;
    }
  }

  /** What no commit names: index parts carry a sum of their own; leftovers of an interrupted write are told. */
  async #derived(ledger: Ledger, objects: readonly { name: string; length: number }[]): Promise<void> {
    let leftovers = 0;
    for (const { name, length } of objects) {
      if (name.startsWith('index/')) {
        await this.#try(name, () => this.#indexObject(name));
        this.#checked.indexParts++;
      } else if (isOfWorkers(ledger, name)) continue;
      else if (isLeftover(ledger, name)) leftovers++;
      else
        this.#fail(
          name,
          'OBJECT_UNKNOWN',
          `${name} (${length} bytes) does not belong to the case: somebody put it there`,
        );
    }
    if (leftovers > 0) {
      this.#notes.push(
        `${leftovers} object(s) of an interrupted run, named by no commit: "custody resume" goes on from there`,
      );
    }
  }

  /** Bytes against the commit, then chain and tree over them, from one reading. */
  async #leaves(ledger: Ledger, segment: LoggedSegment): Promise<void> {
    const name = leavesName(segment);
    const leaves = readLeaves(await readCommitted(this.#vault, ledger, name));
    const derive = ledger.entries[segment.derive];
    if (leaves.kinds.length !== segment.count || segment.count > SEGMENT_LEAVES_MAX) {
      this.#fail(
        name,
        'SEGMENT_COUNT_MISMATCH',
        `${name} has ${leaves.kinds.length} leaves, its entry says ${segment.count}`,
      );
    } else if (derive === undefined || !equalBytes(derive.leafHash, leaves.derive)) {
      this.#fail(name, 'SEGMENT_ROOT_MISMATCH', `${name} belongs to another derivation than its entry says`);
    } else if (!equalBytes(linkLeaves(leaves).root, segment.root)) {
      this.#fail(name, 'SEGMENT_ROOT_MISMATCH', `the leaves in ${name} do not give the root in the ledger`);
    }
  }

  /** Roots of each derivation, in the order of the log. */
  #segments(ledger: Ledger): void {
    for (const segment of ledger.segments) {
      const roots = this.#roots.get(segment.derive) ?? [];
      roots.push(segment.root);
      this.#roots.set(segment.derive, roots);
      this.#checked.leaves += segment.count;
      this.#checked.segments++;
    }
  }

  async #content(location: string): Promise<void> {
    const { person, verifierKey } = this.#options;
    if (person === null) {
      this.#notes.push(...(this.#rewrites?.notes(null) ?? []));
      this.#notChecked.push('content: no identity was given, so only stored bytes and commitments were checked');
      return;
    }
    await this.#try('log', async () => {
      const opened = await openCase(location, { person, ...(verifierKey !== undefined && { verifierKey }) });
      for (const name of contentCompartments) {
        if (opened.held[name] === undefined)
          this.#notChecked.push(`content of the compartment "${name}": not held by you`);
      }
      this.#notes.push(...(this.#rewrites?.notes(opened) ?? []));
      this.#evidenceRoots(opened);
      const stage = this.#options.progress?.stage('content', opened.ledger.segments.length, 'segments');
      for (const segment of opened.ledger.segments) {
        await this.#try(leavesName(segment), () => this.#segmentContent(opened, segment));
        stage?.at(segment.ordinal + 1);
      }
      await this.#originals(opened);
    });
  }

  async #segmentContent(opened: Case, segment: LoggedSegment): Promise<void> {
    const read = await openSegment(opened.vault, opened.ledger, segment, opened.contentIdentities);
    for (const part of read.parts) {
      verifyPart(read, part);
      this.#checked.contentItems += part.content.itemPositions.length;
    }
    releaseOpened(read);
  }

  #evidenceRoots(opened: Case): void {
    for (const { entry, totals } of opened.state.derivations.values()) {
      if (totals === null) continue;
      const root = Buffer.from(evidenceRoot(concatBytes([...(this.#roots.get(entry) ?? [])]))).toString('base64');
      if (root !== totals.evidenceRoot) {
        this.#fail(
          'log',
          'EVIDENCE_ROOT_MISMATCH',
          `derivation ${entry}: its segments do not give the evidence root it was closed with`,
        );
      }
    }
  }

  async #originals(opened: Case): Promise<void> {
    const source = opened.held.source;
    if (source === undefined) {
      this.#notChecked.push('originals: the compartment "source" is not held by you');
      return;
    }
    for (const capture of opened.state.captures.values()) {
      if (isOriginalGone(opened, capture)) {
        this.#notes.push(
          `the sealed original of ${capture.name} was destroyed under an order: it cannot be decoded again as a whole; the source records that were kept are checked item by item`,
        );
        continue;
      }
      await this.#try(`originals/${capture.label}`, async () => {
        const handle = await locateOriginal(opened.vault, capture.label, source.all);
        try {
          const reader = openOriginal(handle);
          const found = hashOriginal(reader);
          reader.close();
          if (found !== capture.sha256) {
            this.#fail(
              `originals/${capture.label}`,
              'CAPTURE_CHANGED',
              `the sealed original is ${found}, its receipt says ${capture.sha256}`,
            );
          }
          this.#checked.originals++;
        } finally {
          await releaseOriginal(handle);
        }
      });
    }
  }

  async #try<T>(object: string, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof CustodyError)) throw error;
      if (error.family === 'unavailable' || error.code === 'NO_RIGHTS') throw error;
      const named = typeof error.detail.name === 'string' ? error.detail.name : object;
      this.#fail(named, error.code, error.message);
      return null;
    }
  }

  #fail(object: string, code: string, message: string): void {
    this.#failures.push({ object, code, message });
  }
}

/** An empty or missing place is a mistake of typing, not a case from which everything was removed. */
async function requireObjects(vault: Vault): Promise<void> {
  for await (const _ of vault.list('')) return;
  throw usage('NOT_A_CASE', `${vault.location} is neither a case nor an exhibit: there is nothing there`);
}
