import { type CborValue, CborWriter, ColumnBuilder, type SourceRange } from '@custody/bytes';
import {
  encodeAttachments,
  encodeAuthentication,
  encodeInstant,
  encodeLocator,
  encodeRefs,
  encodeStatement,
} from './encode-fields.ts';
import type { Finding } from './finding.ts';
import type { Attachment, Authentication, Instant, InstantStatement, Ref } from './item.ts';
import type { Direction, ItemKind } from './item-kinds.ts';
import { inKeyOrder } from './key-order.ts';
import type { LeafBatch } from './leaf-batch.ts';
import type { Locator } from './locator.ts';
import { type PartyId, PartyTable } from './party-table.ts';
import { RawRecords } from './raw-records.ts';
import { FINDING_SLOTS, findingSlot, ITEM_SLOTS, itemSlot, LEAF_FINDING, LEAF_ITEM } from './slots.ts';
import { TimeEntries } from './time-entries.ts';

const NONE: readonly never[] = [];

/**
 * Where a decoder puts what it finds. Values go straight into columns; no object is made for an item.
 * Between `begin` and `end` set each field at most once; what was not set is absent.
 */
export class BatchWriter {
  readonly #items = Array.from({ length: ITEM_SLOTS }, () => new ColumnBuilder());
  readonly #findings = Array.from({ length: FINDING_SLOTS }, () => new ColumnBuilder(8, 256));
  readonly #table = new PartyTable();
  readonly #cbor = new CborWriter();
  readonly #authentications = new Map<Authentication, Uint8Array>();
  readonly #statements = new Map<InstantStatement, Uint8Array>();
  #types = new Map<string, Uint8Array>();
  #lastKind: ItemKind | null = null;
  #lastPlatform = '';
  #lastDirection: Direction = null;
  #lastType: Uint8Array = new Uint8Array(0);
  #leafKinds: number[] = [];
  #kinds: ItemKind[] = [];
  #platforms: string[] = [];
  #sentMs: number[] = [];
  #sentWithin = new Map<number, readonly [number, number]>();
  #partyIds: number[] = [];
  #partyEnds: number[] = [];
  #itemCount = 0;
  #open = false;
  // The item being written.
  #locator: Locator | null = null;
  #sources: Locator[] = [];
  #sender: PartyId | null = null;
  readonly #recipients: PartyId[] = [];
  /** Of `#recipients`; -1: the record does not name them. */
  #recipientCount = -1;
  #owner: PartyId | null = null;
  #sent = Number.NaN;
  readonly #times = new TimeEntries();
  #refs: Ref[] = [];
  #attachments: Attachment[] = [];
  #fields: [string, CborValue][] = [];
  readonly #raws = new RawRecords();

  /** Leaves so far: items and findings. */
  get count(): number {
    return this.#leafKinds.length;
  }

  get itemCount(): number {
    return this.#itemCount;
  }

  /** Holds beyond `clear`, until `partyEpoch` changes. */
  party(type: string, value: string, display?: string): PartyId {
    return this.#table.intern(type, value, display);
  }

  /** Changes, at `clear` only, when parties given before hold no more. */
  get partyEpoch(): number {
    return this.#table.epoch;
  }

