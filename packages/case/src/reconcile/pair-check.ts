import { hash } from 'node:crypto';
import type { Item } from '@custody/evidence';
import { DiskScratch } from '../pipeline/disk-scratch.ts';
import { FORM, hasPartner, numbersOf, type Row, rowsOf, unpaired, WIDTH } from './copy-row.ts';
import { KeyTable } from './key-table.ts';
import { keyText, ownerName, type PairKey, pairKeyOf, partyName, turnedKey } from './pair-key.ts';
import { areOther, exchangedLines, PAIR_WITHIN_MS, pairUp } from './pair-up.ts';
import type { Check, ReconcileLine, SeenItem } from './reconcile-line.ts';
import { sharedId, textKey } from './shared-id.ts';
import { addOnly, type PairedBy, pairLine, type SourcePair, SourcePairs } from './source-pairs.ts';

/** Ours: exports write the minute, and no party that another source would name alike. */
const TEXT_WITHIN_MS = 90_000;
/** A person as somebody's address book had it: another one calls the same person otherwise. */
const NAME_ONLY = 'whatsapp-name ';
const MOST_EXCHANGED = 1000;
const WAYS: Readonly<Record<string, number>> = { outgoing: 1, incoming: 2 };

interface Source {
  readonly name: string;
  /** Whose capture it is; empty for servers and tables. */
  readonly owners: Set<string>;
  /** It has messages with ids that are the same everywhere. */
  hasIds: boolean;
  /** A table of a provider: it has what its own subscribers did, whoever the other was. */
  isTable: boolean;
  first: number;
  last: number;
}

/**
 * The same message or call in two sources (two captures, or two files of one): the same id where the platform has one id
 * for every device; else same parties, same text, times at most ten minutes apart; else, where one of them names neither
 * id nor numbers, platform, text and minute. Gives pairing rates, what only one side has where the other was recording, and
 * clock offsets. Memory does not grow with the messages, save by one number for each pair of parties.
 */
export class PairCheck implements Check {
  readonly #scratch = new DiskScratch();
  readonly #byId: KeyTable;
  readonly #byParties: KeyTable;
  readonly #byText: KeyTable;
  readonly #seen: KeyTable;
  readonly #pairs = new SourcePairs();
  readonly #exchanged: ReconcileLine[] = [];
  readonly #sources: Source[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #parties: (readonly string[])[] = [];
  readonly #partyNumbers = new Map<string, number>();

