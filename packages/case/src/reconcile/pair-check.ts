import { sha256Hex } from '@custody/bytes';
import type { Item, Party } from '@custody/evidence';
import { canonicalIdentifier } from '../links/canonical-identifier.ts';
import { type Check, CITED, type ReconcileLine, type SeenItem } from './reconcile-line.ts';

/** Ours: clocks further apart than this make no pair. */
export const PAIR_WITHIN_MS: number = 10 * 60_000;
/** Items that are kept for pairing; beyond, pairing is told to be unknown. */
const MOST_KEPT = 2_000_000;

interface Copy {
  readonly index: number;
  readonly source: number;
  readonly sent: number;
  readonly key: string;
}

/**
 * The same message or call in two sources (two captures, or two files of one): same parties, same text, times at most
 * ten minutes apart. Gives pairing rates, what only one side has where the other was recording, and clock offsets.
 */
export class PairCheck implements Check {
  readonly #sources: string[] = [];
  readonly #numbers = new Map<string, number>();
  /** Of each source whose capture it is; empty for servers and tables. */
  readonly #owners: Set<string>[] = [];
  readonly #copies = new Map<string, Copy[]>();
  #kept = 0;

  item({ index, capture, item }: SeenItem): void {
    const key = pairKey(item);
    const sent = item.sentAt?.utc ?? null;
    if (key === null || sent === null) return;
    if (++this.#kept > MOST_KEPT) return;
    const source = this.#source(`${capture} ${item.locator.path.split('!')[0]}`);
    // A table's owner is a handset, not whose capture it is.
    if (item.owner !== null && item.platform !== 'telecom') this.#owners[source]?.add(ownerName(item, item.owner));
    const known = this.#copies.get(key);
    if (known === undefined) this.#copies.set(key, [{ index, source, sent, key }]);
    else known.push({ index, source, sent, key });
  }

  *lines(): Generator<ReconcileLine> {
    if (this.#kept > MOST_KEPT) {
      yield { check: 'pairing', result: 'unknown', detail: `more than ${MOST_KEPT} messages and calls: not paired` };
      return;
    }
    const pairs = this.#pairs();
    for (const [key, found] of pairs) yield this.#pairLine(key, found);
    yield* this.#exchanged(new Set([...pairs.values()].flat(2)));
    if (pairs.size === 0) {
      yield {
        check: 'pairing',
        result: 'unknown',
        detail: 'no message or call stands in two sources: nothing can be compared',
      };
    }
  }

  /** By pair of sources: the paired copies and the spread of what each recorded. */
  #pairs(): Map<string, [Copy, Copy][]> {
    const pairs = new Map<string, [Copy, Copy][]>();
    for (const copies of this.#copies.values()) {
      copies.sort((a, b) => a.sent - b.sent || a.index - b.index);
      const used = new Set<Copy>();
      for (const [i, copy] of copies.entries()) {
        if (used.has(copy)) continue;
        for (let j = i + 1; j < copies.length; j++) {
          const other = copies[j] as Copy;
          if (other.sent - copy.sent > PAIR_WITHIN_MS) break;
          if (other.source === copy.source || used.has(other)) continue;
          used.add(copy).add(other);
          const two: [Copy, Copy] = copy.source < other.source ? [copy, other] : [other, copy];
          const key = `${two[0].source} ${two[1].source}`;
          const known = pairs.get(key);
          if (known === undefined) pairs.set(key, [two]);
          else known.push(two);
          break;
        }
      }
    }
    return pairs;
  }

