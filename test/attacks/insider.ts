import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPerson, openCase, type Person } from '@custody/case';
import {
  type CommitObject,
  type EntryBody,
  encodeCheckpoint,
  encodeCommit,
  leafHash,
  type Signer,
  signEntry,
  signNote,
  treeHash,
} from '@custody/chain';
import { draftEvent, type Ledger } from '@custody/segment';
import { openLogSigner } from '../../packages/case/src/case-keys.ts';

/** Somebody with the disk, their own identity and the log's signing key: the strongest attacker there is. */
export class Insider {
  readonly lane: string;
  readonly ledger: Ledger;
  readonly log: Signer;
  readonly person: Person;

  private constructor(lane: string, parts: { ledger: Ledger; log: Signer; person: Person }) {
    this.lane = lane;
    this.ledger = parts.ledger;
    this.log = parts.log;
    this.person = parts.person;
  }

  static async at(lane: string, identity: string): Promise<Insider> {
    const person = await loadPerson(identity);
    const opened = await openCase(lane, { person });
    return new Insider(lane, {
      ledger: opened.ledger,
      log: await openLogSigner(opened.vault, opened.ledger, opened.held),
      person,
    });
  }

  /** The same with another signing key of the log. */
  with(log: Signer): Insider {
    return new Insider(this.lane, { ledger: this.ledger, log, person: this.person });
  }

  path(name: string): string {
    return join(this.lane, name);
  }

  read(name: string): Buffer {
    return readFileSync(this.path(name));
  }

  /** Stored files are read-only. */
  put(name: string, bytes: Uint8Array | string | null): void {
    rmSync(this.path(name), { force: true });
    if (bytes !== null) writeFileSync(this.path(name), bytes);
  }

  /** Takes the published view away, which would show a log that was cut or exchanged. */
  unpublish(): void {
    rmSync(this.path('log/tile'), { recursive: true, force: true });
    rmSync(this.path('log/checkpoint'), { force: true });
  }

  /** The sizes at which commits begin, in order. */
  get sizes(): number[] {
    return this.ledger.commits.map((commit) => commit.size);
  }

  /** An entry that follows the log's last one, signed by the insider; each part may be false. */
  entry(more: Partial<EntryBody> & { readonly origin?: string; readonly signer?: Signer } = {}): Uint8Array {
    const { origin = this.ledger.origin, signer = this.person.signer, ...body } = more;
    const { fieldsRoot } = draftEvent('access', { reason: 'invented' }, { time: 0 });
    const previous = this.ledger.entries.at(-1)?.leafHash as Uint8Array;
    const whole = { kind: 'access', previous, time: Date.now(), fieldsRoot, clear: new Uint8Array(0) } as const;
    return signEntry({ ...whole, actor: signer.publicKey, ...body }, origin, signer);
  }

  /** Signs and stores a commit at the end of the log, whatever it says. */
  commit(
    entries: readonly Uint8Array[],
    more: { readonly checkpoint?: string; readonly objects?: readonly CommitObject[]; readonly at?: number } = {},
  ): string {
    const size = more.at ?? this.ledger.size;
    const checkpoint = more.checkpoint ?? this.checkpoint(entries);
    const content = { size, entries, objects: more.objects ?? [], checkpoint };
    const name = `log/commit/${size}`;
    this.put(name, encodeCommit(content, this.ledger.origin, this.log));
    return name;
  }

  /** A signed checkpoint as it would be right after these entries. */
  checkpoint(entries: readonly Uint8Array[], more: { readonly origin?: string; readonly size?: number } = {}): string {
    const hashes = [...this.ledger.entries.map((entry) => entry.leafHash), ...entries.map((entry) => leafHash(entry))];
    const { origin = this.ledger.origin, size = hashes.length } = more;
    const text = encodeCheckpoint({ origin, size: BigInt(size), root: treeHash(Buffer.concat(hashes)) });
    return signNote(text, origin, this.log);
  }
}
