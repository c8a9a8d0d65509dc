import { hexEncode } from '@custody/bytes';
import { copyBytes } from './copy-bytes.ts';
import { type Entry, NO_PREVIOUS, readEntry, verifyEntry } from './entry.ts';
import { integrityError } from './errors.ts';
import { TreeFrontier } from './frontier.ts';
import { readSegmentClear, type SegmentClear } from './segment-clear.ts';
import type { VerifySignature } from './signature-ports.ts';
import { leafHash } from './tree.ts';

/** An entry at its place in the log. */
export interface LoggedEntry extends Entry {
  /** Index in the log, from 0. */
  readonly index: number;
  readonly leafHash: Uint8Array;
  /** Of a `segment` entry. */
  readonly segment?: SegmentClear;
}

/**
 * Walks a log from its first entry and verifies each one as it comes: form, signature, order, and that the leaf
 * indexes are dense. Holds O(log n) memory. After it threw, its state is that before the offending entry.
 */
export class LogWalk {
  readonly origin: string;
  readonly #verify: VerifySignature;
  readonly #tree: TreeFrontier;
  #previous: Uint8Array = NO_PREVIOUS;
  #leaves = 0;

  constructor(log: { readonly origin: string; readonly verify: VerifySignature }) {
    this.origin = log.origin;
    this.#verify = log.verify;
    this.#tree = new TreeFrontier();
  }

  /** Entries so far, which is the index of the next one. */
  get size(): number {
    return this.#tree.size;
  }

  /** What the next entry has to name as `previous`. */
  get previous(): Uint8Array {
    return copyBytes(this.#previous);
  }

  /** Leaves of all segments so far, which is `first` of the next segment entry. */
  get leaves(): number {
    return this.#leaves;
  }

  /** Root of the log so far. */
  root(): Uint8Array {
    return this.#tree.root();
  }

  /** Throws ENTRY_MALFORMED, ENTRY_ORDER_BROKEN, ENTRY_SIGNATURE_INVALID or LEAF_INDEX_BROKEN. */
  add(bytes: Uint8Array): LoggedEntry {
    const entry = readEntry(bytes);
    verifyEntry(entry, { origin: this.origin, previous: this.#previous, verify: this.#verify });
    const segment = entry.kind === 'segment' ? this.#segmentOf(entry) : undefined;
    const hash = leafHash(bytes);
    const logged = { ...entry, index: this.#tree.size, leafHash: hash };
    this.#tree.append(hash);
    this.#previous = hash;
    this.#leaves += segment?.count ?? 0;
    return segment === undefined ? logged : { ...logged, segment };
  }

  /** A walk at the same place, to try entries on without moving this one. */
  fork(): LogWalk {
    const twin = new LogWalk({ origin: this.origin, verify: this.#verify });
    twin.#adopt(this);
    return twin;
  }

  /** Moves to where `other`, a fork of this walk, has got to. */
  advanceTo(other: LogWalk): void {
    this.#adopt(other);
  }

  #segmentOf(entry: Entry): SegmentClear {
    const segment = readSegmentClear(entry.clear);
    if (segment.first !== this.#leaves) {
      throw integrityError(
        'LEAF_INDEX_BROKEN',
        `the segment in entry ${this.size} begins at leaf ${segment.first}, but ${this.#leaves} leaves come before it`,
        { entry: this.size, stated: segment.first, counted: this.#leaves, root: hexEncode(segment.root) },
      );
    }
    if (segment.derive >= this.size) {
      throw integrityError(
        'LEAF_INDEX_BROKEN',
        `the segment in entry ${this.size} names a later entry as its derivation`,
        {
          entry: this.size,
          derive: segment.derive,
        },
      );
    }
    return segment;
  }

  #adopt(other: LogWalk): void {
    this.#tree.become(other.#tree);
    this.#previous = other.#previous;
    this.#leaves = other.#leaves;
  }
}
