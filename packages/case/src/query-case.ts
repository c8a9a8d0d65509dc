import { holdsPhrases, type IndexHit, type IndexMention, type IndexQuery, queryTiles } from '@custody/search';
import { usage } from './errors.ts';
import { instantJson } from './item-json.ts';
import type { Case } from './open-case.ts';
import { indexGenerations, queriedTiles } from './queried-tiles.ts';
import { notLogged, recordAccess } from './record-access.ts';
import { derivationOf, SegmentCache, segmentOfLeaf, segmentsInForce } from './selection.ts';

export interface MentionJson {
  readonly class: string;
  readonly type: string;
  readonly value: string;
  /** `body`, or where the metadata names it: `sender`, `recipient`, `owner`, `attachment`. */
  readonly where: string;
  readonly tier: string;
  readonly alternatives: readonly string[];
  readonly snippet: string | null;
  /** What was done to the span before it was read: `full-width`, `leet` …; absent where nothing was. */
  readonly folds?: readonly string[];
  /** Of a telephone number: in its country's plan, or of fitting length only. */
  readonly grade?: 'valid' | 'possible';
}

/** One line of `custody query --json`. */
export interface QueryLine {
  readonly index: number;
  readonly utc: string | null;
  readonly local?: string;
  readonly conversation: string | null;
  readonly sender: { readonly type: string; readonly value: string; readonly display?: string } | null;
  readonly recipients: readonly { readonly type: string; readonly value: string; readonly display?: string }[] | null;
  readonly mentions: readonly MentionJson[];
  readonly snippet: string | null;
  readonly kind: string;
  readonly capture: string;
  /** Where UTC cannot be told: bounds that hold whatever zone or order of day and month was meant. */
  readonly within?: { readonly from: string; readonly to: string };
  readonly logged?: false;
}

export interface QueryOptions extends IndexQuery {
  readonly reason?: string;
  /** IANA zone of an extra local time. */
  readonly zone?: string;
}

/** Items that match a query but for the period, of which nobody can say whether they are in it. */
export interface LeftOut {
  undated: number;
}

/** Characters of body shown around a mention. */
const AROUND = 60;

/**
 * Answers from the index; every hit is then read from the ledger's own content. The query is recorded before the first
 * answer. Dated items come in ledger order, undated ones last.
 */
export async function* queryCase(
  opened: Case,
  query: QueryOptions,
  left: LeftOut = { undated: 0 },
): AsyncGenerator<QueryLine> {
  const { reason, zone, ...criteria } = query;
  if (Object.values(criteria).every((value) => value === undefined)) {
    throw usage(
      'ARGUMENT_INVALID',
      'a query needs at least one of --type, --value, --prefix, --from, --to, --text, --party, --min, --max',
    );
  }
  const logged = await recordAccess(opened, 'query', {
    parameters: { query: JSON.stringify(criteria) },
    ...(reason !== undefined && { reason }),
  });
  for await (const line of selectLines(opened, criteria, { zone, left })) yield { ...line, ...notLogged(logged) };
}

/** The answers themselves, for who has recorded the access or shows nothing of them. */
export async function* selectLines(
  opened: Case,
  criteria: IndexQuery,
  { zone, left = { undated: 0 } }: { readonly zone?: string | undefined; readonly left?: LeftOut } = {},
): AsyncGenerator<QueryLine> {
  const cache = new SegmentCache(opened);
  const undated: IndexHit[] = [];
  for await (const hit of searchHits(opened, criteria)) {
    if (hit.undated) undated.push(hit);
    else yield* lineOf(opened, cache, { hit, criteria, zone });
  }
  for (const hit of undated) yield* lineOf(opened, cache, { hit, criteria, zone });
  if (criteria.from !== undefined || criteria.to !== undefined)
    yield* boundedLines(opened, cache, { criteria, zone, left });
}

