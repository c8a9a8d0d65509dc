import { randomBytes } from 'node:crypto';
import { CustodyError, equalBytes, hexEncode, IntegrityError, sha256, UnavailableError } from '@custody/bytes';
import {
  type CommitObject,
  encodeCheckpoint,
  encodeCommit,
  encodeSegmentClear,
  type LoggedEntry,
  LogWalk,
  type SegmentClear,
  type Signer,
  signEntry,
  signNote,
  type VerifiedCommit,
  type VerifierKey,
  type VerifySignature,
  verifyCommit,
} from '@custody/chain';
import { seal, type Vault } from '@custody/vault';
import { verifyEd25519 } from './ed25519.ts';
import { broken } from './errors.ts';
import { type EventDraft, encodeOpenings } from './event.ts';
import { LogKeys, SUCCESSION_PREFIX } from './log-keys.ts';
import { LogView } from './log-view.ts';
import { ANCHOR_PREFIX, COMMIT_PREFIX, commitName, eventsName, REWRITE_PREFIX, segmentLabel } from './object-names.ts';
import { readCommitted } from './read-committed.ts';
import { readStatement } from './rewrite-statement.ts';
import { Rewrites } from './rewrites.ts';

/** A segment as the log shows it. */
export interface LoggedSegment extends SegmentClear {
  /** Index of its entry. */
  readonly entry: number;
  /** Number among the log's segments, from 0. */
  readonly ordinal: number;
}

/** One commit as read: its entries by range, and the events object that opens them. */
export interface LoggedCommit {
  readonly size: number;
  readonly entries: readonly LoggedEntry[];
  readonly events: string | null;
  /** Statement of what the commit's `expunge` or `dispose` entry rewrites; see rewrite-statement.ts. */
  readonly rewrite: string | null;
  /** The note by which the log's key names the next one. */
  readonly succession: string | null;
  /** Names of all objects that it makes part of the case. */
  readonly objects: readonly string[];
  /** Objects by which others vouch for the log: tokens of time-stamping authorities, cosignatures of witnesses. */
  readonly anchors: readonly string[];
  readonly checkpoint: string;
}

/** Who signs what is appended. */
export interface LedgerSigners {
  readonly log: Signer;
  readonly actor: Signer;
  /** Recipients of the events object: the `evidence` compartment. */
  readonly eventRecipients: readonly string[];
  /** Asked before each try, when the log is read as far as it goes: where it says so, nothing is appended. */
  readonly unless?: () => Promise<boolean>;
}

/**
 * The log of one case, read from its commits. Every entry is verified as it is read. Appending creates the object
 * `log/commit/SIZE`: whoever creates it first has decided; the loser reads on and tries again after it.
 */
