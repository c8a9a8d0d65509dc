import { base64Encode, type CborValue, encodeCbor, hexEncode, utf8Encode } from '@custody/bytes';
import {
  COSIGNATURE_TYPE,
  consistencyProof,
  cosign,
  type DisclosedField,
  digestOfField,
  digestPart,
  ENTRY_FIELDS,
  type EntryKind,
  encodeCheckpoint,
  encodeSegmentClear,
  encodeVerifierKey,
  entryLeafHash,
  headerLink,
  inclusionProof,
  linkLeaves,
  NO_PREVIOUS,
  PartOpener,
  rootOfLeaf,
  type SaltSource,
  saltsOf,
  segmentHeader,
  signCheckpoint,
  signEntry,
  treeHash,
  verifierKey,
} from '@custody/chain';
import { BatchWriter, type LeafBatch } from '@custody/evidence';
import {
  anchorName,
  type ExhibitAnchor,
  type ExhibitDocument,
  type ExhibitEntry,
  type ExhibitItemMentions,
  type ExhibitLeaf,
  type FieldJson,
  fieldJson,
} from '@custody/exhibit';
import { keystream, signerOf } from './chain-ports.ts';

/** An exhibit made without a case: a log of four entries, one segment of three items and a finding. */
export const ORIGIN = 'custody.example/exhibit-test';
const actor = signerOf(new Uint8Array(32).fill(1));
const log = signerOf(new Uint8Array(32).fill(2));
const witness = signerOf(new Uint8Array(32).fill(3));
const cosignerKey = (name: string, key: Uint8Array) => encodeVerifierKey(verifierKey(name, key, COSIGNATURE_TYPE));
export const witnessKey: string = cosignerKey('witness.example/w', witness.publicKey);
/** A witness that never saw the log. */
export const strangerKey: string = cosignerKey('stranger.example/w', actor.publicKey);
export const logKey: string = encodeVerifierKey(verifierKey(ORIGIN, log.publicKey));
export const otherKey: string = encodeVerifierKey(verifierKey(ORIGIN, actor.publicKey));
export const rawBytes: readonly Uint8Array[] = [utf8Encode('raw record of item 0'), utf8Encode('another')];
const CAPTURE = 'ab'.repeat(32);
const TIME = 1_767_225_600_000;
const TOTALS = {
  ...{ records: 3, decoded: 3, lost: 0, notCovered: 0, items: 3, findings: 1 },
  ...{ inScope: 3, outOfScope: 0, privileged: 0, undecided: 0, evidenceRoot: 'AA==' },
};

export interface SyntheticExhibit {
  readonly document: ExhibitDocument;
  readonly raw: ReadonlyMap<string, Uint8Array>;
}

/** `bodies` are the texts of the three messages; the second is long enough to be in pieces. */
export function syntheticExhibit(
  bodies: readonly string[] = ['short', 'words and more words '.repeat(8), 'third'],
): SyntheticExhibit {
  const leaves = batchOf(bodies);
  const salts = saltsOf(new Uint8Array(32).fill(9), keystream);
  const entries = new SyntheticLog();
  entries.append('init', { subject: new Map([['title', 'A case']]) });
  const subject = new Map([
    ['capture', CAPTURE],
    ['decoder', 'example 1'],
    ['format', 'example'],
  ]);
  const derive = entries.append('derive', { authority: 'W-1', subject });
  const header = segmentHeader({ derive, unit: 0, part: 0, count: leaves.count });
  const { links, root } = linkLeaves({ header, kinds: leaves.kinds, roots: rootsOf(leaves, salts) });
  const clear = encodeSegmentClear({ derive: 1, unit: 0, part: 0, first: 0, count: leaves.count, root });
  entries.append('segment', {}, clear);
  const totals = new Map([['totals', JSON.stringify(TOTALS)]]);
  entries.append('complete', { subject: new Map([['derivation', 1]]), detail: totals });
  const shown = shownLeaves(leaves, salts, { header, links });
  const raw = shown.flatMap((leaf) => leaf.raw.map((name, i) => [name, rawBytes[i] as Uint8Array] as const));
  const anchor = entries.cosigned(3);
  const document = { ...documentOf(entries, shown), anchors: [anchor] };
  return { document, raw: new Map([...raw, [anchorName(1, 'checkpoint'), utf8Encode(anchor.checkpoint)]]) };
}