  #pairLine(key: string, paired: readonly [Copy, Copy][]): ReconcileLine {
    const [a, b] = key.split(' ').map(Number) as [number, number];
    const inPair = new Set(paired.flat());
    const offsets = paired.map(([one, other]) => other.sent - one.sent).sort((x, y) => x - y);
    const span = (source: number) => {
      const times = [...this.#of(source)].map(({ sent }) => sent);
      return [times.reduce((x, y) => Math.min(x, y)), times.reduce((x, y) => Math.max(x, y))] as const;
    };
    const [from, to] = [
      Math.max(span(a)[0], span(b)[0]) - PAIR_WITHIN_MS,
      Math.min(span(a)[1], span(b)[1]) + PAIR_WITHIN_MS,
    ];
    const shared = new Set(paired.flatMap(([one]) => partiesOfKey(one.key)));
    const alone = (source: number, other: number) => {
      const owners = this.#owners[other] as ReadonlySet<string>;
      const known = owners.size > 0 ? owners : shared;
      return [...this.#of(source)].filter(
        (copy) =>
          !inPair.has(copy) &&
          copy.sent >= from &&
          copy.sent <= to &&
          partiesOfKey(copy.key).some((party) => known.has(party)),
      );
    };
    const [onlyA, onlyB] = [alone(a, b), alone(b, a)];
    const median = offsets[Math.floor(offsets.length / 2)] as number;
    const rate = paired.length / (paired.length + onlyA.length + onlyB.length);
    return {
      check: 'pairing',
      result: onlyA.length + onlyB.length === 0 ? 'agrees' : 'broken',
      ...{ a: this.#sources[a], b: this.#sources[b], paired: paired.length, rate: Math.round(rate * 10_000) / 10_000 },
      ...{ onlyInA: onlyA.length, onlyInB: onlyB.length },
      clockOffsetMs: { median, least: offsets[0] as number, most: offsets.at(-1) as number },
      detail:
        `${paired.length} in both, ${onlyA.length} only in the first and ${onlyB.length} only in the second, of the parties and the time that both recorded; ` +
        `the second clock is ${median} ms ahead (median)`,
      items: [...onlyA, ...onlyB].slice(0, CITED).map(({ index }) => index),
    };
  }

  /** The same text at the same time with sender and recipient exchanged, in another source. */
  *#exchanged(inPair: ReadonlySet<Copy>): Generator<ReconcileLine> {
    for (const [key, copies] of this.#copies) {
      const turned = turnedKey(key);
      if (turned === null || turned < key) continue;
      for (const copy of copies) {
        if (inPair.has(copy)) continue;
        const within = key.startsWith('call') ? SAME_CALL_MS : PAIR_WITHIN_MS;
        const other = (this.#copies.get(turned) ?? []).find(
          (one) => one.source !== copy.source && !inPair.has(one) && Math.abs(one.sent - copy.sent) <= within,
        );
        if (other === undefined) continue;
        const detail = `item ${other.index} of another source has its sender as recipient and its recipient as sender`;
        yield { check: 'direction', result: 'broken', detail, items: [copy.index, other.index] };
      }
    }
  }

  *#of(source: number): Generator<Copy> {
    for (const copies of this.#copies.values()) for (const copy of copies) if (copy.source === source) yield copy;
  }

  #source(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.#sources.push(name) - 1;
      this.#owners.push(new Set());
      this.#numbers.set(name, number);
    }
    return number;
  }
}

/** Ours: a call back within seconds would be another call. */
const SAME_CALL_MS = 10_000;

function partiesOfKey(key: string): string[] {
  return key.split('\n').slice(1, -1);
}

/** The key of the same message the other way; null where there are not two parties. */
function turnedKey(key: string): string | null {
  const [kind, from, to, body, ...more] = key.split('\n');
  return more.length > 0 || body === undefined || from === to ? null : [kind, to, from, body].join('\n');
}

/** What two copies of one message or call have in common; null for what has no two sides. */
export function pairKey(item: Item): string | null {
  const { kind, sender, recipients, body } = item;
  if ((kind !== 'message' && kind !== 'call') || sender === null || recipients === null || recipients.length === 0)
    return null;
  if (kind === 'message' && body === null) return null;
  const to = recipientNames(item).sort();
  return [kind, senderName(item, sender), ...to, body === null ? '' : sha256Hex(body)].join('\n');
}

/**
 * Signal knows its owner by service id and others by number: where both devices' backups state service ids, these name
 * the same person on both.
 */
function senderName({ fields }: Item, sender: Party): string {
  const aci = fields?.get('author_aci');
  return typeof aci === 'string' ? `signal-aci ${aci}` : partyName(sender);
}

function recipientNames({ fields, recipients }: Item): string[] {
  const aci = fields?.get('recipient_aci');
  return typeof aci === 'string' ? [`signal-aci ${aci}`] : (recipients ?? []).map(partyName);
}

function ownerName(item: Item, owner: Party): string {
  const name = partyName(owner);
  const { sender, recipients } = item;
  if (sender !== null && partyName(sender) === name) return senderName(item, sender);
  const [only] = recipients?.length === 1 ? recipients : [];
  return only !== undefined && partyName(only) === name ? (recipientNames(item)[0] ?? name) : name;
}

export function partyName({ type, value }: Party): string {
  const canonical = canonicalIdentifier(type, value);
  return `${canonical.type} ${canonical.value}`;
}
