import { readFileSync } from 'node:fs';
import { base64Encode, ColumnBuilder, concatBytes, hexDecode, hexEncode, sha256 } from '@custody/bytes';
import { describe, expect, it } from 'vitest';
import { keystream, signerOf, verifySignature } from '../../../test/chain-ports.ts';
import {
  type DisclosedField,
  digestOfField,
  digestPart,
  ENTRY_FIELD_COUNT,
  type EntryKind,
  encodeCommit,
  encodeSegmentClear,
  encodeTlogProof,
  encodeVerifierKey,
  entryKindName,
  evidenceRoot,
  FINDING_KIND,
  headerLink,
  ITEM_KIND,
  inclusionProof,
  type LeafPart,
  type LoggedEntry,
  LogWalk,
  linkLeaves,
  PartOpener,
  pieceDigest,
  readCommit,
  readTlogProof,
  rootOfLeaf,
  saltsOf,
  segmentHeader,
  signCheckpoint,
  signEntry,
  verifierKey,
  verifyCommit,
  verifySegment,
  verifyTlogProof,
} from './index.ts';

const spec = readFileSync(new URL('../SPEC.md', import.meta.url), 'utf8');
const lines = [...spec.slice(spec.indexOf('## 9.')).matchAll(/^([^=\n]+?) += (.+)$/gm)];
const example = new Map(lines.map((m) => [m[1] as string, m[2] as string]));

function text(name: string): string {
  const value = example.get(name);
  if (value === undefined) throw new Error(`SPEC.md has no line "${name} = ..."`);
  return value;
}

function column(leaves: readonly string[], number: number) {
  const builder = new ColumnBuilder();
  for (const leaf of leaves) {
    const value = example.get(`${leaf} field ${number}`);
    if (value === undefined) builder.appendAbsent();
    else builder.append(value === 'empty' ? new Uint8Array(0) : hexDecode(value));
  }
  return builder.view();
}

function columns(leaves: readonly string[], fields: number) {
  return Array.from({ length: fields }, (_, f) => column(leaves, f + 1));
}

const part: LeafPart = { items: columns(['item 0', 'item 1'], 15), findings: columns(['finding 0'], 6) };
const salts = saltsOf(hexDecode(text('salt secret')), keystream);
const origin = text('origin');
const actor = signerOf(hexDecode(text('actor seed')));
const log = signerOf(hexDecode(text('log seed')));
const logKey = verifierKey(origin, log.publicKey);

/** Six fields of which only the second has a value; the salts are those of the example. */
function entryFields(e: number): DisclosedField[] {
  return Array.from({ length: ENTRY_FIELD_COUNT }, (_, f) => ({
    salt: new Uint8Array(16).fill(16 * e + f + 1),
    value: f === 1 ? hexDecode(text(`entry ${e} field 2`)) : null,
  }));
}

function signedEntry(e: number, previous: Uint8Array, clear: Uint8Array): Uint8Array {
  const kind = entryKindName(Number(text(`entry ${e} kind`))) as EntryKind;
  const fieldsRoot = rootOfLeaf(entryFields(e));
  const time = Number(text(`entry ${e} time`));
  return signEntry({ kind, previous, time, actor: actor.publicKey, fieldsRoot, clear }, origin, actor);
}

function segmentOf(derive: Uint8Array) {
  const { items, findings } = digestPart(part, salts);
  const kinds = Uint8Array.from(text('leaf kinds').split(' '), Number);
  let item = 0;
  let finding = 0;
  const roots = Array.from(kinds, (kind) =>
    kind === ITEM_KIND
      ? items.roots.subarray(32 * item, 32 * ++item)
      : findings.roots.subarray(32 * finding, 32 * ++finding),
  );
  const header = segmentHeader({ derive, unit: 0, part: 0, count: kinds.length });
  return { header, kinds, roots: concatBytes(roots) };
}