/** Digest of the body of item `row`, as it stands where the body is withheld. */
export function bodyDigest(row: number): Uint8Array {
  const salts = saltsOf(new Uint8Array(32).fill(9), keystream);
  const leaves = batchOf(['short', 'words and more words '.repeat(8), 'third']);
  const fields = new PartOpener(leaves, salts).open({ kind: 1, row });
  return digestOfField(10, fields[9] as DisclosedField);
}

function batchOf(bodies: readonly string[]): LeafBatch {
  const writer = new BatchWriter();
  for (const [i, text] of bodies.entries()) {
    writer.begin('message', 'example', 'incoming');
    writer.locator({ path: 'a.db!gcm', offset: 100 * i, length: 10, row: i });
    for (const record of rawBytes) writer.raw(record);
    writer.messageId(`m${i}`);
    writer.conversation('c1');
    writer.sender(writer.party('phone', '+15550100001', bodies.length === 1 ? text : 'A'));
    writer.body(text);
    writer.ref('reply-to', 'm0');
    writer.attachment({ name: text.slice(0, 40), mime: 'image/jpeg', size: 7, sha256: null, present: false });
    writer.end();
  }
  const locator = { path: 'a.db!gcm', offset: 100, length: 10, row: 1 };
  writer.finding({ code: 'SEQUENCE_GAP', class: 'doubt', records: 1, locator, related: [], detail: 'a gap' });
  return writer.batch();
}

function rootsOf(leaves: LeafBatch, salts: SaltSource): Uint8Array {
  const digests = digestPart(leaves, salts);
  const roots = new Uint8Array(leaves.count * 32);
  leaves.kinds.forEach((kind, i) => {
    const from = kind === 1 ? digests.items.roots : digests.findings.roots;
    const row = leaves.rows[i] as number;
    roots.set(from.subarray(row * 32, row * 32 + 32), i * 32);
  });
  return roots;
}

class SyntheticLog {
  readonly #entries: Uint8Array[] = [];
  readonly #fields: DisclosedField[][] = [];

  /** Leaf hash of the appended entry. */
  append(
    kind: EntryKind,
    values: Readonly<Record<string, CborValue>>,
    clear: Uint8Array = new Uint8Array(0),
  ): Uint8Array {
    const fields = Object.entries(ENTRY_FIELDS).map(([name, number]) => {
      const value = values[name];
      return { salt: new Uint8Array(16).fill(number), value: value === undefined ? null : encodeCbor(value) };
    });
    const before = this.#entries.at(-1);
    const previous = before === undefined ? NO_PREVIOUS : entryLeafHash(before);
    const time = TIME + this.#entries.length;
    const body = { kind, previous, time, actor: actor.publicKey, clear, fieldsRoot: rootOfLeaf(fields) };
    const entry = signEntry(body, ORIGIN, actor);
    this.#entries.push(entry);
    this.#fields.push(fields);
    return entryLeafHash(entry);
  }

