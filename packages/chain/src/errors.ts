import { FormatError, IntegrityError, UsageError } from '@custody/bytes';

/** A hash, signature or order is wrong: evidence of damage or tampering. Stop and keep both sides. */
export type ChainIntegrityCode =
  | 'CHAIN_LINK_BROKEN'
  | 'CHECKPOINT_ORIGIN_MISMATCH'
  | 'CHECKPOINT_ROOT_MISMATCH'
  | 'CHECKPOINT_SIGNATURE_INVALID'
  | 'CHECKPOINT_SIGNATURE_MISSING'
  | 'CHECKPOINT_SIZE_MISMATCH'
  | 'COMMIT_ORDER_BROKEN'
  | 'COMMIT_SIGNATURE_INVALID'
  | 'CONSISTENCY_PROOF_INVALID'
  | 'ENTRY_ORDER_BROKEN'
  | 'ENTRY_SIGNATURE_INVALID'
  | 'INCLUSION_PROOF_INVALID'
  | 'LEAF_INDEX_BROKEN'
  | 'NOTE_SIGNATURE_INVALID'
  | 'NOTE_UNVERIFIED'
  | 'SEGMENT_COUNT_MISMATCH'
  | 'SEGMENT_ROOT_MISMATCH';

/** The bytes are not what SPEC.md or the C2SP document allows. */
export type ChainFormatCode =
  | 'ADD_CHECKPOINT_MALFORMED'
  | 'CHECKPOINT_MALFORMED'
  | 'COMMIT_MALFORMED'
  | 'ENTRY_MALFORMED'
  | 'FIELDS_MAP_MALFORMED'
  | 'NOTE_MALFORMED'
  | 'OPENING_MALFORMED'
  | 'POLICY_MALFORMED'
  | 'TILE_MALFORMED'
  | 'TILE_PATH_MALFORMED'
  | 'TLOG_PROOF_MALFORMED'
  | 'VERIFIER_KEY_MALFORMED';

/** The caller handed over something that can never be right. */
export type ChainUsageCode = 'CHAIN_ARGUMENT_INVALID' | 'VERIFIER_KEYS_COLLIDE';

export type ChainCode = ChainIntegrityCode | ChainFormatCode | ChainUsageCode;

type Detail = Readonly<Record<string, unknown>>;

/** An IntegrityError of this package; `detail` holds both sides as hex or numbers. */
export function integrityError(code: ChainIntegrityCode, message: string, detail: Detail = {}): IntegrityError {
  return new IntegrityError(code, message, { detail });
}

/** A FormatError of this package. */
export function formatError(code: ChainFormatCode, message: string, detail: Detail = {}): FormatError {
  return new FormatError(code, message, { detail });
}

/** A UsageError of this package. */
export function usageError(message: string, code: ChainUsageCode = 'CHAIN_ARGUMENT_INVALID'): UsageError {
  return new UsageError(code, message);
}
