/**
 * Checking proofs that somebody else made (RFC 9162 2.1.3.2 and 2.1.4.2). Every input is untrusted: sizes are bigints
 * because JSON and JavaScript numbers round above 2^53, and a proof has to have exactly the length its sizes demand.
 */
import { equalBytes } from '@custody/bytes';
import { integrityError } from './errors.ts';
import { HASH_LENGTH, nodeHash } from './tree.ts';

/** Sizes from 2^63 on are not trees anybody can have; C2SP sizes are 63-bit. */
const SIZE_LIMIT = 1n << 63n;

/** Where a leaf is said to be, and the path that should show it. */
export interface InclusionClaim {
  readonly index: bigint;
  readonly size: bigint;
  readonly leafHash: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Two states of one tree, and the proof that the second extends the first. */
export interface ConsistencyClaim {
  readonly size1: bigint;
  readonly size2: bigint;
  readonly root1: Uint8Array;
  readonly root2: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** The root that the path leads to. Throws INCLUSION_PROOF_INVALID when it has not the length or form it must have. */
export function rootFromInclusion(claim: InclusionClaim): Uint8Array {
  const { index, size, proof } = claim;
  if (index < 0n || size >= SIZE_LIMIT || index >= size) throw badInclusion(claim, 'the position is outside the tree');
  requireHashes([claim.leafHash, ...proof], () => badInclusion(claim, 'a hash is not 32 bytes long'));
  let root = claim.leafHash;
  let first = index;
  let last = size - 1n;
  for (const hash of proof) {
    if (last === 0n) throw badInclusion(claim, 'the proof is too long');
    if (first % 2n === 1n || first === last) {
      root = nodeHash(hash, root);
      while (first % 2n === 0n && first !== 0n) {
        first >>= 1n;
        last >>= 1n;
      }
    } else {
      root = nodeHash(root, hash);
    }
    first >>= 1n;
    last >>= 1n;
  }
  if (last !== 0n) throw badInclusion(claim, 'the proof is too short');
  return root;
}

/** Throws INCLUSION_PROOF_INVALID unless the path leads to `root`. */
export function verifyInclusion(claim: InclusionClaim & { readonly root: Uint8Array }): void {
  const found = rootFromInclusion(claim);
  if (!equalBytes(found, claim.root)) throw badInclusion(claim, 'the path leads to another root');
}

/**
 * Throws CONSISTENCY_PROOF_INVALID unless the tree of `size2` begins with the tree of `size1`. An empty first tree is
 * refused: whoever has seen nothing of a log yet has nothing to compare, and must not take a pass here for a proof.
 */
export function verifyConsistency(claim: ConsistencyClaim): void {
  const { size1, size2, root1, root2, proof } = claim;
  if (size1 < 0n || size1 > size2 || size2 >= SIZE_LIMIT) throw badConsistency(claim, 'the sizes are not in order');
  if (size1 === 0n) throw badConsistency(claim, 'every log extends the empty one, so this would prove nothing');
  if (size1 === size2) {
    verifySame(claim);
    return;
  }
  requireHashes([root1, root2, ...proof], () => badConsistency(claim, 'a hash is not 32 bytes long'));
  let first = size1 - 1n;
  let last = size2 - 1n;
  while (first % 2n === 1n) {
    first >>= 1n;
    last >>= 1n;
  }
  // A first tree that is a whole subtree of the second is not repeated in the proof (RFC 9162 2.1.4.2, step 2).
  const path = isPowerOfTwo(size1) ? [root1, ...proof] : proof;
  if (proof.length === 0 || path.length === 0) throw badConsistency(claim, 'the proof is empty');
  const roots = climb(path, { first, last }, claim);
  if (!equalBytes(roots.old, root1)) throw badConsistency(claim, 'it does not lead to the earlier root');
  if (!equalBytes(roots.now, root2)) throw badConsistency(claim, 'it does not lead to the later root');
}

function climb(
  path: readonly Uint8Array[],
  from: { first: bigint; last: bigint },
  claim: ConsistencyClaim,
): { old: Uint8Array; now: Uint8Array } {
  let { first, last } = from;
  let old = path[0] as Uint8Array;
  let now = old;
  for (const hash of path.slice(1)) {
    if (last === 0n) throw badConsistency(claim, 'the proof is too long');
    if (first % 2n === 1n || first === last) {
      old = nodeHash(hash, old);
      now = nodeHash(hash, now);
      while (first % 2n === 0n && first !== 0n) {
        first >>= 1n;
        last >>= 1n;
      }
    } else {
      now = nodeHash(now, hash);
    }
    first >>= 1n;
    last >>= 1n;
  }
  if (last !== 0n) throw badConsistency(claim, 'the proof is too short');
  return { old, now };
}

/** Equal sizes: nothing to prove, so the proof has to be empty and the roots the same. */
function verifySame(claim: ConsistencyClaim): void {
  if (claim.proof.length !== 0) throw badConsistency(claim, 'the proof should be empty');
  if (!equalBytes(claim.root1, claim.root2)) throw badConsistency(claim, 'two different roots are given for one size');
}

function requireHashes(hashes: readonly Uint8Array[], fail: () => Error): void {
  // 63 levels on each side is the most a 63-bit tree can need.
  if (hashes.length > 130) throw fail();
  for (const hash of hashes) if (hash.length !== HASH_LENGTH) throw fail();
}

function isPowerOfTwo(n: bigint): boolean {
  return (n & (n - 1n)) === 0n;
}

function badInclusion(claim: InclusionClaim, why: string): Error {
  return integrityError(
    'INCLUSION_PROOF_INVALID',
    `the proof does not show entry ${claim.index} in the log of ${claim.size}: ${why}`,
    { index: claim.index.toString(), size: claim.size.toString(), hashes: claim.proof.length },
  );
}

function badConsistency(claim: ConsistencyClaim, why: string): Error {
  return integrityError(
    'CONSISTENCY_PROOF_INVALID',
    `the proof does not show that the log of ${claim.size2} extends the log of ${claim.size1}: ${why}`,
    { size1: claim.size1.toString(), size2: claim.size2.toString(), hashes: claim.proof.length },
  );
}
