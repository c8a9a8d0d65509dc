import type { Item } from '@custody/evidence';
import type { Group } from './key-table.ts';
import { pairKeyOf } from './pair-key.ts';
import { sharedId, textKey } from './shared-id.ts';

/** Ours: exports write the minute, and the clocks of two phones are seconds apart. */
const WITHIN_MS = 90_000;
/** Zones lie whole quarters of an hour apart (IANA tz, since 1972), 26 hours at most. */
const QUARTER_MS = 15 * 60_000;
const FARTHEST_MS = 26 * 3_600_000;
const SUMMER_MS = 3_600_000;
/** Ours: fewer messages that stand once on each side prove no zone. */
const LEAST_VOTES = 3;
const WALL_CLOCK = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/;

/** Numbers of a row: item, side (0, 1), milliseconds, time without a zone, names neither id nor number, text. */
export const TEXT_WIDTH = 6;
type TextRow = readonly [index: number, side: number, time: number, isFloating: number, isBare: number, isText: number];

/**
 * What an export that names neither ids nor numbers has to be recognised by: its text, or that it has a file, and its
 * time, which may be a wall clock of no known zone. Null for what is no message or has neither.
 */
export function textRow(item: Item, index: number, side: number): readonly [string, TextRow] | null {
  if (item.kind !== 'message') return null;
  const text = textKey(item);
  if (text === null && item.attachments.length === 0) return null;
  const utc = item.sentAt?.utc ?? null;
  const row: TextRow = [
    ...([index, side, utc ?? wallClock(item), utc === null ? 1 : 0] as const),
    ...([isBare(item) ? 1 : 0, text === null ? 0 : 1] as const),
  ];
  return [text ?? `${item.platform} a file`, row];
}

/**
 * A line of an export for people: WhatsApp's has no ids, Telegram's of one chat need not say whose it is, and neither need
 * say its zone.
 */
export function isBare(item: Item): boolean {
  const { kind, platform, sentAt } = item;
  if (kind !== 'message' || sharedId(item)?.isExact === true) return false;
  return platform === 'whatsapp' || sentAt?.utc == null || (platform === 'telegram' && pairKeyOf(item) === null);
}

function wallClock({ fields, sentAt }: Item): number {
  const text = fields?.get('local_time') ?? sentAt?.raw;
  return typeof text === 'string' && WALL_CLOCK.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
}

/** How far the wall clock of one side lies before that of the other, by the texts that stand once in each. */
export class ZoneVotes {
  readonly #votes = new Map<number, number>();
  #all = 0;

  add(group: Group): void {
    const [one, other, ...more] = group as unknown as TextRow[];
    if (one === undefined || other === undefined || more.length > 0 || one[1] === other[1] || one[5] === 0) return;
    if (one[3] === 0 && other[3] === 0) return;
    const apart = one[1] === 0 ? other[2] - one[2] : one[2] - other[2];
    const zone = Math.round(apart / QUARTER_MS) * QUARTER_MS;
    if (!(Math.abs(apart - zone) <= WITHIN_MS && Math.abs(zone) <= FARTHEST_MS)) return;
    this.#all++;
    this.#votes.set(zone, (this.#votes.get(zone) ?? 0) + 1);
  }

  /** The offsets that are proven, the best first: one, or two where summer time lies between; none where they disagree. */
  proven(): readonly number[] {
    const [best] = [...this.#votes].sort((x, y) => y[1] - x[1] || x[0] - y[0]);
    if (best === undefined || best[1] < LEAST_VOTES) return [];
    const summer = [best[0] - SUMMER_MS, best[0] + SUMMER_MS].filter((zone) => this.#of(zone) >= LEAST_VOTES);
    const zones = [best[0], ...summer.sort((x, y) => this.#of(y) - this.#of(x)).slice(0, 1)];
    const agreeing = zones.reduce((sum, zone) => sum + this.#of(zone), 0);
    return agreeing * 3 >= this.#all * 2 ? zones : [];
  }

  #of(zone: number): number {
    return this.#votes.get(zone) ?? 0;
  }
}

export interface TextPairing {
  readonly pairs: readonly (readonly [a: number, b: number])[];
  /** The other side has as many or more of this text, at times that cannot be compared. */
  readonly undecided: readonly number[];
  /** The other side has this text, but fewer times within the minute. */
  readonly copies: readonly number[];
}

/** Pairs of one text: in the order of time, at most a minute and a half apart once zones are told. */
export function pairTexts(group: Group, zones: readonly number[]): TextPairing {
  const rows = group as unknown as TextRow[];
  const pairs: [number, number][] = [];
  const taken = new Set<number>();
  const near = new Set<string>();
  for (const zone of [0, ...zones.filter((one) => one !== 0)]) {
    const free = (side: number) => rows.filter((row) => row[1] === side && !taken.has(row[0]) && !Number.isNaN(row[2]));
    const [as, bs] = [free(0).sort((x, y) => x[2] - y[2]), free(1).sort((x, y) => x[2] - y[2])];
    for (let i = 0, j = 0; i < as.length && j < bs.length; ) {
      const [a, b] = [as[i] as TextRow, bs[j] as TextRow];
      const apart = b[2] - a[2] - zone;
      if (Math.abs(apart) > WITHIN_MS || !mayPair(a, b, zone, zones)) {
        if (apart >= 0) i++;
        else j++;
        continue;
      }
      pairs.push([a[0], b[0]]);
      for (const row of [a, b]) {
        taken.add(row[0]);
        near.add(minuteOf(row, 0));
      }
      i++;
      j++;
    }
  }
  const left = rows.filter((row) => !taken.has(row[0]));
  const has = (side: number) => left.some((row) => row[1] === side);
  const isOpen = (row: TextRow) => Number.isNaN(row[2]) || (row[3] === 1 && zones.length === 0);
  const open = has(0) && has(1) && left.some(isOpen) && left.some((row) => row[4] === 1);
  const isCopy = (row: TextRow) => row[4] === 1 && [-1, 0, 1].some((by) => near.has(minuteOf(row, by)));
  return {
    pairs,
    undecided: open ? left.map(([index]) => index) : [],
    copies: open ? [] : left.filter(isCopy).map(([index]) => index),
  };
}

function minuteOf([, side, time]: TextRow, by: number): string {
  return `${side} ${Math.floor(time / WITHIN_MS) + by}`;
}

/** Two instants need no zone; a wall clock needs one that is proven. One of the two is known by its text only. */
function mayPair(a: TextRow, b: TextRow, zone: number, zones: readonly number[]): boolean {
  if (a[4] === 0 && b[4] === 0) return false;
  return a[3] === 0 && b[3] === 0 ? zone === 0 : zones.includes(zone);
}
