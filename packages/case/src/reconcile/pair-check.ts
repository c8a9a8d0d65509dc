import type { Scratch } from '@custody/decode';
import { DiskScratch } from '../pipeline/disk-scratch.ts';
import { type Group, KeyTable } from './key-table.ts';
import { keyText, ownerName, pairKeyOf, turnedKey } from './pair-key.ts';
import type { Check, ReconcileLine, SeenItem } from './reconcile-line.ts';
import { addOnly, type Copy, pairLine, SourcePairs } from './source-pairs.ts';

/** Ours: clocks further apart than this make no pair. */
export const PAIR_WITHIN_MS: number = 10 * 60_000;
/** Ours: a call back within seconds would be another call. */
const SAME_CALL_MS = 10_000;
const MOST_EXCHANGED = 1000;
/** Numbers of a row: item, source, time, parties, 1 where the key is the other way round, and its form. */
const WIDTH = 6;
const NO_PARTNER = -1;
const FORM = { text: 0, call: 1, closed: 2 } as const;

interface Row extends Copy {
  readonly isTurned: boolean;
  readonly form: number;
  partner: number;
}

interface Source {
  readonly name: string;
  /** Whose capture it is; empty for servers and tables. */
  readonly owners: Set<string>;
  first: number;
  last: number;
}

/**
 * The same message or call in two sources (two captures, or two files of one): same parties, same text, times at most
 * ten minutes apart. Gives pairing rates, what only one side has where the other was recording, and clock offsets.
 * Memory does not grow with the messages, save by one number for each pair of parties.
 */
export class PairCheck implements Check {
  readonly #scratch = new DiskScratch();
  readonly #copies: KeyTable;
  readonly #sources: Source[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #parties: (readonly string[])[] = [];
  readonly #partyNumbers = new Map<string, number>();

  constructor() {
    this.#copies = new KeyTable(this.#scratch, WIDTH);
  }

  item({ index, capture, item }: SeenItem): void {
    const key = pairKeyOf(item);
    const sent = item.sentAt?.utc ?? null;
    if (key === null || sent === null) return;
    const number = this.#source(`${capture} ${item.locator.path.split('!')[0]}`);
    const source = this.#sources[number] as Source;
    // A table's owner is a handset, not whose capture it is.
    if (item.owner !== null && item.platform !== 'telecom') source.owners.add(ownerName(item, item.owner));
    source.first = Math.min(source.first, sent);
    source.last = Math.max(source.last, sent);
    const turned = turnedKey(key);
    // Both ways of a message stand in one group.
    const [text, other] = [keyText(key), turned === null ? null : keyText(turned)];
    const isTurned = other !== null && other < text;
    const parties = this.#partiesOf([key.from, ...key.to]);
    const form = key.kind === 'call' ? FORM.call : item.body === null ? FORM.closed : FORM.text;
    this.#copies.add(isTurned ? other : text, index, number, sent, parties, Number(isTurned), form);
  }

  *lines(): Generator<ReconcileLine> {
    try {
      yield* this.#all();
    } finally {
      this.#scratch.dispose();
    }
  }

