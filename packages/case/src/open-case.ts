import { type CborValue, equalBytes, utf8Decode } from '@custody/bytes';
import {
  type EntryKind,
  encodeVerifierKey,
  type LoggedEntry,
  readVerifierKey,
  type Signer,
  type VerifierKey,
} from '@custody/chain';
import {
  type CompartmentIdentities,
  draftEvent,
  type EventDraft,
  type EventValues,
  eventValues,
  FORMAT_NAME,
  Ledger,
  type LoggedCommit,
  readEvents,
  rewordedFields,
  STORE_FORMAT,
} from '@custody/segment';
import type { Vault } from '@custody/vault';
import { type HeldKeys, openCompartments, openLogSigner } from './case-keys.ts';
import { applyEvent, type CaseState, emptyState } from './case-state.ts';
import { usage } from './errors.ts';
import { openStore } from './open-store.ts';
import { loadPerson, type Person } from './person.ts';
import { machineOf, toolBuild } from './tool-build.ts';

export const VERIFIER_KEY_NAME = 'log/verifier-key';

export interface OpenOptions {
  /** Who acts; null opens without keys (verification only). Default: the identity file. */
  readonly person?: Person | null;
  /** The key that the reader trusts; without it the case's own statement is taken. */
  readonly verifierKey?: string;
}

/** An open case: its store, its log, what the log says, and what the acting person may open. */
export class Case {
  readonly vault: Vault;
  readonly ledger: Ledger;
  readonly state: CaseState = emptyState();
  readonly person: Person | null;
  #held: HeldKeys;
  readonly verifierKey: VerifierKey;
  #applied = 0;
  #applying: Promise<void> = Promise.resolve();
  #signer: Signer | null = null;
  /** Called once, before this case is first extended; what it throws keeps the case as it is. */
  beforeFirstAppend: (() => Promise<void>) | null = null;
  #guarded: Promise<void> | null = null;

  constructor(parts: {
    vault: Vault;
    ledger: Ledger;
    person: Person | null;
    held: HeldKeys;
    verifierKey: VerifierKey;
  }) {
    this.vault = parts.vault;
    this.ledger = parts.ledger;
    this.person = parts.person;
    this.#held = parts.held;
    this.verifierKey = parts.verifierKey;
  }

  /** What the acting person can open. */
  get held(): HeldKeys {
    return this.#held;
  }

  /** Opens the keys that were added since; a rotation gives a compartment another identity. */
  async refreshKeys(): Promise<void> {
    if (this.person !== null)
      this.#held = await openCompartments(this.vault, this.ledger.objects, this.person.identity);
  }

  get verifierKeyText(): string {
    return encodeVerifierKey(this.verifierKey);
  }

  /** Identities for content, as far as they are held. */
  get contentIdentities(): CompartmentIdentities {
    const out: Record<string, readonly string[]> = {};
    for (const name of ['evidence', 'withheld', 'privileged'] as const) {
      const identity = this.held[name];
      if (identity !== undefined) out[name] = identity.all;
    }
    return out;
  }

  /** Reads what others appended since. */
  async refresh(): Promise<void> {
    await this.ledger.refresh();
    await this.applyEvents();
  }

  /** Brings `state` up to the log. Needs `evidence`; without it the state stays empty. */
  applyEvents(): Promise<void> {
    const done = this.#applying.then(() => this.#applyEvents());
    this.#applying = done.catch(() => {});
    return done;
  }

  async #applyEvents(): Promise<void> {
    const identity = this.held.evidence;
    for (; this.#applied < this.ledger.commits.length; this.#applied++) {
      const commit = this.ledger.commits[this.#applied] as LoggedCommit;
      if (identity === undefined || commit.entries.every((entry) => entry.kind === 'segment')) continue;
      for (const { entry, values } of await this.openEvents(commit)) applyEvent(this.state, entry, values);
    }
  }

  /** The opened events of a commit. */
  async openEvents(
    commit: LoggedCommit,
  ): Promise<{ entry: LoggedEntry; values: EventValues; expunged: readonly string[] }[]> {
    if (commit.events === null || this.held.evidence === undefined) return [];
    const identities = this.held.evidence.all;
    const openings = await readEvents(this.vault, this.ledger, { commit, identities });
    return commit.entries.map((entry, i) => {
      const fields = openings[i] ?? [];
      return { entry, values: eventValues(fields), expunged: rewordedFields(fields) };
    });
  }

