import { sha256Hex } from '@custody/bytes';
import type { Item, Party } from '@custody/evidence';
import type { IndexMention, IndexQuery } from '@custody/search';
import { instantJson } from '../item-json.ts';
import type { Case } from '../open-case.ts';
import { searchHits } from '../query-case.ts';
import { SegmentCache } from '../selection.ts';
import { cueNear } from './amount-cues.ts';
import type { ReportLine } from './report-line.ts';

const QUOTE = 80;
const CITED = 20;
const decoder = new TextDecoder();
/** Said with every line: what a message says of money is no proof that any changed hands. */
const SAYS = 'mentioned';

interface Mentioned {
  readonly line: Omit<ReportLine, 'items'>;
  readonly unit: string;
  readonly number: string;
  readonly start: number;
  readonly items: number[];
}

export interface AmountsOptions {
  /** Least amount, in each unit for itself. */
  readonly min?: string;
  readonly max?: string;
}

/**
 * Sums, masses and counts that messages mention, oldest first, each with quote, sender and the nearest cue word; then a
 * line a unit. Copies of one message (same platform, native id or time, sender and body) are one line that cites each.
 * Units are never added up or converted.
 */
export async function* amountsReport(opened: Case, options: AmountsOptions = {}): AsyncGenerator<ReportLine> {
  const found = new Map<string, Mentioned>();
  const cache = new SegmentCache(opened);
  const query: IndexQuery = { type: 'amount', ...options };
  for await (const { leafIndex, mentions } of searchHits(opened, query)) {
    const read = await cache.leaf(leafIndex);
    if (read === null || read.leaf.kind !== 'item') continue;
    for (const mention of mentions) if (!mention.alternative) note(found, read.leaf.item, { mention, leafIndex });
  }
  const all = [...found.values()].sort(inOrder);
  for (const { line, items } of all)
    yield { ...(line as { report: string }), copies: items.length, items: items.slice(0, CITED) };
  yield* byUnit(all);
}

function note(
  found: Map<string, Mentioned>,
  item: Item,
  { mention, leafIndex }: { readonly mention: IndexMention; readonly leafIndex: number },
): void {
  if (item.body === null || mention.start === null || mention.end === null) return;
  const key = `${copyKey(item)} ${mention.start} ${mention.type} ${mention.value}`;
  const known = found.get(key);
  if (known !== undefined) {
    if (!known.items.includes(leafIndex)) known.items.push(leafIndex);
    return;
  }
  const [number, unit] = parts(mention);
  const text = decoder.decode(item.body);
  const start = decoder.decode(item.body.subarray(0, mention.start)).length;
  const end = start + decoder.decode(item.body.subarray(mention.start, mention.end)).length;
  const cue = cueNear(text, start, end);
  const line = {
    report: 'amounts',
    says: SAYS,
    type: mention.type,
    value: mention.value,
    unit,
    number,
    cue: cue?.cue ?? null,
    cueWord: cue?.word ?? null,
    quote: quoted(text, start, end),
    sender: shown(item.sender),
    recipients: (item.recipients ?? []).map(shown),
    conversation: item.conversation,
    utc: item.sentAt === null ? null : instantJson(item.sentAt).utc,
    tier: mention.tier,
    alternatives: mention.alternatives.map(({ value }) => value),
    ...(mention.folds.length > 0 && { folds: mention.folds }),
  };
  found.set(key, { line, unit, number, start: mention.start, items: [leafIndex] });
}

/** What two copies of one message have in common, whoever's device they were taken from. */
function copyKey(item: Item): string {
  const sender = item.sender === null ? '' : `${item.sender.type}:${item.sender.value}`;
  const which = item.messageId ?? String(item.sentAt?.utc ?? item.sentAt?.raw ?? '');
  return `${item.platform} ${which} ${sender} ${sha256Hex(item.body as Uint8Array)}`;
}

/** Number and unit: `EUR 431000`, `103.5 kg`. */
function parts({ type, value }: IndexMention): [string, string] {
  const at = value.indexOf(' ');
  const [first, second] = [value.slice(0, at), value.slice(at + 1)];
  return type === 'money' ? [second, first] : [first, second];
}

function quoted(text: string, start: number, end: number): string {
  const from = Math.max(0, start - QUOTE);
  const to = Math.min(text.length, end + QUOTE);
  return `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`.toWellFormed();
}

function shown(party: Party | null): string | null {
  return party === null ? null : `${party.type} ${party.value}`;
}

/** By time, undated last, then by item and place. */
function inOrder(a: Mentioned, b: Mentioned): number {
  const byTime = compareTimes(a.line.utc, b.line.utc);
  return byTime !== 0 ? byTime : (a.items[0] as number) - (b.items[0] as number) || a.start - b.start;
}

function compareTimes(a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return (a as string) < (b as string) ? -1 : 1;
}

/** How often each unit is mentioned, with the least and the greatest number; no totals. */
function* byUnit(all: readonly Mentioned[]): Generator<ReportLine> {
  const units = Map.groupBy(all, ({ unit }) => unit);
  for (const unit of [...units.keys()].sort()) {
    const list = (units.get(unit) ?? []).toSorted((a, b) => Number(a.number) - Number(b.number));
    const cues: Record<string, number> = {};
    for (const { line } of list) {
      const cue = String(line.cue ?? 'none');
      cues[cue] = (cues[cue] ?? 0) + 1;
    }
    yield {
      report: 'amounts',
      says: SAYS,
      unit,
      messages: list.length,
      least: list[0]?.number,
      greatest: list.at(-1)?.number,
      cues,
      items: list.flatMap(({ items }) => items).slice(0, CITED),
    };
  }
}