  *#all(): Generator<ReconcileLine> {
    const pairs = new SourcePairs();
    const exchanged: ReconcileLine[] = [];
    const seen = new CopyList(this.#scratch);
    for (const group of this.#copies.groups()) {
      const rows = rowsOf(group);
      const ways = [rows.filter(({ isTurned }) => !isTurned), rows.filter(({ isTurned }) => isTurned)] as const;
      for (const way of ways) pairUp(way, (one, other) => pairs.pair(one, other, this.#parties[one.parties] ?? []));
      if (exchanged.length < MOST_EXCHANGED) exchanged.push(...exchangedLines(...ways));
      // What is closed here may be open there, under another key: it is no sign that one is missing.
      for (const row of rows) if (row.form !== FORM.closed) seen.add(row);
    }
    for (const row of seen.all()) this.#alone(row, pairs);
    const names = this.#sources.map(({ name }) => name);
    for (const pair of pairs.all()) yield pairLine(pair, names);
    yield* exchanged.sort((x, y) => (x.items?.[0] ?? 0) - (y.items?.[0] ?? 0));
    if (pairs.size > 0) return;
    const detail = 'no message or call stands in two sources: nothing can be compared';
    yield { check: 'pairing', result: 'unknown', detail };
  }

  /** A copy that another source should have: it has its parties, and recorded at the time. */
  #alone(row: Row, pairs: SourcePairs): void {
    for (const pair of pairs.of(row.source)) {
      const number = pair.a === row.source ? pair.b : pair.a;
      if (row.partner === number) continue;
      const [here, other] = [this.#sources[row.source] as Source, this.#sources[number] as Source];
      const from = Math.max(here.first, other.first) - PAIR_WITHIN_MS;
      const to = Math.min(here.last, other.last) + PAIR_WITHIN_MS;
      if (row.sent < from || row.sent > to) continue;
      const known = other.owners.size > 0 ? other.owners : pair.shared;
      if (!(this.#parties[row.parties] ?? []).some((party) => known.has(party))) continue;
      addOnly(pair.a === row.source ? pair.onlyA : pair.onlyB, row.index);
    }
  }

  #source(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      const first = Number.POSITIVE_INFINITY;
      number = this.#sources.push({ name, owners: new Set(), first, last: -first }) - 1;
      this.#numbers.set(name, number);
    }
    return number;
  }

  #partiesOf(names: readonly string[]): number {
    const key = names.join('\n');
    let number = this.#partyNumbers.get(key);
    if (number === undefined) {
      number = this.#parties.push(names) - 1;
      this.#partyNumbers.set(key, number);
    }
    return number;
  }
}

/** Copies once they were looked for in other sources, in scratch. */
class CopyList {
  readonly #rows: KeyTable;

  constructor(scratch: Scratch) {
    this.#rows = new KeyTable(scratch, WIDTH);
  }

  add({ index, source, sent, parties, partner }: Row): void {
    this.#rows.add(String(index), index, source, sent, parties, 0, partner);
  }

  *all(): Generator<Row> {
    for (const group of this.#rows.groups()) {
      const [index = 0, source = 0, sent = 0, parties = 0, , partner = NO_PARTNER] = group[0] as Float64Array;
      yield { index, source, sent, parties, isTurned: false, form: FORM.text, partner };
    }
  }
}

function rowsOf(group: Group): Row[] {
  return group.map((numbers) => {
    const [index = 0, source = 0, sent = 0, parties = 0, isTurned, form = 0] = numbers;
    return { index, source, sent, parties, isTurned: isTurned === 1, form, partner: NO_PARTNER };
  });
}

/** Pairs copies of different sources, each with the next one in time. */
function pairUp(rows: Row[], pair: (one: Row, other: Row) => void): void {
  rows.sort((x, y) => x.sent - y.sent || x.index - y.index);
  for (const [i, row] of rows.entries()) {
    if (row.partner !== NO_PARTNER) continue;
    for (let j = i + 1; j < rows.length; j++) {
      const other = rows[j] as Row;
      if (other.sent - row.sent > PAIR_WITHIN_MS) break;
      if (other.source === row.source || other.partner !== NO_PARTNER) continue;
      row.partner = other.source;
      other.partner = row.source;
      pair(row, other);
      break;
    }
  }
}

/** The same text at the same time with sender and recipient exchanged, in another source. */
function* exchangedLines(rows: readonly Row[], turned: readonly Row[]): Generator<ReconcileLine> {
  for (const row of rows) {
    if (row.partner !== NO_PARTNER) continue;
    const within = row.form === FORM.call ? SAME_CALL_MS : PAIR_WITHIN_MS;
    const other = turned.find(
      (one) => one.source !== row.source && one.partner === NO_PARTNER && Math.abs(one.sent - row.sent) <= within,
    );
    if (other === undefined) continue;
    const items = [row.index, other.index].sort((x, y) => x - y);
    const detail = `item ${items[1]} of another source has its sender as recipient and its recipient as sender`;
    yield { check: 'direction', result: 'broken', detail, items };
  }
}
