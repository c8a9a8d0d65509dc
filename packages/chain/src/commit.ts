/**
 * A commit, the one object that decides what the log is (SPEC.md section 6):
 *
 *     commit = "custody/commit/v1\n" || length u32 || CBOR || Ed25519(log key, "custody/commit-sig/v1\n" || origin || "\n" || all before)
 *     CBOR   = [ size before, [entry ...], [[object name, length, SHA-256 of the stored bytes] ...], checkpoint note ]
 */
import {
  type CborValue,
  compareBytes,
  concatBytes,
  decodeCbor,
  encodeCbor,
  equalBytes,
  u32be,
  utf8Encode,
} from '@custody/bytes';
import { matchCheckpoint, type VerifiedCheckpoint, verifyCheckpoint } from './checkpoint.ts';
import { copyBytes } from './copy-bytes.ts';
import { ENTRY_LENGTH_MAX, readEntry } from './entry.ts';
import { formatError, integrityError, usageError } from './errors.ts';
import type { LoggedEntry, LogWalk } from './log-walk.ts';
import { isSignedBy, SIGNATURE_LENGTH, type Signer, type VerifySignature } from './signature-ports.ts';
import { HASH_LENGTH } from './tree.ts';
import type { VerifierKey } from './verifier-key.ts';

/** One stored object that a commit makes part of the case. */
export interface CommitObject {
  /** Name in the store: relative, `/` between its parts. */
  readonly name: string;
  /** Bytes as stored. */
  readonly length: number;
  /** SHA-256 of the bytes as stored, 32 bytes. */
  readonly sha256: Uint8Array;
}

export interface CommitContent {
  /** Entries in the log before this commit; also the commit's name. */
  readonly size: number;
  /** At least one. */
  readonly entries: readonly Uint8Array[];
  /** In order of name bytes, each name once. */
  readonly objects: readonly CommitObject[];
  /** Signed note over the log with these entries. */
  readonly checkpoint: string;
}

export interface Commit extends CommitContent {
  /** What was signed, without label and origin. */
  readonly body: Uint8Array;
  readonly signature: Uint8Array;
}

export interface VerifiedCommit extends Commit {
  readonly logged: readonly LoggedEntry[];
  readonly verifiedCheckpoint: VerifiedCheckpoint;
}

const LABEL = utf8Encode('custody/commit/v1\n');
const SIGNATURE_LABEL = 'custody/commit-sig/v1\n';
const CBOR_AT = LABEL.length + 4;
/** Refuses a commit that nobody could have meant before its CBOR is looked at. */
export const COMMIT_LENGTH_MAX: number = 64 * 1024 * 1024;
const NAME_MAX = 1024;

/** The commit's bytes, signed by the log key. Objects are put in order. Throws a UsageError for content no commit has. */
export function encodeCommit(content: CommitContent, origin: string, signer: Signer): Uint8Array {
  const objects = content.objects.toSorted((a, b) => compareBytes(utf8Encode(a.name), utf8Encode(b.name)));
  const cbor = encodeCbor([
    content.size,
    [...content.entries],
    objects.map(({ name, length, sha256 }) => [name, length, sha256]),
    content.checkpoint,
  ]);
  const body = concatBytes([LABEL, u32be(cbor.length), cbor]);
  const bytes = concatBytes([body, signer.sign(signedBytes(origin, body))]);
  try {
    readCommit(bytes);
  } catch (cause) {
    throw usageError(`this cannot be committed: ${cause instanceof Error ? cause.message : 'it is malformed'}`);
  }
  return bytes;
}

/** A commit from untrusted bytes, each accounted for; entries have the form of entries, nothing is verified. Throws COMMIT_MALFORMED. */
export function readCommit(bytes: Uint8Array): Commit {
  if (bytes.length > COMMIT_LENGTH_MAX) throw malformed(`it is longer than ${COMMIT_LENGTH_MAX} bytes`);
  if (bytes.length < CBOR_AT + SIGNATURE_LENGTH) throw malformed('it is cut short');
  if (!equalBytes(bytes.subarray(0, LABEL.length), LABEL)) throw malformed('it does not begin with custody/commit/v1');
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(LABEL.length);
  const end = CBOR_AT + length;
  if (bytes.length !== end + SIGNATURE_LENGTH) throw malformed('its length is not what it declares');
  const content = readContent(decodeContent(bytes.subarray(CBOR_AT, end)));
  return { ...content, body: copyBytes(bytes, 0, end), signature: copyBytes(bytes, end) };
}

