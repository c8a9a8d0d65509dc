import type { CborValue } from '@custody/bytes';
import type { Finding, Instant } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { XmlElement } from './xml-element.ts';

/** What a container says about a record, before its stanza is understood. */
export interface ArchiveRecord {
  /** message: a stanza; contact: an entry of a roster; card: a vCard; account: somebody registered; other: not decoded. */
  readonly what: 'message' | 'contact' | 'card' | 'account' | 'other';
  /** Bare JID whose archive this is. */
  readonly owner: string | null;
  readonly archiveId: string | null;
  /** When the server stored it. */
  readonly stored: Instant | null;
  /** A second clock, where the store has one. */
  readonly created?: Instant | null;
  readonly stanza: XmlElement | null;
  /** The other party as the store, and not the stanza, names it. */
  readonly peer: string | null;
  /** What an `other` record is, in words, or the name of a contact. */
  readonly name: string;
  readonly fields: readonly (readonly [string, CborValue])[];
  /** True where the record holds a password or what replaces it, which is not decoded. */
  readonly credential?: boolean;
}

/** Records of a file, in its order: typed arrays, as there may be millions. */
export interface RecordList {
  readonly offsets: Float64Array;
  readonly lengths: Uint32Array;
  /** Place in `Scan.contexts`. */
  readonly contexts: Uint32Array;
}

export interface Scan {
  readonly records: RecordList;
  /** What records need to be read by themselves; survives structured cloning. */
  readonly contexts: readonly unknown[];
  readonly findings: readonly Finding[];
}

/** One way in which servers keep or export archives. */
export interface Container {
  scan(file: { name: string; source: ByteSource }, progress?: (done: number) => void): Scan;
  /** Reads one record again. Throws XmlRefused, with a reason in words, where it cannot be read. */
  read(bytes: Uint8Array, context: unknown): ArchiveRecord;
}

/** Grows with the file; cut into units later. */
export class RecordBuilder {
  #offsets = new Float64Array(1024);
  #lengths = new Uint32Array(1024);
  #contexts = new Uint32Array(1024);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(offset: number, length: number, context: number): void {
    if (this.#count === this.#offsets.length) this.#grow();
    this.#offsets[this.#count] = offset;
    this.#lengths[this.#count] = length;
    this.#contexts[this.#count++] = context;
  }

  list(): RecordList {
    return {
      offsets: this.#offsets.subarray(0, this.#count),
      lengths: this.#lengths.subarray(0, this.#count),
      contexts: this.#contexts.subarray(0, this.#count),
    };
  }

  #grow(): void {
    const size = this.#offsets.length * 2;
    const [offsets, lengths, contexts] = [new Float64Array(size), new Uint32Array(size), new Uint32Array(size)];
    offsets.set(this.#offsets);
    lengths.set(this.#lengths);
    contexts.set(this.#contexts);
    this.#offsets = offsets;
    this.#lengths = lengths;
    this.#contexts = contexts;
  }
}