describe('the worked example of SPEC.md, section 9', () => {
  it('has these openings, digests and fields roots', () => {
    const opener = new PartOpener(part, salts);
    const item = opener.open({ kind: ITEM_KIND, row: 0 });
    for (const number of [1, 2, 10, 14]) {
      const digest = digestOfField(number, item[number - 1] as DisclosedField);
      expect(hexEncode(digest)).toBe(text(`item 0 field ${number} digest`));
    }
    expect(item[0]).toMatchObject({ salt: hexDecode(text('salt block 0')) });
    expect(item[9]).toMatchObject({ pieces: [{ salt: hexDecode(text('salt block 36')) }, {}] });
    const pieces = (item[9] as { pieces: { salt: Uint8Array; value: Uint8Array }[] }).pieces;
    expect(pieces.map((piece) => piece.value.length).join(' ')).toBe(text('item 0 body piece lengths'));
    for (const [i, piece] of pieces.entries()) {
      expect(hexEncode(pieceDigest({ number: 10, ...piece }))).toBe(text(`item 0 body piece ${i} digest`));
    }
    expect(hexEncode(rootOfLeaf(item))).toBe(text('item 0 fields root'));
    expect(hexEncode(rootOfLeaf(opener.open({ kind: ITEM_KIND, row: 1 })))).toBe(text('item 1 fields root'));
    expect(hexEncode(rootOfLeaf(opener.open({ kind: FINDING_KIND, row: 0 })))).toBe(text('finding 0 fields root'));
    const { items, findings } = digestPart(part, salts);
    expect(hexEncode(items.roots)).toBe(text('item 0 fields root') + text('item 1 fields root'));
    expect(hexEncode(findings.roots)).toBe(text('finding 0 fields root'));
  });

  it('has this segment', () => {
    const leaves = segmentOf(hexDecode(text('entry 1 leaf hash')));
    const { links, root } = linkLeaves(leaves);
    expect(hexEncode(leaves.header)).toBe(text('segment header'));
    expect(hexEncode(headerLink(leaves.header))).toBe(text('link -1'));
    expect(hexEncode(links)).toBe(text('link 0') + text('link 1') + text('link 2'));
    expect(hexEncode(root)).toBe(text('segment root'));
    expect(hexEncode(evidenceRoot(root))).toBe(text('evidence root'));
    verifySegment({ ...leaves, links }, { count: 3, root: hexDecode(text('segment root')) });
  });

  it('has this log, checkpoint, proof and commit', () => {
    const walk = new LogWalk({ origin, verify: verifySignature });
    const entries: LoggedEntry[] = [];
    for (const e of [0, 1, 2]) {
      const { root } = e === 2 ? linkLeaves(segmentOf(walk.previous)) : { root: new Uint8Array(32) };
      const clear = encodeSegmentClear({ derive: 1, unit: 0, part: 0, first: walk.leaves, count: 3, root });
      const entry = walk.add(signedEntry(e, walk.previous, e === 2 ? clear : new Uint8Array(0)));
      entries.push(entry);
      expect(hexEncode(entry.fieldsRoot)).toBe(text(`entry ${e} fields root`));
      expect(String(entry.bytes.length)).toBe(text(`entry ${e} length`));
      expect(hexEncode(entry.signature)).toBe(text(`entry ${e} signature`));
      expect(hexEncode(entry.leafHash)).toBe(text(`entry ${e} leaf hash`));
    }
    expect(hexEncode(actor.publicKey)).toBe(text('actor public key'));
    expect(hexEncode(log.publicKey)).toBe(text('log public key'));
    expect(hexEncode(walk.root())).toBe(text('log root'));
    expect(encodeVerifierKey(logKey)).toBe(text('verifier key'));

    const checkpoint = signCheckpoint({ origin, size: 3n, root: walk.root() }, log);
    expect(checkpoint).toBe(`${origin}\n3\n${base64Encode(walk.root())}\n\n${text('checkpoint signature line')}\n`);
    const hashes = concatBytes(['entry 0', 'entry 1', 'entry 2'].map((name) => hexDecode(text(`${name} leaf hash`))));
    const proof = inclusionProof(hashes, 2);
    expect(proof.map(hexEncode).join(' ')).toBe(text('proof of entry 2'));
    const handed = readTlogProof(encodeTlogProof({ index: 2n, hashes: proof, checkpoint }));
    verifyTlogProof(handed, hexDecode(text('entry 2 leaf hash')), { logKey, verify: verifySignature });

    const stored = hexDecode(text('object bytes'));
    const object = { name: text('object name'), length: stored.length, sha256: sha256(stored) };
    const content = { size: 0, entries: entries.map((entry) => entry.bytes), objects: [object], checkpoint };
    const commit = encodeCommit(content, origin, log);
    expect(String(commit.length)).toBe(text('commit length'));
    expect(hexEncode(sha256(commit))).toBe(text('commit SHA-256'));
    expect(readCommit(commit)).toMatchObject(content);
    const reader = new LogWalk({ origin, verify: verifySignature });
    verifyCommit(commit, { walk: reader, logKey, verify: verifySignature });
    expect(reader.leaves).toBe(3);
  });
});