export class Ledger {
  readonly origin: string;
  readonly entries: LoggedEntry[] = [];
  readonly segments: LoggedSegment[] = [];
  readonly commits: LoggedCommit[] = [];
  readonly objects: Map<string, CommitObject> = new Map();
  /** What was expunged or sealed anew so far. */
  readonly rewrites: Rewrites = new Rewrites();
  /** The keys that sign it, one after the other. */
  readonly keys: LogKeys;
  readonly #vault: Vault;
  readonly #walk: LogWalk;
  readonly #verify: VerifySignature;
  readonly #segmentLabels = new Set<string>();
  /** What is published of the log; see `publish`. */
  readonly view: LogView;
  #unpublished: CustodyError | null = null;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(vault: Vault, logKey: VerifierKey) {
    this.#vault = vault;
    this.keys = new LogKeys(logKey);
    this.#verify = verifyEd25519;
    this.origin = logKey.name;
    this.#walk = new LogWalk({ origin: logKey.name, verify: this.#verify });
    this.view = new LogView(vault, this.keys);
  }

  /** Reads and verifies all commits. Throws IntegrityError where one does not verify under `logKey`. */
  static async open(vault: Vault, logKey: VerifierKey): Promise<Ledger> {
    const ledger = new Ledger(vault, logKey);
    await ledger.refresh();
    return ledger;
  }

  get size(): number {
    return this.#walk.size;
  }

  /** Leaves of all segments so far. */
  get leaves(): number {
    return this.#walk.leaves;
  }

  root(): Uint8Array {
    return this.#walk.root();
  }

  /** The newest signed checkpoint, as a note; null for an empty log. */
  get checkpoint(): string | null {
    return this.commits.at(-1)?.checkpoint ?? null;
  }

  /** Why the newest commit is not published yet, or null: the store was away. The next commit, or `resume`, publishes it. */
  get unpublished(): CustodyError | null {
    return this.#unpublished;
  }

  /** Reads commits that others added since. Takes turns with other calls and with `append`: no commit is taken twice. */
  refresh(): Promise<void> {
    const done = this.#queue.then(() => this.#refresh());
    this.#queue = done.catch(() => {});
    return done;
  }

  async #refresh(): Promise<void> {
    for (;;) {
      const name = commitName(this.size);
      if ((await this.#vault.info(name)) === null) return;
      const bytes = await this.#vault.read(name);
      try {
        this.#take(bytes);
      } catch (error) {
        throw error instanceof CustodyError ? brokenCommit(error, name) : error;
      }
      await this.#readStatements();
    }
  }

  /**
   * Appends events in one commit and makes `objects` (stored and read back by the caller) part of the case. Resolves
   * once the commit is durable: from here on everything in it counts. Calls of one process take turns.
   */
  append(
    drafts: readonly EventDraft[],
    objects: readonly CommitObject[],
    signers: LedgerSigners,
  ): Promise<readonly LoggedEntry[]> {
    const done = this.#queue.then(() => this.#append(drafts, objects, signers));
    this.#queue = done.catch(() => {});
    return done;
  }

  /** Makes again what is missing of the published view (C2SP tiles and checkpoint). Resolves to how many objects it made. */
  async restoreView(): Promise<number> {
    await this.view.look(() => this.refresh());
    return this.view.restore(this);
  }

  /**
   * Publishes the stored commits. They count already, so a store that is away now is no failure of theirs. Whoever commits
   * beside us may have published a newer checkpoint before ours took its place: a commit after ours is looked for, and
   * since the last one to publish looks last, the newest checkpoint stays.
   */
  async #publish(): Promise<void> {
    try {
      for (;;) {
        const { size } = this;
        await this.view.publish(this);
        this.#unpublished = null;
        await this.#refresh();
        if (this.size === size) return;
      }
    } catch (error) {
      if (!(error instanceof CustodyError) || error.family === 'integrity') throw error;
      this.#unpublished = error;
    }
  }

  async #append(
    drafts: readonly EventDraft[],
    objects: readonly CommitObject[],
    signers: LedgerSigners,
  ): Promise<readonly LoggedEntry[]> {
    await this.view.look(() => this.#refresh());
    let wanted: readonly EventDraft[] = [];
    let events: CommitObject | null = null;
    for (;;) {
      const left = this.#notYetIn(drafts);
      if (left.length === 0 || (await signers.unless?.()) === true) return [];
      if (events === null || left.length !== wanted.length)
        events = await this.#storeEvents(left, signers.eventRecipients);
      wanted = left;
      this.#requireTurn(signers.log);
      const size = this.size;
      const fresh = objects.filter((object) => !this.objects.has(object.name));
      const bytes = this.#encode(wanted, [...fresh, events], signers);
      if (await this.#decide(commitName(size), bytes)) {
        this.#take(bytes);
        const added = this.entries.slice(size);
        await this.#readStatements();
        await this.#publish();
        return added;
      }
      await this.#refresh();
    }
  }

  #requireTurn({ publicKey }: Signer): void {
    if (equalBytes(publicKey, this.keys.current.publicKey)) return;
    throw new UnavailableError('LOG_KEY_SUCCEEDED', 'the log has another key by now: run the command again');
  }

  /** Two runs of one derivation build the same segments: what another one committed first is not committed again. */
  #notYetIn(drafts: readonly EventDraft[]): readonly EventDraft[] {
    return drafts.filter(({ segment }) => segment === undefined || !this.#segmentLabels.has(segmentLabel(segment)));
  }

  /** True where the commit stored under this name is ours. */
  async #decide(name: string, bytes: Uint8Array): Promise<boolean> {
    try {
      if ((await this.#vault.create(name, bytes)) === 'created') return true;
    } catch (error) {
      // The answer is lost, not necessarily the write: what stands there decides.
      if (!(error instanceof UnavailableError) || (await this.#vault.info(name)) === null) throw error;
    }
    return equalBytes(await this.#vault.read(name), bytes);
  }

  async #storeEvents(drafts: readonly EventDraft[], recipients: readonly string[]): Promise<CommitObject> {
    // A random name: no two writers ever want the same one.
    const name = eventsName(hexEncode(randomBytes(16)));
    return storeObject(this.#vault, name, seal(encodeOpenings(drafts), recipients));
  }

  #encode(drafts: readonly EventDraft[], objects: readonly CommitObject[], signers: LedgerSigners): Uint8Array {
    const ahead = this.#walk.fork();
    const entries = drafts.map((draft) => {
      const clear =
        draft.segment === undefined ? new Uint8Array(0) : encodeSegmentClear({ ...draft.segment, first: ahead.leaves });
      const { kind, time, fieldsRoot } = draft;
      const body = { kind, time, fieldsRoot, clear, previous: ahead.previous, actor: signers.actor.publicKey };
      const entry = signEntry(body, this.origin, signers.actor);
      ahead.add(entry);
      return entry;
    });
    const text = encodeCheckpoint({ origin: this.origin, size: BigInt(ahead.size), root: ahead.root() });
    const checkpoint = signNote(text, this.origin, signers.log);
    return encodeCommit({ size: this.size, entries, objects, checkpoint }, this.origin, signers.log);
  }

  #take(bytes: Uint8Array): void {
    const commit = verifyCommit(bytes, { walk: this.#walk, logKey: this.keys.current, verify: this.#verify });
    for (const entry of commit.logged) {
      this.entries.push(entry);
      this.view.add(entry.leafHash);
      if (entry.segment !== undefined) {
        this.segments.push({ ...entry.segment, entry: entry.index, ordinal: this.segments.length });
        this.#segmentLabels.add(segmentLabel(entry.segment));
      }
    }
    this.#takeObjects(commit);
  }

  #takeObjects(commit: VerifiedCommit): void {
    let events: string | null = null;
    let rewrite: string | null = null;
    let succession: string | null = null;
    const anchors: string[] = [];
    for (const object of commit.objects) {
      if (this.objects.has(object.name)) {
        throw broken('OBJECT_ALTERED', `the object ${object.name} is named by two commits`, { name: object.name });
      }
      this.objects.set(object.name, object);
      if (object.name.startsWith('events/')) events = object.name;
      if (object.name.startsWith(REWRITE_PREFIX)) rewrite = object.name;
      if (object.name.startsWith(SUCCESSION_PREFIX)) succession = object.name;
      if (object.name.startsWith(ANCHOR_PREFIX)) anchors.push(object.name);
    }
    this.commits.push({
      objects: commit.objects.map(({ name }) => name),
      size: commit.size,
      entries: commit.logged,
      events,
      rewrite,
      succession,
      anchors,
      checkpoint: commit.checkpoint,
    });
  }

  /** What the newest commit says is gone or elsewhere: nobody reads on without knowing it. */
  async #readStatements(): Promise<void> {
    const { rewrite, succession, entries } = this.commits.at(-1) as LoggedCommit;
    if (succession !== null) {
      this.keys.succeed(await readCommitted(this.#vault, this, succession), this.size, this.#verify);
    }
    if (rewrite === null) return;
    const entry = entries.find(({ kind }) => kind === 'expunge' || kind === 'dispose');
    if (entry === undefined) throw broken('OBJECT_ALTERED', `${rewrite} belongs to no expunge or dispose entry`);
    this.rewrites.add(entry.index, readStatement(await readCommitted(this.#vault, this, rewrite)));
  }
}

/** Stores an object and reads it back: a commit only ever names bytes that were seen on the store. */
export async function storeObject(vault: Vault, name: string, bytes: Uint8Array): Promise<CommitObject> {
  await vault.create(name, bytes);
  return readBack(vault, name, bytes);
}

/** Reads a stored object and describes it for a commit. Throws IntegrityError READ_BACK_MISMATCH unless it is `bytes`. */
export async function readBack(vault: Vault, name: string, bytes: Uint8Array): Promise<CommitObject> {
  // Byte against byte is more than hash against hash, and half the work.
  const isThere = (await vault.holds?.(name, bytes)) ?? Buffer.compare(await vault.read(name), bytes) === 0;
  if (!isThere) {
    throw broken('READ_BACK_MISMATCH', `${name} was stored but reads back differently: check the medium`, { name });
  }
  return { name, length: bytes.length, sha256: sha256(bytes) };
}

/** True for names of commits: a number has one spelling, or a foreign object would pass for a commit that was read. */
export function isCommitName(name: string): boolean {
  return name.startsWith(COMMIT_PREFIX) && /^(?:0|[1-9]\d*)$/.test(name.slice(COMMIT_PREFIX.length));
}

/** Whatever does not fit in a stored commit, even its form, breaks the log; the error says which file it stands in. */
function brokenCommit(error: CustodyError, name: string): IntegrityError {
  const detail = { ...error.detail, name };
  return new IntegrityError(error.code, `${name}: ${error.message}`, { cause: error, detail });
}
