/** The body of C2SP tlog-witness add-checkpoint: `old SIZE`, a consistency proof, an empty line, a checkpoint. */
import { base64Decode, base64Encode, utf8Decode } from '@custody/bytes';
import { formatError } from './errors.ts';
import { HASH_LENGTH } from './tree.ts';

export interface AddCheckpoint {
  /** Size of the checkpoint that the witness cosigned last; 0 for none. */
  readonly old: bigint;
  /** From `old` to the checkpoint's size; empty where `old` is 0 or that size. */
  readonly proof: readonly Uint8Array[];
  /** The signed note. */
  readonly checkpoint: string;
}

const OLD = /^old (0|[1-9][0-9]{0,18})$/;
/** tlog-witness: a client sends no more. */
const PROOF_MAX = 63;
/** 63 hashes and a checkpoint of 100 signatures come nowhere near. */
const BODY_MAX = 64 * 1024;
const SIZE_MAX = (1n << 63n) - 1n;

export function encodeAddCheckpoint({ old, proof, checkpoint }: AddCheckpoint): string {
  return `old ${old}\n${proof.map((hash) => `${base64Encode(hash)}\n`).join('')}\n${checkpoint}`;
}

/** A request from untrusted bytes; its checkpoint is not looked at. Throws ADD_CHECKPOINT_MALFORMED. */
export function readAddCheckpoint(bytes: Uint8Array): AddCheckpoint {
  if (bytes.length > BODY_MAX) throw malformed(`it is longer than ${BODY_MAX} bytes`);
  const text = decode(bytes);
  const split = text.indexOf('\n\n');
  if (split < 0) throw malformed('no empty line stands before the checkpoint');
  const [first = '', ...lines] = text.slice(0, split).split('\n');
  const old = OLD.exec(first)?.[1];
  if (old === undefined || BigInt(old) > SIZE_MAX) throw malformed('its first line is not "old" and a size');
  if (lines.length > PROOF_MAX) throw malformed(`its proof has more than ${PROOF_MAX} hashes`);
  return { old: BigInt(old), proof: lines.map(readHash), checkpoint: text.slice(split + 2) };
}

function readHash(line: string): Uint8Array {
  let hash: Uint8Array;
  try {
    hash = base64Decode(line);
  } catch {
    throw malformed('a hash of its proof is not base64');
  }
  if (hash.length !== HASH_LENGTH) throw malformed('a hash of its proof has not 32 bytes');
  return hash;
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8Decode(bytes);
  } catch {
    throw malformed('it is not UTF-8');
  }
}

function malformed(why: string): Error {
  return formatError('ADD_CHECKPOINT_MALFORMED', `this is no request to a witness: ${why}`);
}
