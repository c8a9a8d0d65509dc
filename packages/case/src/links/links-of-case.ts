import { CustodyError, sha256Hex, utf8Encode } from '@custody/bytes';
import type { Item, Party } from '@custody/evidence';
import {
  INDEX_PREFIX,
  LINKS_PREFIX,
  LinksBuilder,
  LinksIndex,
  linksLabelOf,
  listMentions,
  openLinks,
  storeLinks,
} from '@custody/search';
import { openSegment } from '@custody/segment';
import type { Vault } from '@custody/vault';
import { usage } from '../errors.ts';
import { indexPlace } from '../index-case.ts';
import type { Case } from '../open-case.ts';
import type { Progress } from '../progress.ts';
import { indexGenerations, queriedTiles } from '../queried-tiles.ts';
import { decided, segmentsInForce } from '../selection.ts';
import { tileLabel } from '../tile-label.ts';
import { canonicalIdentifier, classOfIdentifier } from './canonical-identifier.ts';
import { speakerOf, tiesOf } from './item-ties.ts';
import { MentionedNodes } from './mentioned-nodes.ts';

/** Another way of tying makes other indexes. */
const VERSION = 'links 2';
const NOT_WRITABLE = new Set(['STORE_READ_ONLY', 'STORE_REFUSED', 'STORE_LOCKED']);
/** Classes of mentions that name a device, number or account. */
const MENTIONED = new Set(['device', 'handle', 'account']);

/**
 * The label of the links index that the case has now: a function of the segments in force and what was decided. It begins
 * with the number of orders and decisions by then, so that what was made before one of them is known by its name.
 */
export function linksLabel(opened: Case): string {
  const segments = segmentsInForce(opened).map((segment) => tileLabel(opened.ledger, segment));
  const decisions = opened.state.history.decisions.length;
  const state = sha256Hex(utf8Encode([VERSION, decisions, ...segments].join('\n'))).slice(0, 32);
  return `${opened.ledger.rewrites.all.length}-${state}`;
}

/**
 * The links index of the case as it is: opened where it is stored, else built from the items in scope and the index
 * tiles and stored (kept in memory only, on a store that cannot be written).
 *
 * Throws UsageError NO_RIGHTS without `evidence`, INDEX_MISSING where segments have no tile; as openLinks else.
 */
export async function linksOfCase(opened: Case, progress?: Progress): Promise<LinksIndex> {
  const { vault, identities, recipient } = indexPlace(opened);
  const label = linksLabel(opened);
  const stored = await openLinks(vault, label, identities);
  if (stored !== null) return stored;
  const plain = await buildLinks(opened, progress);
  try {
    await storeLinks(vault, label, plain, recipient);
    await removeOthers(vault, label);
  } catch (error) {
    // Derived: who may not write here has the answer all the same.
    if (!(error instanceof CustodyError && (error.family === 'unavailable' || NOT_WRITABLE.has(error.code))))
      throw error;
  }
  return new LinksIndex(plain);
}

/** Those of earlier states. Empty ones stay: they bar a name. */
async function removeOthers(vault: Vault, label: string): Promise<void> {
  for (const prefix of [`${INDEX_PREFIX}keys/links/`, LINKS_PREFIX]) {
    for await (const { name, length } of vault.list(prefix)) {
      if (length > 0 && linksLabelOf(name) !== label) await vault.remove(name);
    }
  }
}

/** Ties of every item in scope, in log order, then what their texts mention. */
async function buildLinks(opened: Case, progress?: Progress): Promise<Uint8Array> {
  const { evidence } = opened.held;
  if (evidence === undefined) throw usage('NO_RIGHTS', 'you do not hold the compartment "evidence" of this case');
  const segments = segmentsInForce(opened);
  const builder = new LinksBuilder();
  const mentioned = await mentionsOf(opened, builder, evidence.all);
  const stage = progress?.stage('links', segments.length, 'segments');
  for (const [i, segment] of segments.entries()) {
    const read = await openSegment(opened.vault, opened.ledger, segment, { evidence: evidence.all });
    for (let position = 0; position < segment.count; position++) {
      const found = read.leaf(position);
      if (found === null || found.kind !== 'item') continue;
      const leaf = decided(opened, found);
      if (leaf.kind === 'item' && leaf.disposition === 'in-scope') tie(builder, leaf, mentioned.of(leaf.index));
    }
    stage?.at(i + 1);
  }
  return builder.encode();
}

/** What the metadata of an item ties together, and its writer to each thing that its text names. */
function tie(
  builder: LinksBuilder,
  { index, item }: { index: number; item: Item },
  mentioned: readonly number[],
): void {
  const node = ({ type, value }: Party) => {
    const one = canonicalIdentifier(type, value);
    return builder.node(one.type, one.value);
  };
  const ms = item.sentAt?.utc ?? Number.NaN;
  const ties = tiesOf(item);
  if (ties.length > 1) builder.add(index, ms, 'metadata', ties.map(node));
  const speaker = mentioned.length === 0 ? null : speakerOf(item);
  if (speaker === null) return;
  const from = node(speaker);
  for (const named of mentioned) builder.add(index, ms, 'mentioned', [from, named]);
}

/** Devices, numbers and accounts that texts name, from the index tiles. */
async function mentionsOf(opened: Case, builder: LinksBuilder, identities: readonly string[]): Promise<MentionedNodes> {
  const found = new MentionedNodes();
  const tiles = queriedTiles(opened.ledger, segmentsInForce(opened));
  const options = { generations: indexGenerations(opened.ledger) };
  for await (const { leafIndex, mention } of listMentions(opened.vault, tiles, identities, options)) {
    if (mention.where !== 'body' || mention.alternative || !MENTIONED.has(classOfIdentifier(mention.type))) continue;
    const one = canonicalIdentifier(mention.type, mention.value);
    found.add(leafIndex, builder.node(one.type, one.value));
  }
  return found;
}
