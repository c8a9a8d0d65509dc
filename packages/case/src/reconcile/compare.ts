import type { Item } from '@custody/evidence';
import type { CaseCapture } from '../case-state.ts';
import { usage } from '../errors.ts';
import type { Case } from '../open-case.ts';
import { DiskScratch } from '../pipeline/disk-scratch.ts';
import { notLogged, recordAccess } from '../record-access.ts';
import { SegmentCache } from '../selection.ts';
import { differingFields } from './content-key.ts';
import { ContentPairs } from './content-pairs.ts';
import { differingTexts, NamePairs } from './name-pairs.ts';
import { OffsetCounts } from './offset-counts.ts';

/** One line of `custody compare --json`: what is not the same in both; the summary comes last. */
export interface CompareLine {
  readonly result: 'only-in-a' | 'only-in-b' | 'differs' | 'undecided' | 'summary';
  /** Item numbers. */
  readonly a: number | null;
  readonly b: number | null;
  readonly kind?: string;
  readonly file?: string;
  readonly row?: number | null;
  /** What differs, by name. */
  readonly fields?: readonly string[];
  /** The other side has the same record once more: this one is a further copy. */
  readonly copy?: true;
  readonly detail: string;
  readonly logged?: false;
  readonly [name: string]: unknown;
}

export interface CompareOptions {
  readonly reason?: string;
}

interface Entry {
  readonly index: number;
  readonly item: Item;
}

/**
 * Two captures of the case, item by item: two deliveries of one dump, the devices of both parties, or a device and a
 * server. The same records are counted; the same message seen by two sides is a pair, with the offset of their clocks;
 * what only one has, and which fields differ, is told line by line. Recorded first. Throws UsageError ARGUMENT_INVALID
 * for a capture that the case does not have.
 */
export async function* compare(
  opened: Case,
  a: string,
  b: string,
  options: CompareOptions = {},
): AsyncGenerator<CompareLine> {
  const [first, second] = [captureNamed(opened, a), captureNamed(opened, b)];
  if (first.sha256 === second.sha256) throw usage('ARGUMENT_INVALID', `${a} and ${b} are the same capture`);
  const { reason } = options;
  const parameters = { a: first.sha256, b: second.sha256 };
  const logged = notLogged(
    await recordAccess(opened, 'compare', { parameters, ...(reason !== undefined && { reason }) }),
  );
  const scratch = new DiskScratch();
  try {
    const content = new ContentPairs(opened, scratch);
    await content.read(first.sha256, second.sha256);
    const counts = { differing: 0, paired: 0, byText: 0, undecided: 0, coarser: 0, onlyA: 0, onlyB: 0 };
    const totals = { ...counts, offsets: new OffsetCounts() };
    for await (const line of differences(opened, content, totals)) yield { ...line, ...logged };
    yield { ...summary({ ...totals, same: content.same, first, second }), ...logged };
  } finally {
    scratch.dispose();
  }
}

type Counts = { -readonly [K in keyof Omit<Totals, 'same' | 'first' | 'second'>]: Totals[K] };

/** Pairs in the order of the first capture, then what only one has. */
async function* differences(opened: Case, content: ContentPairs, totals: Counts): AsyncGenerator<CompareLine> {
  const cache = new SegmentCache(opened);
  const entry = async (index: number): Promise<Entry | null> => {
    const read = await cache.leaf(index);
    return read !== null && read.leaf.kind === 'item' ? { index, item: read.leaf.item } : null;
  };
  const names = new NamePairs();
  for (const [a, b] of content.pairs()) {
    if (content.isByText(a)) names.add((await entry(a))?.item, (await entry(b))?.item);
  }
  for (const [a, b] of content.pairs()) {
    const [one, other] = [await entry(a), await entry(b)];
    if (one === null || other === null) continue;
    const byText = content.isByText(a);
    const views = byText || isOtherView(one.item, other.item);
    const fields = byText
      ? differingTexts(one.item, other.item, names)
      : differingFields(one.item, other.item, { own: views });
    if (byText && fields.length === 0) totals.byText++;
    if (views && hasInstants(one, other))
      totals.offsets.add((other.item.sentAt?.utc ?? 0) - (one.item.sentAt?.utc ?? 0));
    if (fields.length > 0) {
      totals.differing++;
      yield differs(one, other, fields);
    } else if (views) totals.paired++;
    else totals.coarser++;
  }
  for (const side of ['a', 'b'] as const) {
    for (const index of content.only(side)) {
      const alone = await entry(index);
      if (alone === null) continue;
      if (content.isUndecided(index)) {
        totals.undecided++;
        yield undecided(side, alone);
        continue;
      }
      totals[side === 'a' ? 'onlyA' : 'onlyB']++;
      yield only(side === 'a' ? 'only-in-a' : 'only-in-b', alone, content.isCopy(index));
    }
  }
}

