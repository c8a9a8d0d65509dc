import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeCbor, u32be, utf8Encode } from '@custody/bytes';
import {
  encodeSegmentClear,
  inclusionProof,
  leafHash,
  readVerifierKey,
  signNote,
  verifyTlogProof,
} from '@custody/chain';
import { signerFromSeed, verifyEd25519 } from '@custody/segment';
import { type Attack, refusalOf } from './attack.ts';

/** Attacks on the order and the signatures of the log itself: seen by whoever has the case, without keys. */
export const logAttacks: readonly Attack[] = [
  {
    what: 'one bit of a commit is changed',
    shownBy: 'the signature over the whole commit',
    code: 'COMMIT_SIGNATURE_INVALID',
    async carry(scene) {
      const it = await scene.insider();
      const name = `log/commit/${it.sizes[2]}`;
      const bytes = it.read(name);
      const at = bytes.length - 70;
      bytes[at] = (bytes[at] as number) ^ 1;
      it.put(name, bytes);
      return scene.failures(it.lane);
    },
  },
  {
    what: 'bytes are added to a commit (a hash that can be lengthened)',
    shownBy: 'the declared length: every hashed string has one',
    code: 'COMMIT_MALFORMED',
    async carry(scene) {
      const it = await scene.insider();
      it.put('log/commit/0', Buffer.concat([it.read('log/commit/0'), Buffer.of(0x80)]));
      return scene.failures(it.lane);
    },
  },
  {
    what: 'a commit is taken out of the middle',
    shownBy: 'the commits that stand beyond the gap',
    code: 'COMMIT_ORDER_BROKEN',
    async carry(scene) {
      const it = await scene.insider();
      it.put(`log/commit/${it.sizes[2]}`, null);
      return scene.failures(it.lane);
    },
  },
  {
    what: 'two commits are exchanged',
    shownBy: 'the size each one was signed to extend',
    code: 'COMMIT_ORDER_BROKEN',
    async carry(scene) {
      const it = await scene.insider();
      const [first, second] = [`log/commit/${it.sizes[1]}`, `log/commit/${it.sizes[2]}`] as const;
      const [one, other] = [it.read(first), it.read(second)];
      it.put(first, other);
      it.put(second, one);
      return scene.failures(it.lane);
    },
  },
  {
    what: 'a commit is replayed at the end',
    shownBy: 'the size it was signed to extend',
    code: 'COMMIT_ORDER_BROKEN',
    async carry(scene) {
      const it = await scene.insider();
      it.put(`log/commit/${it.ledger.size}`, it.read(`log/commit/${it.sizes[1]}`));
      return scene.failures(it.lane);
    },
  },
  {
    what: "another case's commit is put in",
    shownBy: "the signature by this log's key over this log's name",
    code: 'COMMIT_SIGNATURE_INVALID',
    async carry(scene) {
      const it = await scene.insider();
      const other = await scene.lab.newCase(`other-${Date.now()}`);
      it.put('log/commit/1', null);
      cpSync(join(other, 'log/commit/1'), it.path('log/commit/1'));
      return scene.failures(it.lane);
    },
  },
  {
    what: 'an entry is replayed, and the holder of the log key signs it again',
    shownBy: 'the hash of the entry before, which each entry carries',
    code: 'ENTRY_ORDER_BROKEN',
    async carry(scene) {
      const it = await scene.insider();
      it.commit([it.ledger.entries[1]?.bytes as Uint8Array]);
      return scene.failures(it.lane);
    },
  },
  {
    what: 'an entry made for another log is taken over, and the holder of the log key signs it',
    shownBy: "the log's name inside the person's signature",
    code: 'ENTRY_SIGNATURE_INVALID',
    async carry(scene) {
      const it = await scene.insider();
      it.commit([it.entry({ origin: 'another.example/log' })]);
      return scene.failures(it.lane);
    },
  },
  {
    what: 'an act is put down to somebody else by whoever holds the log key',
    shownBy: "the person's own signature on each entry",
    code: 'ENTRY_SIGNATURE_INVALID',
    async carry(scene) {
      const it = await scene.insider();
      const other = signerFromSeed(new Uint8Array(32).fill(3)).publicKey;
      const bytes = it.entry();
      // The person's key stands after label, kind, previous and time (SPEC.md section 4).
      bytes.set(other, 17 + 1 + 32 + 8);
      it.commit([bytes]);
      return scene.failures(it.lane);
    },
  },
  {
    what: 'a public key of small order signs an entry: such signatures fit any text',
    shownBy: 'the list of such keys, asked before any signature counts',
    code: 'ENTRY_SIGNATURE_INVALID',
    async carry(scene) {
      const it = await scene.insider();
      const bytes = it.entry();
      bytes.set(new Uint8Array(32), 58);
      bytes.set(new Uint8Array(64), bytes.length - 64);
      it.commit([bytes]);
      return scene.failures(it.lane);
    },
  },
  {
    what: 'leaves are counted twice: a segment says it begins where another one lies',
    shownBy: 'the running count of leaves',
    code: 'LEAF_INDEX_BROKEN',
    async carry(scene) {
      const it = await scene.insider();
      const segment = it.ledger.entries.find((entry) => entry.segment !== undefined)?.segment;
      if (segment === undefined) throw new Error('the case has no segment');
      it.commit([it.entry({ kind: 'segment', clear: encodeSegmentClear({ ...segment, part: 9 }) })]);
      return scene.failures(it.lane);
    },
  },
  {
    what: 'a checkpoint is signed over other entries than its commit holds',
    shownBy: 'the tree, computed again',
    code: 'CHECKPOINT_ROOT_MISMATCH',
    async carry(scene) {
      const it = await scene.insider();
      it.commit([it.entry()], { checkpoint: it.checkpoint([it.entry({ time: 1 })]) });
      return scene.failures(it.lane);
    },
  },
  {
    what: 'a checkpoint is signed over another number of entries',
    shownBy: 'the entries, counted',
    code: 'CHECKPOINT_SIZE_MISMATCH',
    async carry(scene) {
      const it = await scene.insider();
      const entry = it.entry();
      it.commit([entry], { checkpoint: it.checkpoint([entry], { size: it.ledger.size + 2 }) });
      return scene.failures(it.lane);
    },
  },
  {
    what: 'a checkpoint of another log is put in its place',
    shownBy: 'the name under which the key signs',
    code: 'CHECKPOINT_SIGNATURE_MISSING',
    async carry(scene) {
      const it = await scene.insider();
      const entry = it.entry();
      it.commit([entry], { checkpoint: it.checkpoint([entry], { origin: 'another.example/log' }) });
      return scene.failures(it.lane);
    },
  },
  {
    what: 'the case is made again under a key of the attacker',
    shownBy: 'the verifier key that was handed over by another way',
    code: 'COMMIT_SIGNATURE_INVALID',
    async carry(scene) {
      const other = await scene.lab.newCase(`again-${Date.now()}`);
      return scene.failures(other, {}, scene.verifierKey);
    },
  },
  {
    what: 'the old key of the log, stolen after it was replaced, signs on',
    shownBy: 'the note by which it named its successor, and after which it signs nothing',
    code: 'COMMIT_SIGNATURE_INVALID',
    async carry(scene) {
      const lane = scene.lane();
      const old = (await scene.insider(lane)).log;
      await scene.lab.json('key', 'rotate-log', '--case', lane, '--reason', 'invented');
      const it = (await scene.insider(lane)).with(old);
      it.commit([it.entry()]);
      return scene.failures(lane);
    },
  },
  {
    what: 'an inner node of the tree is passed off as an entry (second preimage)',
    shownBy: 'the first byte of what is hashed: 00 for a leaf, 01 for a node (RFC 6962)',
    code: 'CHECKPOINT_ROOT_MISMATCH',
    async carry(scene) {
      const { ledger } = await scene.insider(scene.original);
      const hashes = Buffer.concat(ledger.entries.map((entry) => entry.leafHash));
      const node = hashes.subarray(0, 64);
      const path = inclusionProof(hashes, 0).slice(1);
      const proof = { index: 0n, hashes: [leafHash(node), ...path], checkpoint: ledger.checkpoint ?? '' };
      const logKey = readVerifierKey(scene.verifierKey);
      return refusalOf(() => verifyTlogProof(proof, leafHash(node), { logKey, verify: verifyEd25519 }));
    },
  },
  {
    what: 'a leaf of a segment is passed off as an entry (one kind of hashed bytes for another)',
    shownBy: 'the label that each kind begins with',
    code: 'ENTRY_MALFORMED',
    async carry(scene) {
      const it = await scene.insider();
      it.put(`log/commit/${it.ledger.size}`, rawCommit(it.ledger.size, [new Uint8Array(65).fill(1)], it));
      return scene.failures(it.lane);
    },
  },
  {
    what: 'a commit names a file outside the case (`../`)',
    shownBy: 'the form of names: no part of one is empty, `.` or `..`',
    code: 'COMMIT_MALFORMED',
    async carry(scene) {
      const it = await scene.insider();
      const objects = [['../../outside', 1, new Uint8Array(32)]];
      it.put(`log/commit/${it.ledger.size}`, rawCommit(it.ledger.size, [it.entry()], it, objects));
      return scene.failures(it.lane);
    },
  },
  {
    what: 'a commit says it is of a version that nobody knows',
    shownBy: 'the label, which readers compare whole',
    code: 'COMMIT_MALFORMED',
    async carry(scene) {
      const it = await scene.insider();
      const bytes = it.read('log/commit/0');
      bytes[16] = 0x39;
      it.put('log/commit/0', bytes);
      return scene.failures(it.lane);
    },
  },
  {
    what: 'the store says it is of another version',
    shownBy: 'the commit that names the file `format` with its SHA-256',
    code: 'OBJECT_ALTERED',
    async carry(scene) {
      const it = await scene.insider();
      it.put('format', 'custody-store 9\n');
      return scene.failures(it.lane);
    },
  },
  {
    what: 'a published tile is changed',
    shownBy: 'the commits, from which tiles follow',
    code: 'TILE_ALTERED',
    async carry(scene) {
      const it = await scene.insider();
      const name = `log/tile/0/000.p/${it.ledger.size}`;
      it.put(name, Buffer.alloc(32 * it.ledger.size, 7));
      return scene.failures(it.lane);
    },
  },
  {
    what: 'the published checkpoint is changed',
    shownBy: "the log's signature on it",
    code: 'CHECKPOINT_SIGNATURE_INVALID',
    async carry(scene) {
      const it = await scene.insider();
      it.put('log/checkpoint', it.read('log/checkpoint').toString().replace(`\n${it.ledger.size}\n`, '\n99\n'));
      return scene.failures(it.lane);
    },
  },
  {
    what: 'a file is deleted',
    shownBy: 'the commit that names it',
    code: 'OBJECT_MISSING',
    async carry(scene) {
      const it = await scene.insider();
      const [folder] = readdirSync(it.path('segments'));
      const [file] = readdirSync(it.path(`segments/${folder}`));
      it.put(`segments/${folder}/${file}`, null);
      return scene.failures(it.lane);
    },
  },
  {
    what: 'a file is exchanged',
    shownBy: 'its length and SHA-256 in the commit',
    code: 'OBJECT_ALTERED',
    async carry(scene) {
      const it = await scene.insider();
      const [folder] = readdirSync(it.path('leaves'));
      const [file] = readdirSync(it.path(`leaves/${folder}`));
      it.put(`leaves/${folder}/${file}`, 'something else');
      return scene.failures(it.lane);
    },
  },
  {
    what: 'a file is put in that belongs to nothing',
    shownBy: 'the list of everything that commits name',
    code: 'OBJECT_UNKNOWN',
    async carry(scene) {
      const it = await scene.insider();
      writeFileSync(it.path('extra-evidence.txt'), 'planted');
      return scene.failures(it.lane);
    },
  },
  {
    what: 'the end of the log is cut off',
    shownBy: 'the checkpoint and tiles that were published',
    code: 'LOG_ROLLED_BACK',
    async carry(scene) {
      const it = await scene.insider();
      it.put(`log/commit/${it.sizes.at(-1)}`, null);
      return scene.failures(it.lane);
    },
  },
  {
    what: 'two checkpoints of one size with different roots are signed',
    shownBy: 'both notes side by side; each alone is valid',
    code: 'LOG_FORKED',
    async carry(scene) {
      const it = await scene.insider();
      const forged = it.checkpoint([], {}).split('\n');
      forged[2] = Buffer.alloc(32, 5).toString('base64');
      const text = `${forged.slice(0, 3).join('\n')}\n`;
      it.put('log/checkpoint', signNote(text, it.ledger.origin, it.log));
      return scene.failures(it.lane);
    },
  },
];

/** A signed commit that our own encoder would refuse to make. */
function rawCommit(
  size: number,
  entries: readonly Uint8Array[],
  it: { readonly log: { sign(message: Uint8Array): Uint8Array }; readonly ledger: { readonly origin: string } },
  objects: readonly (readonly (string | number | Uint8Array)[])[] = [],
): Uint8Array {
  const cbor = encodeCbor([size, [...entries], objects.map((object) => [...object]), 'no checkpoint']);
  const body = Buffer.concat([utf8Encode('custody/commit/v1\n'), u32be(cbor.length), cbor]);
  const signed = Buffer.concat([utf8Encode(`custody/commit-sig/v1\n${it.ledger.origin}\n`), body]);
  return Buffer.concat([body, it.log.sign(signed)]);
}