/**
 * Verifies a commit against the log so far and moves `walk` past it. Throws COMMIT_MALFORMED, COMMIT_SIGNATURE_INVALID,
 * COMMIT_ORDER_BROKEN where it extends another size, what `LogWalk.add` and `verifyCheckpoint` throw, and
 * CHECKPOINT_SIZE_MISMATCH or CHECKPOINT_ROOT_MISMATCH. When it throws, `walk` has not moved.
 */
export function verifyCommit(
  bytes: Uint8Array,
  log: { readonly walk: LogWalk; readonly logKey: VerifierKey; readonly verify: VerifySignature },
): VerifiedCommit {
  const commit = readCommit(bytes);
  const { walk, logKey, verify } = log;
  const signed = { message: signedBytes(walk.origin, commit.body), signature: commit.signature };
  if (!isSignedBy(logKey.publicKey, signed, verify)) {
    throw integrityError(
      'COMMIT_SIGNATURE_INVALID',
      `commit ${commit.size} is not signed by the log's key, or was altered since`,
      {
        commit: commit.size,
      },
    );
  }
  if (commit.size !== walk.size) {
    throw integrityError('COMMIT_ORDER_BROKEN', `commit ${commit.size} stands where the log has ${walk.size} entries`, {
      stated: commit.size,
      found: walk.size,
    });
  }
  const ahead = walk.fork();
  const logged = commit.entries.map((entry) => ahead.add(entry));
  const verifiedCheckpoint = verifyCheckpoint(commit.checkpoint, { logKey, verify });
  matchCheckpoint(verifiedCheckpoint, { size: BigInt(ahead.size), root: ahead.root() });
  walk.advanceTo(ahead);
  return { ...commit, logged, verifiedCheckpoint };
}

function decodeContent(cbor: Uint8Array): CborValue {
  try {
    return decodeCbor(cbor, { maxDepth: 3 });
  } catch (cause) {
    throw malformed(`its content is not deterministic CBOR (${cause instanceof Error ? cause.message : 'unreadable'})`);
  }
}

function readContent(value: CborValue): CommitContent {
  if (!isArray(value) || value.length !== 4) throw malformed('its content is not a list of four');
  const [size, entries, objects, checkpoint] = value;
  if (!isCount(size)) throw malformed('its size is no number of entries');
  if (!isArray(entries) || entries.length === 0) throw malformed('it has no entries');
  if (!isArray(objects)) throw malformed('it has no list of objects');
  if (typeof checkpoint !== 'string') throw malformed('it has no checkpoint');
  const content = { size, entries: entries.map(readEntryBytes), objects: objects.map(readObject), checkpoint };
  requireOrder(content.objects);
  return content;
}

function readEntryBytes(value: CborValue): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length > ENTRY_LENGTH_MAX) throw malformed('an entry is no byte string');
  readEntry(value);
  return value;
}

function readObject(value: CborValue): CommitObject {
  if (!isArray(value) || value.length !== 3) throw malformed('an object is not a list of three');
  const [name, length, sha256] = value;
  if (typeof name !== 'string' || !isObjectName(name)) throw malformed('an object has no proper name');
  if (!isCount(length)) throw malformed('an object has no proper length');
  if (!(sha256 instanceof Uint8Array) || sha256.length !== HASH_LENGTH) throw malformed('an object has no SHA-256');
  return { name, length, sha256 };
}

/** A stranger's commit must not name a file outside the store. */
function isObjectName(name: string): boolean {
  if (name.length > NAME_MAX || /[^\u0021-\u007e]|\\/.test(name)) return false;
  return name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function requireOrder(objects: readonly CommitObject[]): void {
  for (let i = 1; i < objects.length; i++) {
    const before = utf8Encode((objects[i - 1] as CommitObject).name);
    const name = utf8Encode((objects[i] as CommitObject).name);
    if (compareBytes(before, name) >= 0) throw malformed('its objects are out of order or named twice');
  }
}

function isArray(value: CborValue | undefined): value is readonly CborValue[] {
  return Array.isArray(value);
}

function isCount(value: CborValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function signedBytes(origin: string, body: Uint8Array): Uint8Array {
  return concatBytes([utf8Encode(`${SIGNATURE_LABEL}${origin}\n`), body]);
}

function malformed(why: string): Error {
  return formatError('COMMIT_MALFORMED', `a commit of the log is malformed: ${why}`);
}
