import { CborWriter } from '@custody/bytes';
import { type Authentication, type BatchWriter, type Direction, type PartyId, withinAnyZone } from '@custody/evidence';
import { LocalTimes } from '../../local-time.ts';
import type { NamedLayout, PartyLayout, RecipientsLayout, RecordLayout } from '../../profile/layout.ts';
import { BytesCache } from './bytes-cache.ts';
import { digits, TimeReader } from './read-time.ts';
import { ARRAY, FALSE, NUMBER, type RecordValues, TEXT, TRUE } from './record-values.ts';
import { noOrder, type OrderSummary, seeTime } from './time-order.ts';

/** What is said of a record whose time is ambiguous. */
export const AMBIGUOUS_TIME = {
  detail: 'a local time that exists twice or not at all in its zone: clocks were changed',
} as const;

/** What stands beside the envelope's own fields in an item. */
export interface Opened {
  readonly locator: { path: string; offset: number; length: number; row: number };
  /** The record is `raw[rawStart..rawEnd)`. */
  raw: Buffer;
  rawStart: number;
  rawEnd: number;
  /** The text is `body[bodyStart..bodyEnd)`; null: there is none. */
  body: Buffer | null;
  bodyStart: number;
  bodyEnd: number;
  authentication: Authentication;
  /** Values of the inner JSON, for the fields that stand there. */
  inner: RecordValues | null;
}

/** Says that a record has no seal. */
export const unsealed: Authentication = {
  mechanism: 'none',
  result: 'none',
  proves: 'The record is not sealed; nothing in the dump shows that it is unaltered.',
};

/** To be filled in before it is written. */
export function noItem(path: string): Opened {
  return {
    locator: { path, offset: 0, length: 0, row: 0 },
    raw: Buffer.alloc(0),
    rawStart: 0,
    rawEnd: 0,
    body: null,
    bodyStart: 0,
    bodyEnd: 0,
    authentication: unsealed,
    inner: null,
  };
}

/** Writes items from scanned records: bytes go from the dump into the columns without becoming text. */
export class ItemWriter {
  /** Time of the last item, for its stream. */
  readonly time: TimeReader = new TimeReader();
  /** Of the messages since `renew`. */
  order: OrderSummary = noOrder();
  /** The last time written exists twice or not at all in its zone: clocks were changed. */
  isAmbiguous = false;
  readonly #zones = new Map<string, LocalTimes>();
  readonly #platform: string;
  readonly #cbor = new CborWriter();
  readonly #parties = new Map<string, BytesCache<PartyId>>();
  #out: BatchWriter | null = null;
  /** Of the parties in the caches. */
  #epoch = 0;

  constructor(platform: string) {
    this.#platform = platform;
  }

