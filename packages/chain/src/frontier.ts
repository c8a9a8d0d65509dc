import { sha256 } from '@custody/bytes';
import { copyBytes } from './copy-bytes.ts';
import { HASH_LENGTH, nodeHash } from './tree.ts';

/**
 * The right edge of a growing RFC 6962 tree: one hash for each bit set in the size. Appends and roots cost O(log n) and
 * no more memory than that, so a log of any length is verified as it streams by.
 */
export class TreeFrontier {
  /** Roots of the complete subtrees, largest first. */
  #peaks: Uint8Array[] = [];
  #size = 0;

  /** Number of leaves so far. */
  get size(): number {
    return this.#size;
  }

  /** Appends one leaf hash (32 bytes). */
  append(hash: Uint8Array): void {
    let node: Uint8Array = copyBytes(hash, 0, HASH_LENGTH);
    for (let rest = this.#size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      node = nodeHash(this.#peaks.pop() as Uint8Array, node);
    }
    this.#peaks.push(node);
    this.#size++;
  }

  /** Root over all leaves so far; `H("")` when there are none. */
  root(): Uint8Array {
    let root = this.#peaks[this.#peaks.length - 1];
    if (root === undefined) return sha256(new Uint8Array(0));
    for (let i = this.#peaks.length - 2; i >= 0; i--) root = nodeHash(this.#peaks[i] as Uint8Array, root);
    return copyBytes(root);
  }

  /** Takes on the state of another tree; the two stay independent. */
  become(other: TreeFrontier): void {
    this.#peaks = other.#peaks.slice();
    this.#size = other.#size;
  }
}