/** Undated items whose bounds lie inside the period; those that may or may not be in it are counted, not shown. */
async function* boundedLines(
  opened: Case,
  cache: SegmentCache,
  {
    criteria,
    zone,
    left,
  }: { readonly criteria: IndexQuery; readonly zone: string | undefined; readonly left: LeftOut },
): AsyncGenerator<QueryLine> {
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY, ...rest } = criteria;
  for await (const hit of searchHits(opened, { ...rest, undated: 'only' })) {
    for await (const line of lineOf(opened, cache, { hit, criteria, zone })) {
      const [start, end] = [Date.parse(line.within?.from ?? ''), Date.parse(line.within?.to ?? '')];
      if (start >= from && end <= to) yield line;
      else if (!(end <= from || start >= to)) left.undated++;
    }
  }
}

/** LeafIndex of everything a query finds, in ledger order. */
export async function selectByIndex(opened: Case, query: IndexQuery): Promise<number[]> {
  const out: number[] = [];
  for await (const line of selectLines(opened, query)) out.push(line.index);
  return out.sort((a, b) => a - b);
}

/** Hits of the index, unread. */
export function searchHits(opened: Case, query: IndexQuery): AsyncIterable<IndexHit> {
  const evidence = opened.held.evidence;
  if (evidence === undefined)
    throw usage('NO_RIGHTS', 'you do not hold the compartment "evidence", which the index is sealed to');
  const tiles = queriedTiles(opened.ledger, segmentsInForce(opened));
  return queryTiles(opened.vault, tiles, query, evidence.all, { generations: indexGenerations(opened.ledger) });
}

async function* lineOf(
  opened: Case,
  cache: SegmentCache,
  found: { readonly hit: IndexHit; readonly criteria: IndexQuery; readonly zone?: string | undefined },
): AsyncGenerator<QueryLine> {
  const { hit, criteria, zone } = found;
  const read = await cache.leaf(hit.leafIndex);
  if (read === null || read.leaf.kind !== 'item') return;
  const { item } = read.leaf;
  const body = item.body;
  if (hit.phraseUnchecked && !(body !== null && holdsPhrases(body, criteria.text ?? ''))) return;
  const { utc, within } = item.sentAt === null ? { utc: null } : instantJson(item.sentAt);
  yield {
    index: hit.leafIndex,
    utc,
    ...(zone !== undefined && { local: utc === null ? '' : localTime(utc, zone) }),
    ...(within !== undefined && { within }),
    conversation: item.conversation,
    sender: item.sender,
    recipients: item.recipients,
    mentions: hit.mentions.map((mention) => ({
      class: mention.class,
      type: mention.type,
      value: mention.value,
      where: mention.where,
      tier: mention.tier,
      alternatives: mention.alternatives.map(({ value }) => value),
      snippet: spanOf(mention, body),
      ...(mention.folds.length > 0 && { folds: mention.folds }),
      ...(mention.grade !== null && { grade: mention.grade }),
    })),
    snippet: body === null ? null : snippet(body, 0, Math.min(body.length, 2 * AROUND)),
    kind: item.kind,
    capture: derivationOf(opened, segmentOfLeaf(opened, hit.leafIndex)).capture,
  };
}

const lossy = new TextDecoder();

/** A stretch of the body around a mention, cut at character boundaries. */
function snippet(body: Uint8Array, start: number, end: number): string {
  let from = Math.max(0, start - AROUND);
  let to = Math.min(body.length, end + AROUND);
  while (from > 0 && ((body[from] as number) & 0xc0) === 0x80) from--;
  while (to < body.length && ((body[to] as number) & 0xc0) === 0x80) to++;
  return `${from > 0 ? '…' : ''}${lossy.decode(body.subarray(from, to))}${to < body.length ? '…' : ''}`;
}

function localTime(utc: string, zone: string): string {
  try {
    return new Date(utc).toLocaleString('sv-SE', { timeZone: zone, timeZoneName: 'shortOffset' });
  } catch {
    throw usage('ARGUMENT_INVALID', `--tz ${zone} is no time zone (an example: Europe/Amsterdam)`);
  }
}

/** Text around a mention in the body; metadata has no span. */
function spanOf(mention: IndexMention, body: Uint8Array | null): string | null {
  if (mention.where !== 'body' || body === null || mention.start === null || mention.end === null) return null;
  return snippet(body, mention.start, mention.end);
}