  begin(kind: ItemKind, platform: string, direction: Direction): void {
    if (this.#open) throw new Error('an item is already open');
    this.#open = true;
    this.#kinds.push(kind);
    this.#platforms.push(platform);
    this.#column(itemSlot.type).append(this.#type(kind, platform, direction));
  }

  /** Where the item's main record stands. Required. */
  locator(locator: Locator): void {
    this.#locator = locator;
  }

  /** A further record that the item was made of. */
  source(locator: Locator): void {
    this.#sources.push(locator);
  }

  /** The bytes of a source record as found, main record first. Read by `end`, so the view must live until then. */
  raw(source: Uint8Array, start = 0, end: number = source.length): void {
    this.#raws.add(source, start, end);
  }

  messageId(id: string): void {
    this.#column(itemSlot.messageId).appendText(id);
  }

  messageIdBytes(source: Uint8Array, start = 0, end: number = source.length): void {
    this.#column(itemSlot.messageId).append(source, start, end);
  }

  conversation(id: string): void {
    this.#column(itemSlot.conversation).appendText(id);
  }

  conversationBytes(source: Uint8Array, start = 0, end: number = source.length): void {
    this.#column(itemSlot.conversation).append(source, start, end);
  }

  body(text: string): void {
    this.#column(itemSlot.body).appendText(text);
  }

  /** Body text as UTF-8 bytes, exactly as found. */
  bodyBytes(source: Uint8Array, start = 0, end: number = source.length): void {
    this.#column(itemSlot.body).append(source, start, end);
  }

  sender(party: PartyId): void {
    this.#sender = party;
  }

  recipient(party: PartyId): void {
    if (this.#recipientCount < 0) this.#recipientCount = 0;
    this.#recipients[this.#recipientCount++] = party;
  }

  /** Says that the record names its recipients and there are none. */
  noRecipients(): void {
    if (this.#recipientCount < 0) this.#recipientCount = 0;
  }

  owner(party: PartyId): void {
    this.#owner = party;
  }

  sentAt(instant: Instant): void {
    this.#sent = instant.utc ?? Number.NaN;
    if (instant.within !== undefined) this.#sentWithin.set(this.#itemCount, instant.within);
    this.#cbor.reset();
    encodeInstant(this.#cbor, instant);
    this.#column(itemSlot.sentAt).append(this.#cbor.memory, 0, this.#cbor.length);
  }

  /**
   * As `sentAt`, with the raw text as UTF-8 bytes `source[start..end)`. Reuse one `statement` for one way of stating
   * times: it is encoded once. Throws FormatError UTF8_INVALID where the raw text is not UTF-8.
   */
  sentAtBytes(utc: number | null, statement: InstantStatement, source: Uint8Array, start: number, end: number): void {
    const tail = this.#tailOf(statement);
    this.#sent = utc ?? Number.NaN;
    this.#cbor.reset().array(5);
    if (utc === null) this.#cbor.nil();
    else this.#cbor.int(utc);
    this.#cbor.textBytes(source, start, end).encoded(tail);
    this.#column(itemSlot.sentAt).append(this.#cbor.memory, 0, this.#cbor.length);
  }

  /** A further time: `received`, `delivered`, `read`, `edited`, `until` … */
  time(name: string, instant: Instant): void {
    this.#times.add(name, instant);
  }

  /** As `time`, with the raw text as UTF-8 bytes, and `statement` as in `sentAtBytes`. Throws FormatError UTF8_INVALID. */
  timeBytes(name: string, utc: number | null, statement: InstantStatement, raw: SourceRange): void {
    this.#times.addBytes(name, utc, this.#tailOf(statement), raw);
  }

  ref(rel: string, id: string): void {
    this.#refs.push({ rel, id });
  }

  attachment(attachment: Attachment): void {
    this.#attachments.push(attachment);
  }

  /** Reuse one object for one statement: it is encoded once. */
  authentication(authentication: Authentication): void {
    let encoded = this.#authentications.get(authentication);
    if (encoded === undefined) {
      this.#cbor.reset();
      encodeAuthentication(this.#cbor, authentication);
      encoded = this.#cbor.view().slice();
      this.#authentications.set(authentication, encoded);
    }
    this.#column(itemSlot.authentication).append(encoded);
  }

  /** A named value of the format that the common model lacks. Each name once. */
  field(name: string, value: CborValue): void {
    this.#fields.push([name, value]);
  }

  /**
   * All named values at once, as a deterministic CBOR map of text to value; the caller vouches for its form. Instead
   * of `field`, where one decoder writes the same names for every record.
   */
  fieldsEncoded(map: Uint8Array): void {
    this.#column(itemSlot.fields).append(map);
  }

  end(): void {
    if (!this.#open) throw new Error('no item is open');
    if (this.#locator === null) throw new Error('an item needs a locator');
    encodeLocator(this.#cbor.reset(), this.#locator, this.#sources);
    this.#column(itemSlot.locator).append(this.#cbor.memory, 0, this.#cbor.length);
    this.#endParties();
    this.#endLists();
    this.#itemCount++;
    for (const column of this.#items) if (column.rows < this.#itemCount) column.appendAbsent();
    this.#sentMs.push(this.#sent);
    this.#leafKinds.push(LEAF_ITEM);
    this.#reset();
  }

  finding(finding: Finding): void {
    if (this.#open) throw new Error('a finding cannot stand inside an item');
    const set = (slot: number, encode: (cbor: CborWriter) => void) => {
      this.#cbor.reset();
      encode(this.#cbor);
      (this.#findings[slot - 1] as ColumnBuilder).append(this.#cbor.view());
    };
    (this.#findings[findingSlot.code - 1] as ColumnBuilder).appendText(finding.code);
    (this.#findings[findingSlot.class - 1] as ColumnBuilder).appendText(finding.class);
    set(findingSlot.records, (cbor) => (finding.records === null ? cbor.nil() : cbor.int(finding.records)));
    if (finding.locator === null) (this.#findings[findingSlot.locator - 1] as ColumnBuilder).appendAbsent();
    else set(findingSlot.locator, (cbor) => encodeLocator(cbor, finding.locator as Locator, NONE));
    set(findingSlot.related, (cbor) => {
      cbor.array(finding.related.length);
      for (const locator of finding.related) encodeLocator(cbor, locator, NONE);
    });
    (this.#findings[findingSlot.detail - 1] as ColumnBuilder).appendText(finding.detail);
    this.#leafKinds.push(LEAF_FINDING);
  }

  /** What was written since the last `clear`. Columns are views: use them before the next `clear`. */
  batch(): LeafBatch {
    const kinds = Uint8Array.from(this.#leafKinds);
    const rows = new Uint32Array(kinds.length);
    let items = 0;
    let findings = 0;
    for (let i = 0; i < kinds.length; i++) rows[i] = kinds[i] === LEAF_ITEM ? items++ : findings++;
    return {
      count: kinds.length,
      kinds,
      rows,
      items: this.#items.map((column) => column.view()),
      findings: this.#findings.map((column) => column.view()),
      facts: {
        kinds: this.#kinds,
        platforms: this.#platforms,
        sentMs: Float64Array.from(this.#sentMs),
        sentWithin: this.#sentWithin,
        parties: this.#table.batch(),
        partyIds: Uint32Array.from(this.#partyIds),
        partyEnds: Uint32Array.from(this.#partyEnds),
      },
    };
  }

  clear(): void {
    for (const column of this.#items) column.clear();
    for (const column of this.#findings) column.clear();
    this.#table.clear();
    this.#leafKinds = [];
    this.#kinds = [];
    this.#platforms = [];
    this.#sentMs = [];
    if (this.#sentWithin.size > 0) this.#sentWithin = new Map();
    this.#partyIds = [];
    this.#partyEnds = [];
    this.#itemCount = 0;
    this.#open = false;
    this.#reset();
  }

  #reset(): void {
    this.#open = false;
    this.#locator = null;
    if (this.#sources.length > 0) this.#sources = [];
    this.#sender = null;
    this.#recipientCount = -1;
    this.#owner = null;
    this.#sent = Number.NaN;
    this.#times.clear();
    if (this.#refs.length > 0) this.#refs = [];
    if (this.#attachments.length > 0) this.#attachments = [];
    if (this.#fields.length > 0) this.#fields = [];
    this.#raws.clear();
  }

  #column(slot: number): ColumnBuilder {
    return this.#items[slot - 1] as ColumnBuilder;
  }

  #write(slot: number, encode: (cbor: CborWriter) => void): void {
    this.#cbor.reset();
    encode(this.#cbor);
    this.#column(slot).append(this.#cbor.memory, 0, this.#cbor.length);
  }

  #tailOf(statement: InstantStatement): Uint8Array {
    let tail = this.#statements.get(statement);
    if (tail === undefined) {
      this.#cbor.reset();
      encodeStatement(this.#cbor, statement);
      tail = this.#cbor.view().slice();
      this.#statements.set(statement, tail);
    }
    return tail;
  }

  /** Items of one kind come one after the other: most cost one comparison. */
  #type(kind: ItemKind, platform: string, direction: Direction): Uint8Array {
    if (kind === this.#lastKind && platform === this.#lastPlatform && direction === this.#lastDirection) {
      return this.#lastType;
    }
    const key = `${kind}\n${platform}\n${direction}`;
    let encoded = this.#types.get(key);
    if (encoded === undefined) {
      this.#cbor.reset();
      this.#cbor.array(3);
      this.#cbor.text(kind);
      this.#cbor.text(platform);
      if (direction === null) this.#cbor.nil();
      else this.#cbor.text(direction);
      encoded = this.#cbor.view().slice();
      this.#types.set(key, encoded);
    }
    this.#lastKind = kind;
    this.#lastPlatform = platform;
    this.#lastDirection = direction;
    this.#lastType = encoded;
    return encoded;
  }

  #endParties(): void {
    const from = this.#partyIds.length;
    if (this.#sender !== null) {
      this.#party(itemSlot.sender, this.#sender);
      this.#note(from, this.#sender);
    }
    if (this.#recipientCount >= 0) {
      const cbor = this.#cbor.reset().array(this.#recipientCount);
      for (let i = 0; i < this.#recipientCount; i++) {
        const id = this.#recipients[i] as PartyId;
        cbor.encoded(this.#table.memory, this.#table.start(id), this.#table.end(id));
        this.#note(from, id);
      }
      this.#column(itemSlot.recipients).append(cbor.memory, 0, cbor.length);
    }
    if (this.#owner !== null) {
      this.#party(itemSlot.owner, this.#owner);
      this.#note(from, this.#owner);
    }
    this.#partyEnds.push(this.#partyIds.length);
  }

  #party(slot: number, id: PartyId): void {
    this.#column(slot).append(this.#table.memory, this.#table.start(id), this.#table.end(id));
  }

  /** Each party of an item once, from place `from` of the list on. */
  #note(from: number, id: PartyId): void {
    const place = this.#table.place(id);
    const ids = this.#partyIds;
    for (let i = from; i < ids.length; i++) if (ids[i] === place) return;
    ids.push(place);
  }

  #endLists(): void {
    this.#times.write(this.#cbor, this.#column(itemSlot.times));
    if (this.#refs.length > 0) this.#write(itemSlot.refs, (cbor) => encodeRefs(cbor, this.#refs));
    if (this.#attachments.length > 0) {
      this.#write(itemSlot.attachments, (cbor) => encodeAttachments(cbor, this.#attachments));
    }
    if (this.#fields.length > 0) {
      this.#write(itemSlot.fields, (cbor) => {
        cbor.map(this.#fields.length);
        for (const [name, value] of inKeyOrder(this.#fields)) {
          cbor.text(name);
          cbor.value(value);
        }
      });
    }
    this.#raws.write(this.#cbor, this.#column(itemSlot.raw));
  }
}