  constructor() {
    const table = () => new KeyTable(this.#scratch, WIDTH);
    [this.#byId, this.#byParties, this.#byText, this.#seen] = [table(), table(), table(), table()];
  }

  item({ index, capture, item }: SeenItem): void {
    const key = pairKeyOf(item);
    const id = sharedId(item);
    const text = textKey(item);
    const sent = item.sentAt?.utc ?? null;
    if (sent === null || (key === null && id === null && text === null)) return;
    const number = this.#source(`${capture} ${item.locator.path.split('!')[0]}`);
    const source = this.#sources[number] as Source;
    // A table's owner is a handset, not whose capture it is.
    if (item.owner !== null && item.platform !== 'telecom') {
      source.owners.add(ownerName(item, item.owner)).add(partyName(item.owner));
    }
    source.isTable ||= item.platform === 'telecom';
    source.hasIds ||= id?.isExact === true;
    source.first = Math.min(source.first, sent);
    source.last = Math.max(source.last, sent);
    const row: Row = {
      ...{ index, source: number, sent, parties: this.#partiesOf(namesOf(item, key)), ...waysOf(key) },
      form: item.kind === 'call' ? FORM.call : item.body === null ? FORM.closed : FORM.text,
      ...{ idKey: numberOf(id?.key), isExact: id?.isExact === true, textKey: numberOf(text) },
      ...{ way: WAYS[item.direction ?? ''] ?? 0, ...unpaired() },
    };
    this.#pass(row, id === null ? this.#byParties : this.#byId);
  }

  *lines(): Generator<ReconcileLine> {
    try {
      this.#pairAll();
      yield* this.#told();
    } finally {
      this.#scratch.dispose();
    }
  }

  /** To the next way of pairing that the row has a key for; at last to what is counted. */
  #pass(row: Row, to: KeyTable): void {
    const numbers = numbersOf(row);
    if (to === this.#byId) this.#byId.add(String(row.idKey), ...numbers);
    else if (to === this.#byParties && row.pairKey > 0) this.#byParties.add(String(row.pairKey), ...numbers);
    else if (to !== this.#seen && row.textKey > 0) this.#byText.add(String(row.textKey), ...numbers);
    else this.#seen.add(String(row.index), ...numbers);
  }

  #pairAll(): void {
    for (const group of this.#byId.groups()) {
      const rows = rowsOf(group);
      pairUp(rows, { within: Number.POSITIVE_INFINITY, pair: this.#pairing('id') });
      for (const row of rows) this.#pass(row, this.#byParties);
    }
    for (const group of this.#byParties.groups()) {
      const rows = rowsOf(group);
      const ways = [rows.filter(({ isTurned }) => !isTurned), rows.filter(({ isTurned }) => isTurned)] as const;
      const may = (one: Row, other: Row) => !areOther(one, other);
      for (const way of ways) pairUp(way, { within: PAIR_WITHIN_MS, may, pair: this.#pairing('parties') });
      if (this.#exchanged.length < MOST_EXCHANGED) this.#exchanged.push(...exchangedLines(...ways));
      for (const row of rows) this.#pass(row, this.#byText);
    }
    for (const group of this.#byText.groups()) {
      const rows = rowsOf(group);
      // Only where one of the two names neither an id nor both parties: else the ways before have decided.
      const may = (one: Row, other: Row) => this.#isBare(one) || this.#isBare(other);
      pairUp(rows, { within: TEXT_WITHIN_MS, may, pair: this.#pairing('text') });
      for (const row of rows) this.#pass(row, this.#seen);
    }
  }

  *#told(): Generator<ReconcileLine> {
    for (const group of this.#seen.groups()) for (const row of rowsOf(group)) this.#alone(row);
    const names = this.#sources.map(({ name }) => name);
    for (const pair of this.#pairs.all()) yield pairLine(pair, names);
    yield* this.#exchanged.sort((x, y) => (x.items?.[0] ?? 0) - (y.items?.[0] ?? 0));
    if (this.#pairs.size > 0) return;
    const detail = 'no message or call stands in two sources: nothing can be compared';
    yield { check: 'pairing', result: 'unknown', detail };
  }

  #pairing(by: PairedBy): (one: Row, other: Row) => void {
    return (one, other) => {
      const sides = one.way === 0 || other.way === 0 ? null : one.way === other.way ? 'alike' : 'mirrored';
      const names = [...(this.#parties[one.parties] ?? []), ...(this.#parties[other.parties] ?? [])];
      this.#pairs.pair(one, other, { parties: names, by, sides });
    };
  }

  /** A copy that another source should have: it has its parties, and recorded at the time. */
  #alone(row: Row): void {
    for (const pair of this.#pairs.of(row.source)) {
      const number = pair.a === row.source ? pair.b : pair.a;
      if (hasPartner(row, number)) continue;
      const [here, other] = [this.#sources[row.source] as Source, this.#sources[number] as Source];
      // What is closed here may be open there, under another key: it is no sign that one is missing.
      if (row.form === FORM.closed && !(row.isExact && other.hasIds)) continue;
      const from = Math.max(here.first, other.first) - PAIR_WITHIN_MS;
      const to = Math.min(here.last, other.last) + PAIR_WITHIN_MS;
      if (row.sent < from || row.sent > to) continue;
      if (!isKnownTo(other, pair, this.#parties[row.parties] ?? [])) continue;
      addOnly(pair.a === row.source ? pair.onlyA : pair.onlyB, row.index);
    }
  }

  #isBare({ pairKey, isExact, parties }: Row): boolean {
    return !isExact && (pairKey === 0 || (this.#parties[parties] ?? []).some((name) => name.startsWith(NAME_ONLY)));
  }

  #source(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      const first = Number.POSITIVE_INFINITY;
      number = this.#sources.push({ name, owners: new Set(), hasIds: false, isTable: false, first, last: -first }) - 1;
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

/**
 * Whether the other source should have what is between these people: its owner is one of them. Where it does not say whose
 * it is, or not in a way that the first one knows people by, both must know them all.
 */
function isKnownTo(other: Source, { shared, mirrored, alike }: SourcePair, parties: readonly string[]): boolean {
  const types = new Set(parties.map(typeOf));
  // What both sent, or both received, all through is one account on two devices.
  const isOneAccount = alike > 0 && mirrored === 0;
  if (!isOneAccount && [...other.owners].some((owner) => types.has(typeOf(owner))))
    return parties.some((one) => other.owners.has(one));
  if (other.isTable) return parties.some((party) => shared.has(party));
  return parties.length > 0 && parties.every((party) => shared.has(party));
}

function typeOf(name: string): string {
  return name.slice(0, name.indexOf(' '));
}

/** A party of Signal by service id and by number: one source may know the one, another the other. */
function namesOf(item: Item, key: PairKey | null): string[] {
  const said = [...(item.sender === null ? [] : [item.sender]), ...(item.recipients ?? [])].map(partyName);
  return [...new Set([...(key === null ? [] : [key.from, ...key.to]), ...said])];
}

/** Both ways of a message have one key. */
function waysOf(key: PairKey | null): Pick<Row, 'pairKey' | 'isTurned'> {
  const turned = key === null ? null : turnedKey(key);
  const [text, other] = [key === null ? undefined : keyText(key), turned === null ? undefined : keyText(turned)];
  const isTurned = text !== undefined && other !== undefined && other < text;
  return { pairKey: numberOf(isTurned ? other : text), isTurned };
}

/** 48 bits of a key's SHA-256, never 0; 0 for none. */
function numberOf(key: string | null | undefined): number {
  return key == null ? 0 : hash('sha256', key, 'buffer').readUIntBE(0, 6) || 1;
}
