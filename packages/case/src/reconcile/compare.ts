import type { Item } from '@custody/evidence';
import type { CaseCapture } from '../case-state.ts';
import { usage } from '../errors.ts';
import type { Case } from '../open-case.ts';
import { notLogged, recordAccess } from '../record-access.ts';
import { leavesInForce, SegmentCache } from '../selection.ts';
import { contentKey, differingFields, identityKeys } from './content-key.ts';
import { PAIR_WITHIN_MS } from './pair-check.ts';

/** One line of `custody compare --json`: what is not the same in both; the summary comes last. */
export interface CompareLine {
  readonly result: 'only-in-a' | 'only-in-b' | 'differs' | 'summary';
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
  const keys = await contentOf(opened, [first.sha256, second.sha256]);
  const left = { a: [] as number[], b: [] as number[] };
  const copies = new Set<number>();
  let same = 0;
  for (const [inA, inB] of keys.values()) {
    const common = Math.min(inA.length, inB.length);
    same += common;
    const rest = [...inA.slice(common), ...inB.slice(common)];
    if (common > 0) for (const index of rest) copies.add(index);
    left.a.push(...inA.slice(common));
    left.b.push(...inB.slice(common));
  }
  const entries = { a: await entriesOf(opened, left.a), b: await entriesOf(opened, left.b) };
  const { pairs, onlyA, onlyB } = paired(entries.a, entries.b, copies);
  const offsets: number[] = [];
  const counts = { paired: 0, differing: 0 };
  for (const { one, other, views } of pairs) {
    const fields = differingFields(one.item, other.item, { own: views });
    if (views) offsets.push((other.item.sentAt?.utc ?? 0) - (one.item.sentAt?.utc ?? 0));
    if (fields.length === 0) counts.paired++;
    else {
      counts.differing++;
      yield { ...differs(one, other, fields), ...logged };
    }
  }
  for (const entry of onlyA) yield { ...only('only-in-a', entry, copies), ...logged };
  for (const entry of onlyB) yield { ...only('only-in-b', entry, copies), ...logged };
  yield {
    ...summary({ same, ...counts, onlyA: onlyA.length, onlyB: onlyB.length, offsets, first, second }),
    ...logged,
  };
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

/** Item numbers by content, of A and of B. */
async function contentOf(opened: Case, [a, b]: readonly [string, string]): Promise<Map<string, [number[], number[]]>> {
  const out = new Map<string, [number[], number[]]>();
  for await (const { leaf, derivation } of leavesInForce(opened)) {
    if (leaf === null || leaf.kind !== 'item' || (derivation.capture !== a && derivation.capture !== b)) continue;
    const key = contentKey(leaf.item);
    const known = out.get(key) ?? [[], []];
    known[derivation.capture === a ? 0 : 1].push(leaf.index);
    out.set(key, known);
  }
  return out;
}

async function entriesOf(opened: Case, indexes: readonly number[]): Promise<Entry[]> {
  const cache = new SegmentCache(opened);
  const out: Entry[] = [];
  for (const index of Float64Array.from(indexes).sort()) {
    const read = await cache.leaf(index);
    if (read !== null && read.leaf.kind === 'item') out.push({ index, item: read.leaf.item });
  }
  return out;
}

interface Pair {
  readonly one: Entry;
  readonly other: Entry;
  /** The two are views of one message by two sides. */
  readonly views: boolean;
}

/** Pairs what is left by the surest sign first. Further copies of a record that both have are left alone. */
function paired(
  a: readonly Entry[],
  b: readonly Entry[],
  copies: ReadonlySet<number>,
): { pairs: Pair[]; onlyA: Entry[]; onlyB: Entry[] } {
  const pairs: Pair[] = [];
  const [freeA, freeB] = [new Set(a), new Set(b)];
  const steps = 5;
  for (let step = 0; step < steps; step++) {
    const waiting = new Map<string, Entry[]>();
    for (const entry of freeB) {
      const key = copies.has(entry.index) ? null : (identityKeys(entry.item)[step] ?? null);
      if (key !== null) waiting.set(key, [...(waiting.get(key) ?? []), entry]);
    }
    for (const one of [...freeA]) {
      const key = copies.has(one.index) ? null : (identityKeys(one.item)[step] ?? null);
      const candidates = key === null ? [] : (waiting.get(key) ?? []);
      const other = step === 1 ? nearest(one, candidates) : candidates[0];
      if (key === null || other === undefined) continue;
      waiting.set(
        key,
        candidates.filter((entry) => entry !== other),
      );
      freeA.delete(one);
      freeB.delete(other);
      pairs.push({ one, other, views: isOtherView(one.item, other.item) });
    }
  }
  pairs.sort((x, y) => x.one.index - y.one.index);
  return { pairs, onlyA: [...freeA], onlyB: [...freeB] };
}

function nearest(one: Entry, candidates: readonly Entry[]): Entry | undefined {
  const distance = (entry: Entry) =>
    Math.abs((entry.item.sentAt?.utc ?? Number.NaN) - (one.item.sentAt?.utc ?? Number.NaN));
  const near = candidates.filter((entry) => distance(entry) <= PAIR_WITHIN_MS);
  return near.sort((x, y) => distance(x) - distance(y))[0];
}

/** Another platform's record, or another owner's: not a second delivery of the same one. */
function isOtherView(a: Item, b: Item): boolean {
  if (a.platform === 'telecom' && b.platform === 'telecom') return false;
  const owner = (item: Item) => (item.owner === null ? '' : `${item.owner.type} ${item.owner.value}`);
  return a.platform !== b.platform || owner(a) !== owner(b) || a.direction !== b.direction;
}

function placeOf({ item }: Entry): { kind: string; file: string; row: number | null } {
  return { kind: item.kind, file: item.locator.path, row: item.locator.row };
}

function differs(one: Entry, other: Entry, fields: readonly string[]): CompareLine {
  const detail = `the same ${one.item.kind} with different ${fields.join(', ')}`;
  return { result: 'differs', a: one.index, b: other.index, ...placeOf(one), fields, detail };
}

function only(result: 'only-in-a' | 'only-in-b', entry: Entry, copies: ReadonlySet<number>): CompareLine {
  const inA = result === 'only-in-a';
  const side = inA ? 'first' : 'second';
  const isCopy = copies.has(entry.index);
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
  readonly differing: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly offsets: number[];
  readonly first: CaseCapture;
  readonly second: CaseCapture;
}

function summary({ same, paired: both, differing, onlyA, onlyB, offsets, first, second }: Totals): CompareLine {
  offsets.sort((x, y) => x - y);
  const median = offsets[Math.floor(offsets.length / 2)] ?? null;
  const clocks = median === null ? '' : `; the second clock is ${median} ms ahead (median of ${offsets.length} pairs)`;
  return {
    result: 'summary',
    ...{ a: null, b: null, captures: [first.sha256, second.sha256] },
    ...{ same, paired: both, differing, onlyInA: onlyA, onlyInB: onlyB, clockOffsetMs: median },
    detail: `${same} the same, ${both} seen by both sides, ${differing} differ, ${onlyA} only in the first, ${onlyB} only in the second${clocks}`,
  };
}
