/** C2SP tlog-proof: the proof that one entry is in a log, as a text to hand over. */
import { base64Decode, base64Encode } from '@custody/bytes';
import { matchCheckpoint, type VerifiedCheckpoint, verifyCheckpoint } from './checkpoint.ts';
import { formatError, usageError } from './errors.ts';
import type { VerifySignature } from './signature-ports.ts';
import { HASH_LENGTH } from './tree.ts';
import { rootFromInclusion } from './tree-proofs.ts';
import type { VerifierKey } from './verifier-key.ts';

export interface TlogProof {
  /** Index of the entry in the log. */
  readonly index: bigint;
  /** Audit path, 32 bytes each, leaf side first. */
  readonly hashes: readonly Uint8Array[];
  /** Signed note of the checkpoint that the path leads to. */
  readonly checkpoint: string;
  /** Bytes for the reader's use, not covered by the proof. */
  readonly extra?: Uint8Array;
}

const HEADER = 'c2sp.org/tlog-proof@v1';
const DECIMAL = /^(?:0|[1-9][0-9]{0,18})$/;
/** A path in a tree of 63-bit size. */
const HASHES_MAX = 63;
const TEXT_MAX = 1 << 20;

/** The text of a proof. */
export function encodeTlogProof({ index, hashes, checkpoint, extra }: TlogProof): string {
  if (index < 0n) throw usageError(`no entry has the index ${index}`);
  const lines = [HEADER];
  if (extra !== undefined) lines.push(`extra ${base64Encode(extra)}`);
  lines.push(`index ${index}`, ...hashes.map(base64Encode), '', checkpoint);
  return lines.join('\n');
}

/** A proof from its text; nothing is verified yet. Throws TLOG_PROOF_MALFORMED. */
export function readTlogProof(text: string): TlogProof {
  if (text.length > TEXT_MAX) throw malformed('it is too long');
  const split = text.indexOf('\n\n');
  if (split < 0) throw malformed('no empty line stands before the checkpoint');
  const lines = text.slice(0, split).split('\n', HASHES_MAX + 4);
  const checkpoint = text.slice(split + 2);
  if (lines.shift() !== HEADER) throw malformed(`it does not begin with ${HEADER}`);
  const extra = lines[0]?.startsWith('extra ') ? decode(lines.shift()?.slice(6) ?? '', 'extra line') : undefined;
  const indexText = lines.shift() ?? '';
  if (!indexText.startsWith('index ') || !DECIMAL.test(indexText.slice(6)))
    throw malformed('its index line is missing or no number');
  if (lines.length > HASHES_MAX) throw malformed(`it has more than ${HASHES_MAX} hashes`);
  const hashes = lines.map((line) => decode(line, 'hash'));
  if (hashes.some((hash) => hash.length !== HASH_LENGTH)) throw malformed('a hash has not 32 bytes');
  const proof = { index: BigInt(indexText.slice(6)), hashes, checkpoint };
  return extra === undefined ? proof : { ...proof, extra };
}

/**
 * Throws unless the entry with `leafHash` is at the proof's index under a checkpoint that the trusted log key signed:
 * what `verifyCheckpoint` throws, INCLUSION_PROOF_INVALID, CHECKPOINT_ROOT_MISMATCH.
 */
export function verifyTlogProof(
  proof: TlogProof,
  leafHash: Uint8Array,
  trusted: {
    readonly logKey: VerifierKey;
    readonly witnesses?: readonly VerifierKey[];
    readonly verify: VerifySignature;
  },
): VerifiedCheckpoint {
  const checkpoint = verifyCheckpoint(proof.checkpoint, trusted);
  const { size } = checkpoint;
  const root = rootFromInclusion({ index: proof.index, size, leafHash, proof: proof.hashes });
  matchCheckpoint(checkpoint, { size, root });
  return checkpoint;
}

function decode(text: string, what: string): Uint8Array {
  try {
    return base64Decode(text);
  } catch {
    throw malformed(`a ${what} is not base64`);
  }
}

function malformed(why: string): Error {
  return formatError('TLOG_PROOF_MALFORMED', `this is not a proof of a log entry: ${why}`);
}