  /** A draft with actor and tool filled in. */
  draft(kind: EntryKind, values: EventValues, segment?: EventDraft['segment']): EventDraft {
    const person = this.requirePerson();
    const actor = new Map<string, CborValue>([['name', person.name]]);
    if (person.role !== null) actor.set('role', person.role);
    if (person.organisation !== null) actor.set('organisation', person.organisation);
    const full = {
      actor,
      tool: new Map(Object.entries({ ...toolBuild(), ...machineOf() })),
      ...values,
    };
    return draftEvent(kind, full, { time: Date.now(), ...(segment === undefined ? {} : { segment }) });
  }

  /** The signer whose turn it is: opened once, and again after a succession. */
  async #logSigner(): Promise<Signer> {
    const { current } = this.ledger.keys;
    if (this.#signer !== null && equalBytes(this.#signer.publicKey, current.publicKey)) return this.#signer;
    this.#signer = await openLogSigner(this.vault, this.ledger, this.held);
    return this.#signer;
  }

  /** Does it once more with the new key where the log was given another one meanwhile. */
  async #signed<T>(work: (log: Signer) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#logSigner());
    } catch (error) {
      if ((error as { code?: string }).code !== 'LOG_KEY_SUCCEEDED') throw error;
      return work(await this.#logSigner());
    }
  }

  /**
   * Appends events and applies them. `unless` is asked once the state is as new as the log that is appended to: where it
   * says so, nothing is appended. Throws UsageError NO_RIGHTS for who may not append.
   */
  async append(
    drafts: readonly EventDraft[],
    objects: Parameters<Ledger['append']>[1] = [],
    { unless }: { readonly unless?: () => boolean } = {},
  ): Promise<readonly LoggedEntry[]> {
    await this.#logSigner();
    this.#guarded ??= this.beforeFirstAppend?.() ?? Promise.resolve();
    await this.#guarded;
    const keys = this.state.keys;
    if (keys === null) throw usage('NO_RIGHTS', 'you do not hold the compartment "evidence" of this case');
    const terms = {
      actor: this.requirePerson().signer,
      eventRecipients: [keys.evidence.recipient],
      ...(unless && { unless: async () => this.applyEvents().then(unless) }),
    };
    const entries = await this.#signed((log) => this.ledger.append(drafts, objects, { ...terms, log }));
    await this.applyEvents();
    return entries;
  }

  requirePerson(): Person {
    if (this.person === null)
      throw usage('NO_RIGHTS', 'this needs an identity: set CUSTODY_IDENTITY or run "custody operator"');
    return this.person;
  }

  /** Checkpoint of the contract: origin, size, base64 root. */
  checkpointJson(): { origin: string; size: number; root: string } {
    return {
      origin: this.ledger.origin,
      size: this.ledger.size,
      root: Buffer.from(this.ledger.root()).toString('base64'),
    };
  }
}

/** Opens a case at a directory or `s3://bucket/prefix`. Throws UsageError NOT_A_CASE, STORE_VERSION_UNKNOWN. */
export async function openCase(location: string, options: OpenOptions = {}): Promise<Case> {
  const vault = await openStore(location);
  await checkFormat(vault);
  const person = options.person === undefined ? await loadPerson() : options.person;
  const ledger = await openLedger(vault, options.verifierKey);
  const held = person === null ? {} : await openCompartments(vault, ledger.objects, person.identity);
  const opened = new Case({ vault, ledger, person, held, verifierKey: ledger.keys.first });
  await opened.applyEvents();
  return opened;
}

/**
 * Opens the log under the key that the reader pinned. That may be its first key, which signed over to the later ones, or
 * the newest: what it signed binds everything before. Without one the case's own statement is taken.
 */
export async function openLedger(vault: Vault, pinned?: string): Promise<Ledger> {
  const stated = readVerifierKey(utf8Decode(await vault.read(VERIFIER_KEY_NAME)).trim());
  if (pinned === undefined) return Ledger.open(vault, stated);
  const trusted = readVerifierKey(pinned);
  if (encodeVerifierKey(trusted) !== encodeVerifierKey(stated)) {
    const ledger = await Ledger.open(vault, stated).catch(() => null);
    if (ledger !== null && encodeVerifierKey(ledger.keys.current) === encodeVerifierKey(trusted)) return ledger;
  }
  return Ledger.open(vault, trusted);
}

async function checkFormat(vault: Vault): Promise<void> {
  if ((await vault.info(FORMAT_NAME)) === null) {
    throw usage(
      'NOT_A_CASE',
      `${vault.location} is not a custody case: "custody init --case ${vault.location}" makes one`,
    );
  }
  const format = utf8Decode(await vault.read(FORMAT_NAME));
  if (format !== STORE_FORMAT) {
    throw usage(
      'STORE_VERSION_UNKNOWN',
      `${vault.location} has the store format ${JSON.stringify(format.slice(0, 60))}; this build reads ${JSON.stringify(STORE_FORMAT)}. The object "format" was altered, or a newer custody wrote it`,
    );
  }
}