  /** Goes on to write into `out`. */
  renew(out: BatchWriter): void {
    if (out !== this.#out || out.partyEpoch !== this.#epoch) for (const cache of this.#parties.values()) cache.renew();
    this.#out = out;
    this.order = noOrder();
    this.#epoch = out.partyEpoch;
  }

  write(values: RecordValues, layout: RecordLayout, opened: Opened): void {
    const out = this.#out as BatchWriter;
    out.begin(layout.kind, this.#platform, direction(values, layout));
    out.locator(opened.locator);
    out.raw(opened.raw, opened.rawStart, opened.rawEnd);
    if (isPlain(values, layout.messageId)) {
      const bytes = values.bytes(layout.messageId);
      out.messageIdBytes(bytes, values.starts[layout.messageId], values.ends[layout.messageId]);
    }
    if (isPlain(values, layout.conversation)) {
      const bytes = values.bytes(layout.conversation);
      out.conversationBytes(bytes, values.starts[layout.conversation], values.ends[layout.conversation]);
    }
    if (layout.sender !== null && isPlain(values, layout.sender.slot)) out.sender(this.#party(values, layout.sender));
    if (layout.recipients !== null) this.#recipients(values, layout.recipients);
    if (layout.owner !== null && isPlain(values, layout.owner.slot)) out.owner(this.#party(values, layout.owner));
    this.#sentAt(values, layout);
    const { utc } = this.time;
    if (utc !== null && layout.kind === 'message') seeTime(this.order, utc, opened.locator.row ?? 0);
    if (opened.body !== null) out.bodyBytes(opened.body, opened.bodyStart, opened.bodyEnd);
    out.authentication(opened.authentication);
    if (layout.fields.length > 0) this.#fields(values, opened.inner, layout.fields);
    out.end();
  }

  #cache(type: string): BytesCache<PartyId> {
    let cache = this.#parties.get(type);
    if (cache === undefined) {
      cache = new BytesCache((value) => (this.#out as BatchWriter).party(type, value));
      this.#parties.set(type, cache);
    }
    return cache;
  }

  #party(values: RecordValues, { slot, type }: PartyLayout): PartyId {
    const bytes = values.bytes(slot);
    return this.#cache(type).get(bytes, values.starts[slot] as number, values.ends[slot] as number);
  }

  #recipients(values: RecordValues, layout: RecipientsLayout): void {
    const out = this.#out as BatchWriter;
    const { slot, list } = layout;
    if (list === 'array' && values.kinds[slot] === ARRAY) {
      this.#recipientArray(values, layout);
    } else if (isPlain(values, slot)) {
      if (list === 'separated') this.#separated(values, layout);
      else out.recipient(this.#party(values, layout));
    }
  }

  #separated(values: RecordValues, { slot, type, separator }: RecipientsLayout): void {
    const out = this.#out as BatchWriter;
    const bytes = values.bytes(slot);
    const end = values.ends[slot] as number;
    let any = false;
    for (let from = values.starts[slot] as number; from < end; ) {
      let to = from;
      while (to < end && bytes[to] !== separator) to++;
      if (to > from) out.recipient(this.#cache(type).get(bytes, from, to));
      any ||= to > from;
      from = to + 1;
    }
    if (!any) out.noRecipients();
  }

  /** The texts of an array that the scanner has checked; what is no text in it names nobody. */
  #recipientArray(values: RecordValues, { slot, type }: RecipientsLayout): void {
    const out = this.#out as BatchWriter;
    const bytes = values.bytes(slot);
    const end = values.ends[slot] as number;
    const cache = this.#cache(type);
    let any = false;
    let depth = 0;
    for (let at = values.starts[slot] as number; at < end; at++) {
      const byte = bytes[at];
      if (byte === 0x5b || byte === 0x7b) depth++;
      else if (byte === 0x5d || byte === 0x7d) depth--;
      if (byte !== 0x22) continue;
      const from = at + 1;
      let escaped = false;
      for (at = from; bytes[at] !== 0x22; at++) {
        if (bytes[at] !== 0x5c) continue;
        escaped = true;
        at++;
      }
      if (depth !== 1) continue;
      any = true;
      if (escaped) out.recipient(out.party(type, JSON.parse(bytes.toString('utf8', from - 1, at + 1))));
      else out.recipient(cache.get(bytes, from, at));
    }
    if (!any) out.noRecipients();
  }

  #sentAt(values: RecordValues, { sentAt }: RecordLayout): void {
    this.time.utc = null;
    this.isAmbiguous = false;
    if (sentAt === null || !isPlain(values, sentAt.slot)) return;
    const bytes = values.bytes(sentAt.slot);
    const start = values.starts[sentAt.slot] as number;
    const end = values.ends[sentAt.slot] as number;
    this.time.read(bytes, { start, end }, sentAt);
    const statement = sentAt.statements[this.time.precision];
    if (statement === undefined) return;
    const { utc, local } = this.time;
    if (local === null) this.#out?.sentAtBytes(utc, statement, bytes, start, end);
    else {
      // A time that was read is ASCII.
      const raw = Buffer.from(bytes.subarray(start, end)).toString('latin1');
      const known = sentAt.named === null ? null : this.#zone(sentAt.named).read(local);
      this.time.utc = known?.utc ?? null;
      this.isAmbiguous = known?.ambiguous === true;
      if (this.time.utc !== null) this.#out?.sentAtBytes(this.time.utc, statement, bytes, start, end);
      else {
        const within = withinAnyZone([local], statement.precision);
        this.#out?.sentAt({ utc: null, raw, ...statement, ...(this.isAmbiguous && { ambiguous: true }), within });
      }
    }
  }

  #zone(name: string): LocalTimes {
    let zone = this.#zones.get(name);
    if (zone === undefined) {
      zone = new LocalTimes(name);
      this.#zones.set(name, zone);
    }
    return zone;
  }

  #fields(outer: RecordValues, inner: RecordValues | null, fields: readonly NamedLayout[]): void {
    let count = 0;
    for (const field of fields) if (isValue(field.inner ? inner : outer, field.slot)) count++;
    if (count === 0) return;
    const cbor = this.#cbor.reset().map(count);
    for (const field of fields) {
      const values = field.inner ? inner : outer;
      if (values === null || !isValue(values, field.slot)) continue;
      cbor.encoded(field.key);
      writeValue(cbor, values, field);
    }
    (this.#out as BatchWriter).fieldsEncoded(cbor.view());
  }
}

function isPlain(values: RecordValues, slot: number): boolean {
  if (slot < 0) return false;
  const kind = values.kinds[slot];
  return (kind === TEXT || kind === NUMBER) && values.ends[slot] !== values.starts[slot];
}

function isValue(values: RecordValues | null, slot: number): boolean {
  return values?.has(slot) === true && (values.kinds[slot] !== TEXT || values.ends[slot] !== values.starts[slot]);
}

function direction(values: RecordValues, layout: RecordLayout): Direction {
  if (layout.direction === null || !isPlain(values, layout.direction.slot)) return null;
  return layout.direction.values.get(values.text(layout.direction.slot)) ?? null;
}

/** Text as found; digits as a number where the profile says so and no digit is lost; true and false as such. */
function writeValue(cbor: CborWriter, values: RecordValues, { slot, integer }: NamedLayout): void {
  const bytes = values.bytes(slot);
  const start = values.starts[slot] as number;
  const end = values.ends[slot] as number;
  const kind = values.kinds[slot];
  if (kind === TRUE || kind === FALSE) {
    cbor.bool(kind === TRUE);
    return;
  }
  const number = integer ? digits(bytes, start, end) : -1;
  // "007" is no number: its zeros would be lost.
  if (number >= 0 && (bytes[start] !== 0x30 || end - start === 1)) cbor.int(number);
  else cbor.textBytes(bytes, start, end);
}