  checkpoint(): string {
    const size = BigInt(this.#entries.length);
    return signCheckpoint({ origin: ORIGIN, size, root: treeHash(this.#hashes()) }, log);
  }

  /** What a witness states who saw the first `size` entries. */
  cosigned(size: number): ExhibitAnchor {
    const hashes = this.#hashes();
    const root = treeHash(hashes.subarray(0, size * 32));
    const checkpoint = { origin: ORIGIN, size: BigInt(size), root };
    const line = cosign(encodeCheckpoint(checkpoint), TIME / 1000, { name: 'witness.example/w', signer: witness });
    return {
      ...{ size, checkpoint: `${signCheckpoint(checkpoint, log)}${line}` },
      consistency: consistencyProof(hashes, size, this.#entries.length).map(base64Encode),
      witnesses: [witnessKey],
      ...{ tsa: null, authority: false },
    };
  }

  prove(entry: number): Omit<ExhibitEntry, 'fields'> {
    const proof = inclusionProof(this.#hashes(), entry).map(base64Encode);
    return { entry, bytes: base64Encode(this.#entries[entry] as Uint8Array), proof };
  }

  show(entry: number): ExhibitEntry {
    return { ...this.prove(entry), fields: (this.#fields[entry] ?? []).map(fieldJson) };
  }

  #hashes(): Uint8Array {
    const hashes = new Uint8Array(this.#entries.length * 32);
    this.#entries.forEach((entry, i) => {
      hashes.set(entryLeafHash(entry), i * 32);
    });
    return hashes;
  }
}

function shownLeaves(
  leaves: LeafBatch,
  salts: SaltSource,
  { header, links }: { readonly header: Uint8Array; readonly links: Uint8Array },
): ExhibitLeaf[] {
  const opener = new PartOpener(leaves, salts);
  return [...leaves.kinds].map((code, i) => {
    const kind = code === 1 ? 1 : 2;
    const row = leaves.rows[i] as number;
    const fields = opener.open({ kind, row }).map(fieldJson);
    if (kind === 1) fields[14] = rawJson(opener, row);
    return {
      ...{ index: i, segment: 2, position: i, kind, withheld: [], because: [], media: [], fields },
      role: kind === 2 ? 'finding' : i === 0 ? 'selected' : 'context',
      previous: hexEncode(i === 0 ? headerLink(header) : links.subarray((i - 1) * 32, i * 32)),
      path: inclusionProof(links, i).map(base64Encode),
      raw: kind === 1 ? [`raw/${i}-0.bin`, `raw/${i}-1.bin`] : [],
    };
  });
}

function rawJson(opener: PartOpener, row: number): FieldJson {
  const digest = digestOfField(15, opener.open({ kind: 1, row })[14] as DisclosedField);
  return { salt: hexEncode(opener.saltOf({ kind: 1, row }, 15)), raw: true, digest: hexEncode(digest) };
}

/** As an extractor might find them: the first word of the first text, and a word of the second, which is in pieces. */
function mentionsOf(leaves: readonly ExhibitLeaf[]): ExhibitItemMentions[] {
  const about = { class: 'amount', type: 'money', value: 'EUR 5', tier: 'context', folds: ['full-width'] };
  const alternatives = [{ type: 'money', value: '<b>USD</b> 5' }];
  return leaves
    .filter((leaf) => leaf.kind === 1 && leaf.index < 2)
    .map(({ index }) => ({
      ...{ index, extractor: 1, region: 'NL' },
      found: [{ ...about, start: index * 80, end: index * 80 + 4, alternatives }],
    }));
}

function documentOf(entries: SyntheticLog, leaves: readonly ExhibitLeaf[]): ExhibitDocument {
  const { inScope, outOfScope, privileged, undecided } = TOTALS;
  const shown = leaves.filter((leaf) => leaf.kind === 1).length;
  const finding = leaves.length - 1;
  const capture = { capture: CAPTURE, captureName: 'a.db', format: 'example', decoder: 'example 1', authority: 'W-1' };
  const place = { derivation: 1, conversation: 'c1', nameWithheld: false };
  return {
    ...{ custodyExhibit: 1, exhibitRef: 'X/1', producer: 'Lab', asOf: new Date(TIME + 3).toISOString() },
    ...{ case: { origin: ORIGIN, title: 'A case' }, verifierKey: logKey, checkpoint: entries.checkpoint(), size: 4 },
    ...{ tool: { version: '0', build: 'b' }, selection: ['items 0'], redacted: [] },
    ...{ redactions: [], media: 'hash', lang: 'en', timeZone: null, annotations: [], pdf: null, anchors: [] },
    entries: [0, 1, 3].map((entry) => entries.show(entry)),
    derivations: [{ entry: 1, ...capture, complete: 3, totals: TOTALS, findings: [] }],
    segments: [{ ...entries.prove(2), derivation: 1 }],
    leaves,
    mentions: mentionsOf(leaves),
    conversations: [{ ...place, shown, held: shown, withheld: 0, findings: [finding] }],
    completeness: {
      ...{ shown: 1, context: shown - 1, inScope, outOfScope, privileged, undecided },
      ...{ limits: [], inventory: [], notExamined: [], superseded: [], notes: [] },
    },
  };
}