/** By the beginning of its SHA-256, or its name where only one capture has it. */
function captureNamed(opened: Case, text: string): CaseCapture {
  const all = [...opened.state.captures.values()];
  const wanted = text.toLowerCase();
  const byHash = /^[0-9a-f]{4,64}$/.test(wanted) ? all.filter(({ sha256 }) => sha256.startsWith(wanted)) : [];
  const found = byHash.length > 0 ? byHash : all.filter(({ name }) => name === text);
  if (found.length === 1) return found[0] as CaseCapture;
  const known = all.map(({ sha256, name }) => `${sha256.slice(0, 12)} ${name}`).join(', ');
  const why = found.length === 0 ? 'no capture' : `${found.length} captures`;
  throw usage('ARGUMENT_INVALID', `${why} "${text}"; the case has ${known === '' ? 'none' : known}`);
}

/** Another platform's record, or another owner's: not a second delivery of the same one. */
function isOtherView(a: Item, b: Item): boolean {
  if (a.platform === 'telecom' && b.platform === 'telecom') return false;
  const owner = (item: Item) => (item.owner === null ? '' : `${item.owner.type} ${item.owner.value}`);
  return a.platform !== b.platform || owner(a) !== owner(b) || a.direction !== b.direction;
}

function hasInstants(one: Entry, other: Entry): boolean {
  return one.item.sentAt?.utc != null && other.item.sentAt?.utc != null;
}

function undecided(side: 'a' | 'b', entry: Entry): CompareLine {
  const [a, b, which] = side === 'a' ? [entry.index, null, 'second'] : [null, entry.index, 'first'];
  const detail = `the ${which} has a message of the same text, but no zone or day is known by which to compare their times`;
  return { result: 'undecided', a, b, ...placeOf(entry), detail };
}

function placeOf({ item }: Entry): { kind: string; file: string; row: number | null } {
  return { kind: item.kind, file: item.locator.path, row: item.locator.row };
}

function differs(one: Entry, other: Entry, fields: readonly string[]): CompareLine {
  const detail = `the same ${one.item.kind} with different ${fields.join(', ')}`;
  return { result: 'differs', a: one.index, b: other.index, ...placeOf(one), fields, detail };
}

function only(result: 'only-in-a' | 'only-in-b', entry: Entry, isCopy: boolean): CompareLine {
  const inA = result === 'only-in-a';
  const side = inA ? 'first' : 'second';
  return {
    result,
    a: inA ? entry.index : null,
    b: inA ? null : entry.index,
    ...placeOf(entry),
    ...(isCopy && { copy: true as const }),
    detail: isCopy
      ? `the ${side} has this ${entry.item.kind} more often`
      : `only the ${side} has this ${entry.item.kind}`,
  };
}

interface Totals {
  readonly same: number;
  readonly paired: number;
  /** Of those, recognised by text and time. */
  readonly byText: number;
  readonly undecided: number;
  /** The same, but that one side writes a time to the second and the other to the millisecond. */
  readonly coarser: number;
  readonly differing: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly offsets: OffsetCounts;
  readonly first: CaseCapture;
  readonly second: CaseCapture;
}

function summary(totals: Totals): CompareLine {
  const {
    same,
    paired: both,
    byText,
    undecided: open,
    coarser,
    differing,
    onlyA,
    onlyB,
    offsets,
    first,
    second,
  } = totals;
  const median = offsets.spread()?.median ?? null;
  const clocks = median === null ? '' : `; the second clock is ${median} ms ahead (median of ${offsets.total} pairs)`;
  const cut = coarser === 0 ? '' : `, ${coarser} the same with a time written less precisely in one`;
  const texts = byText === 0 ? '' : ` (${byText} by text and time)`;
  const left = open === 0 ? '' : `, ${open} undecided`;
  return {
    result: 'summary',
    ...{ a: null, b: null, captures: [first.sha256, second.sha256] },
    ...{ same, coarser, paired: both, differing, onlyInA: onlyA, onlyInB: onlyB, clockOffsetMs: median },
    ...{ byText, undecided: open },
    detail: `${same} the same${cut}, ${both} seen by both sides${texts}, ${differing} differ, ${onlyA} only in the first, ${onlyB} only in the second${left}${clocks}`,
  };
}
