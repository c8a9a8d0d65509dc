import { createHash, randomBytes } from 'node:crypto';
import { equalBytes, utf8Decode, utf8Encode } from '@custody/bytes';
import { readCheckpoint, readNote } from '@custody/chain';
import type { Vault } from '@custody/vault';

/** The newest checkpoint of one log that a witness cosigned. */
export interface Witnessed {
  /** Number of this record; the next one has the next. */
  readonly record: number;
  readonly size: bigint;
  readonly root: Uint8Array;
}

/** Contradictions kept of one log; who makes them holds its key, so this bounds what that person can fill. */
const CONFLICTS_MAX = 100;

/**
 * What a witness cosigned, one object a checkpoint, never replaced: `seen/LOG/NUMBER`. Whoever creates the next number has
 * decided, so two processes on one store cannot sign two histories, and no answer leaves before it is durable.
 */
export class WitnessMemory {
  readonly #vault: Vault;
  readonly #latest = new Map<string, Witnessed>();

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  /** The newest checkpoint of that log; null for a log never seen. */
  async latest(origin: string): Promise<Witnessed | null> {
    const folder = folderOf(origin);
    let found = this.#latest.get(origin) ?? null;
    if (found === null) {
      let last = 0;
      for await (const { name } of this.#vault.list(`seen/${folder}/`)) last = Math.max(last, Number(name.slice(-12)));
      if (last === 0) return null;
      found = await this.#read(folder, last);
    }
    // Another process may have gone on.
    while ((await this.#vault.info(nameOf(folder, found.record + 1))) !== null) {
      found = await this.#read(folder, found.record + 1);
    }
    this.#latest.set(origin, found);
    return found;
  }

  /** Records the next checkpoint after `before`. False where another process was first. */
  async record(origin: string, before: Witnessed | null, note: string): Promise<boolean> {
    const bytes = utf8Encode(note);
    const name = nameOf(folderOf(origin), (before?.record ?? 0) + 1);
    if ((await this.#vault.create(name, bytes)) === 'created') return true;
    return equalBytes(await this.#vault.read(name), bytes);
  }

  /** Keeps a signed checkpoint that contradicts what was cosigned: with the one cosigned it proves that the log lied. */
  async keepConflict(origin: string, note: string): Promise<void> {
    const prefix = `conflicts/${folderOf(origin)}/`;
    let count = 0;
    for await (const _ of this.#vault.list(prefix)) count++;
    if (count < CONFLICTS_MAX) await this.#vault.create(`${prefix}${randomBytes(8).toString('hex')}`, utf8Encode(note));
  }

  async #read(folder: string, record: number): Promise<Witnessed> {
    const note = utf8Decode(await this.#vault.read(nameOf(folder, record)));
    const { size, root } = readCheckpoint(readNote(note).text);
    return { record, size, root };
  }
}

function folderOf(origin: string): string {
  return createHash('sha256').update(origin).digest('hex');
}

function nameOf(folder: string, record: number): string {
  return `seen/${folder}/${String(record).padStart(12, '0')}`;
}
