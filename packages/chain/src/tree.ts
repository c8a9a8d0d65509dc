/**
 * The RFC 6962 tree over flat buffers of 32-byte hashes, level by level. An odd last node is carried up unchanged,
 * which is the same tree as "split at the largest power of two below n" (RFC 6962 2.1).
 *
 * `hashes` always means leaf hashes laid end to end. Counts are numbers where an array in memory bounds them and
 * bigints where they come from text or from a log that somebody else wrote.
 */
import { digestPairs, sha256 } from '@custody/bytes';
import { copyBytes } from './copy-bytes.ts';
import { usageError } from './errors.ts';

export const HASH_LENGTH = 32;
const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;

/** `H(0x00 || data)`, the hash of one leaf (RFC 6962 2.1). */
export function leafHash(data: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + data.length);
  input[0] = LEAF_PREFIX;
  input.set(data, 1);
  return sha256(input);
}

/** `H(0x01 || left || right)`, the hash of an inner node (RFC 6962 2.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + left.length + right.length);
  input[0] = NODE_PREFIX;
  input.set(left, 1);
  input.set(right, 1 + left.length);
  return sha256(input);
}

/** Root over `hashes` (n*32 bytes, n may be 0: then `H("")`). */
export function treeHash(hashes: Uint8Array): Uint8Array {
  let count = countOf(hashes);
  if (count === 0) return sha256(new Uint8Array(0));
  let level = hashes;
  while (count > 1) {
    level = parents(level, count);
    count = (count + 1) >>> 1;
  }
  return copyBytes(level, 0, HASH_LENGTH);
}

/** All levels from the leaves (level 0) to the root, for taking many proofs from one tree. */
export function treeLevels(hashes: Uint8Array): Uint8Array[] {
  const levels = [hashes];
  for (let count = countOf(hashes); count > 1; count = (count + 1) >>> 1) {
    levels.push(parents(levels[levels.length - 1] as Uint8Array, count));
  }
  return levels;
}

/** Audit path of leaf `index`, leaf side first (RFC 6962 2.1.1). Throws a UsageError when there is no such leaf. */
export function inclusionProof(hashes: Uint8Array, index: number): Uint8Array[] {
  return inclusionProofIn(treeLevels(hashes), index);
}

/** As `inclusionProof`, from levels made once by `treeLevels`. */
export function inclusionProofIn(levels: readonly Uint8Array[], index: number): Uint8Array[] {
  requireIndex(index, countOf(levels[0] as Uint8Array));
  const proof: Uint8Array[] = [];
  let at = index;
  for (const level of levels) {
    const sibling = at ^ 1;
    // No sibling: this node is the odd one at the ragged edge and is carried up.
    if ((sibling + 1) * HASH_LENGTH <= level.length) proof.push(hashAt(level, sibling));
    at >>>= 1;
  }
  return proof;
}

/** Proof that the tree over the first `size1` leaves is a prefix of the tree over the first `size2` (RFC 6962 2.1.2). */
export function consistencyProof(hashes: Uint8Array, size1: number, size2: number): Uint8Array[] {
  const count = countOf(hashes);
  if (!(size1 >= 1 && size1 <= size2 && size2 <= count)) {
    throw usageError(`a consistency proof needs 1 <= size1 <= size2 <= ${count}; asked for ${size1} and ${size2}`);
  }
  const levels = treeLevels(hashes.subarray(0, size2 * HASH_LENGTH));
  const proof: Uint8Array[] = [];
  let low = 0;
  let high = size2;
  // SUBPROOF of RFC 6962 2.1.2 as a loop: walk down to where the old tree ends, noting the other side each time.
  while (size1 !== high) {
    const split = low + largestPowerBelow(high - low);
    if (size1 <= split) {
      proof.push(rangeHash(levels, split, high));
      high = split;
    } else {
      proof.push(rangeHash(levels, low, split));
      low = split;
    }
  }
  // The old root itself is known to the verifier; an inner old subtree is not.
  if (low !== 0) proof.push(rangeHash(levels, low, high));
  return proof.reverse();
}

function parents(level: Uint8Array, count: number): Uint8Array {
  const pairs = count >>> 1;
  const out = new Uint8Array(((count + 1) >>> 1) * HASH_LENGTH);
  digestPairs(NODE_PREFIX, level.subarray(0, pairs * 2 * HASH_LENGTH), out);
  if (count % 2 === 1) out.set(level.subarray((count - 1) * HASH_LENGTH, count * HASH_LENGTH), pairs * HASH_LENGTH);
  return out;
}

/** Root of leaves [low, high) where that range is a node of the tree the levels were made from. */
function rangeHash(levels: readonly Uint8Array[], low: number, high: number): Uint8Array {
  let depth = 0;
  while (2 ** depth < high - low) depth++;
  return hashAt(levels[depth] as Uint8Array, low / 2 ** depth);
}

function hashAt(level: Uint8Array, index: number): Uint8Array {
  return copyBytes(level, index * HASH_LENGTH, (index + 1) * HASH_LENGTH);
}

function largestPowerBelow(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}

function countOf(hashes: Uint8Array): number {
  if (hashes.length % HASH_LENGTH !== 0)
    throw usageError(`hashes must be a multiple of 32 bytes, not ${hashes.length}`);
  return hashes.length / HASH_LENGTH;
}

function requireIndex(index: number, count: number): void {
  if (!Number.isSafeInteger(index) || index < 0 || index >= count) {
    throw usageError(`there is no leaf ${index} in a tree of ${count}`);
  }
}
