/** SPEC.md sections 3 to 6 read a second time: segments, entries, commits. Imports nothing of custody. */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { rootOf, u16, u32, wholeDigest } from './fields.ts';
import { merkleTreeHash, sha256 } from './tree.ts';

export interface Leaf {
  readonly kind: number;
  readonly root: Uint8Array;
}

export function u64(n: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(n));
  return bytes;
}

export function header(derive: Uint8Array, unit: number, part: number, count: number): Buffer {
  return Buffer.concat([Buffer.from('custody/segment/v1\n'), derive, u32(unit), u32(part), u32(count)]);
}

/** Leaf data of a segment, each of which begins with the link before it. */
export function segmentLeaves(head: Uint8Array, leaves: readonly Leaf[]): Buffer[] {
  let link = sha256(head);
  return leaves.map(({ kind, root }) => {
    const data = Buffer.concat([link, Buffer.of(kind), root]);
    link = sha256(Buffer.of(0), data);
    return data;
  });
}

export function segmentRoot(head: Uint8Array, leaves: readonly Leaf[]): Buffer {
  return merkleTreeHash(segmentLeaves(head, leaves));
}

/** Ed25519 private key from its 32-byte seed (RFC 8032), by way of PKCS #8 (RFC 8410). */
export function ed25519(seed: Uint8Array): { key: KeyObject; publicKey: Buffer } {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(12);
  return { key, publicKey };
}

function publicKeyObject(raw: Uint8Array): KeyObject {
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
  return createPublicKey({ key: der, format: 'der', type: 'spki' });
}

export interface EntryParts {
  readonly kind: number;
  readonly previous: Uint8Array;
  readonly time: number;
  readonly fieldsRoot: Uint8Array;
  readonly clear: Uint8Array;
}

export function entry(parts: EntryParts, origin: string, actor: { key: KeyObject; publicKey: Buffer }): Buffer {
  const body = Buffer.concat([
    Buffer.from('custody/entry/v1\n'),
    Buffer.of(parts.kind),
    parts.previous,
    u64(parts.time),
    actor.publicKey,
    u16(6),
    parts.fieldsRoot,
    u16(parts.clear.length),
    parts.clear,
  ]);
  return Buffer.concat([body, sign(null, entryMessage(origin, body), actor.key)]);
}

function entryMessage(origin: string, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`custody/entry-sig/v1\n${origin}\n`), body]);
}

/** Fields root of an entry from six values and six salts. */
export function entryFieldsRoot(values: readonly (Uint8Array | null)[], salts: readonly Uint8Array[]): Buffer {
  return rootOf(values.map((value, i) => wholeDigest(i + 1, salts[i] as Uint8Array, value)));
}

/** Throws unless the entries are signed and follow each other; gives the log's root. */
export function checkLog(entries: readonly Uint8Array[], origin: string): Buffer {
  let previous: Uint8Array = Buffer.alloc(32);
  let leaves = 0;
  for (const raw of entries) {
    const bytes = Buffer.from(raw);
    if (bytes.subarray(0, 17).toString() !== 'custody/entry/v1\n') throw new Error('label');
    if (!bytes.subarray(18, 50).equals(previous)) throw new Error('previous');
    const body = bytes.subarray(0, -64);
    const actor = bytes.subarray(58, 90);
    if (!verify(null, entryMessage(origin, body), publicKeyObject(actor), bytes.subarray(-64))) {
      throw new Error('signature');
    }
    if (bytes[17] === 6) {
      const clear = bytes.subarray(126, 186);
      if (Number(clear.readBigUInt64BE(16)) !== leaves) throw new Error('first');
      leaves += clear.readUInt32BE(24);
    }
    previous = sha256(Buffer.of(0), bytes);
  }
  return merkleTreeHash(entries);
}

/** The text and signature of a note with one line by `publicKey`; throws when it does not verify. */
export function checkpointText(note: string, origin: string, publicKey: Uint8Array): string {
  const split = note.lastIndexOf('\n\n');
  const text = note.slice(0, split + 1);
  const [dash, name, encoded] = note
    .slice(split + 2)
    .trimEnd()
    .split(' ');
  const bytes = Buffer.from(encoded as string, 'base64');
  const id = sha256(Buffer.from(`${origin}\n`), Buffer.of(1), publicKey).subarray(0, 4);
  if (dash !== '\u2014' || name !== origin || !bytes.subarray(0, 4).equals(id)) throw new Error('key');
  if (!verify(null, Buffer.from(text), publicKeyObject(publicKey), bytes.subarray(4)))
    throw new Error('note signature');
  return text;
}

export function checkCommitSignature(commit: Uint8Array, origin: string, publicKey: Uint8Array): void {
  const before = commit.subarray(0, -64);
  const message = Buffer.concat([Buffer.from(`custody/commit-sig/v1\n${origin}\n`), before]);
  if (!verify(null, message, publicKeyObject(publicKey), commit.subarray(-64))) throw new Error('commit signature');
}
