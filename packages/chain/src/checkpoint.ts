/** C2SP tlog-checkpoint: the signed statement "the log named so, with so many entries, has this root". */
import { base64Decode, base64Encode, equalBytes, hexEncode, sha256 } from '@custody/bytes';
import { formatError, integrityError, usageError } from './errors.ts';
import { isNoteText, signNote, type VerifiedNote, verifyNote } from './note.ts';
import type { Signer, VerifySignature } from './signature-ports.ts';
import { HASH_LENGTH } from './tree.ts';
import { isKeyName, type VerifierKey } from './verifier-key.ts';

export interface Checkpoint {
  /** The log's name, which is also its key's name. */
  readonly origin: string;
  /** Entries in the log. */
  readonly size: bigint;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** Further lines, which our logs never write; shown to whoever looks, covered by the signature. */
  readonly extensions: readonly string[];
}

export interface VerifiedCheckpoint extends Checkpoint {
  readonly note: VerifiedNote;
}

const DECIMAL = /^(?:0|[1-9][0-9]{0,18})$/;
const SIZE_MAX = (1n << 63n) - 1n;

/** The three lines. Throws a UsageError for an origin, size or root that no checkpoint can have. */
export function encodeCheckpoint({ origin, size, root }: Omit<Checkpoint, 'extensions'>): string {
  if (!isKeyName(origin))
    throw usageError(`an origin has no spaces, no plus sign and is not empty: ${JSON.stringify(origin)}`);
  if (size < 0n || size > SIZE_MAX) throw usageError(`no log has ${size} entries`);
  if (root.length !== HASH_LENGTH) throw usageError(`a root has 32 bytes, not ${root.length}`);
  return `${origin}\n${size}\n${base64Encode(root)}\n`;
}

/** A checkpoint's text as a note signed by the log's key, under the origin's name. */
export function signCheckpoint(checkpoint: Omit<Checkpoint, 'extensions'>, signer: Signer): string {
  return signNote(encodeCheckpoint(checkpoint), checkpoint.origin, signer);
}

/** A checkpoint from the text of a note. Throws CHECKPOINT_MALFORMED for anything the standard does not allow. */
export function readCheckpoint(text: string): Checkpoint {
  if (!isNoteText(text)) throw malformed('it has control characters or broken Unicode');
  if (!text.endsWith('\n')) throw malformed('its last line does not end');
  const [origin, sizeText, rootText, ...extensions] = text.slice(0, -1).split('\n');
  if (origin === undefined || sizeText === undefined || rootText === undefined)
    throw malformed('it has fewer than three lines');
  if (origin === '') throw malformed('its origin line is empty');
  if (!DECIMAL.test(sizeText)) throw malformed('its size is not a plain decimal number');
  const size = BigInt(sizeText);
  if (size > SIZE_MAX) throw malformed('its size is beyond 2^63');
  if (extensions.some((line) => line === '')) throw malformed('an extension line is empty');
  const root = decodeRoot(rootText);
  if (root.length !== HASH_LENGTH) throw malformed(`its root has ${root.length} bytes, not 32`);
  if (size === 0n && !equalBytes(root, sha256(new Uint8Array(0)))) throw malformed('an empty log has another root');
  return { origin, size, root, extensions };
}

/**
 * A checkpoint whose log signed it. `logKey` is the key the reader trusts; further `keys` are witnesses. Throws
 * CHECKPOINT_SIGNATURE_MISSING or CHECKPOINT_SIGNATURE_INVALID about the log's own signature, CHECKPOINT_ORIGIN_MISMATCH
 * where the log signed a checkpoint of another name, and what `readNote` and `readCheckpoint` throw.
 */
export function verifyCheckpoint(
  note: string | Uint8Array,
  trusted: {
    readonly logKey: VerifierKey;
    readonly witnesses?: readonly VerifierKey[];
    readonly verify: VerifySignature;
  },
): VerifiedCheckpoint {
  const { logKey, witnesses = [], verify } = trusted;
  const verified = verifyLog(note, [logKey, ...witnesses], verify);
  if (!verified.signers.some((signer) => signer.key === logKey)) throw notSigned(logKey);
  const checkpoint = readCheckpoint(verified.text);
  if (checkpoint.origin !== logKey.name) {
    throw integrityError(
      'CHECKPOINT_ORIGIN_MISMATCH',
      `this checkpoint is of the log ${checkpoint.origin}, not of ${logKey.name}`,
      {
        origin: checkpoint.origin,
        expected: logKey.name,
      },
    );
  }
  return { ...checkpoint, note: verified };
}

/** Throws CHECKPOINT_SIZE_MISMATCH or CHECKPOINT_ROOT_MISMATCH unless the checkpoint is of this very tree. */
export function matchCheckpoint(
  checkpoint: Checkpoint,
  tree: { readonly size: bigint; readonly root: Uint8Array },
): void {
  if (checkpoint.size !== tree.size) {
    throw integrityError(
      'CHECKPOINT_SIZE_MISMATCH',
      `the signed checkpoint counts ${checkpoint.size} entries, the log holds ${tree.size}`,
      { signed: checkpoint.size.toString(), found: tree.size.toString() },
    );
  }
  if (!equalBytes(checkpoint.root, tree.root)) {
    throw integrityError(
      'CHECKPOINT_ROOT_MISMATCH',
      `the ${tree.size} entries of the log are not those that the checkpoint was signed over: at least one was changed`,
      { signed: hexEncode(checkpoint.root), computed: hexEncode(tree.root) },
    );
  }
}

function verifyLog(note: string | Uint8Array, keys: readonly VerifierKey[], verify: VerifySignature): VerifiedNote {
  try {
    return verifyNote(note, keys, verify);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const logKey = keys[0] as VerifierKey;
    if (code === 'NOTE_UNVERIFIED') throw notSigned(logKey);
    if (code !== 'NOTE_SIGNATURE_INVALID') throw cause;
    throw integrityError(
      'CHECKPOINT_SIGNATURE_INVALID',
      `a signature on the checkpoint of ${logKey.name} is invalid: ${(cause as Error).message}`,
      {
        origin: logKey.name,
      },
    );
  }
}

function decodeRoot(text: string): Uint8Array {
  try {
    return base64Decode(text);
  } catch {
    throw malformed('its root is not base64');
  }
}

function notSigned(key: VerifierKey): Error {
  return integrityError(
    'CHECKPOINT_SIGNATURE_MISSING',
    `the checkpoint is not signed by ${key.name} with the key given`,
    {
      name: key.name,
      id: hexEncode(key.id),
    },
  );
}

function malformed(why: string): Error {
  return formatError('CHECKPOINT_MALFORMED', `this is not a checkpoint: ${why}`);
}
