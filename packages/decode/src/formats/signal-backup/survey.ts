import { createHash } from 'node:crypto';
import { releaseBytes, utf8DecodeLossy } from '@custody/bytes';
import type { Finding, Locator, Party } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { Unit } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import { Addresses } from './addresses.ts';
import type { Frame } from './frame.ts';
import type { FrameCipher } from './frame-cipher.ts';
import type { FramePlace } from './frame-place.ts';
import { type BlobPlace, FrameWalk, type Gap, type WalkedFrame } from './frame-walk.ts';
import type { Directory, StoredAttachment } from './item-writer.ts';
import { MAC_LENGTH } from './layout.ts';
import { MESSAGE_TABLES, messageColumns } from './message-columns.ts';
import { aciOf, partyOfRecipient, personIn } from './people.ts';
import { SentTimes } from './sent-times.ts';
import type { Statement } from './statement.ts';
import { type Row, Schema, type Table } from './tables.ts';

/** Frames of one unit. */
const FRAMES_A_UNIT = 4000;
/** Blobs are decrypted in pieces of this many bytes. */
const PIECE = 128 * 1024;

/** Frames from one place up to another, without a gap between. */
export interface UnitState {
  readonly from: FramePlace;
  readonly until: number;
  /** Of its frames as they authenticated (`FrameSum`); without it they are authenticated again. */
  readonly sum?: string;
}

/** Settings that name the owner; a preference of before 2020. */
const OWN: ReadonlySet<string> = new Set(['account.e164', 'account.aci', 'pref_local_number']);

/** What one pass over all frames found. Survives structured cloning. */
export interface Survey {
  readonly directory: Directory;
  readonly tables: ReadonlyMap<string, Table>;
  readonly units: readonly Unit[];
  readonly findings: readonly Finding[];
  /** Offsets of contents whose MAC does not verify or that are cut off. */
  readonly damagedBlobs: ReadonlySet<number>;
  /** SHA-256 of avatars, stickers and what no attachment row names, as hex, by the offset of their content. */
  readonly images: ReadonlyMap<number, string>;
}

export interface Surveyed {
  readonly source: ByteSource;
  readonly cipher: FrameCipher;
  readonly path: string;
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

/** Reads every frame and every blob once: who is who, what belongs to which message, what is damaged. */
export function survey(backup: Surveyed, from: FramePlace): Survey {
  const walk = new FrameWalk(backup.source, backup.cipher);
  const surveyor = new Surveyor(backup, walk);
  for (const found of walk.walk(from)) {
    if ('why' in found) surveyor.gap(found);
    else surveyor.frame(found);
    backup.progress?.(found.offset, backup.source.length);
  }
  return surveyor.result();
}

class Surveyor {
  readonly #backup: Surveyed;
  readonly #walk: FrameWalk;
  /** Files are read piece by piece into this, where the source can do so. */
  readonly #memory = new Uint8Array(PIECE);
  readonly #schema = new Schema();
  readonly #recipients = new Map<number, Party>();
  readonly #addresses = new Addresses();
  readonly #titles = new Map<string, string>();
  readonly #acis = new Map<number, string>();
  readonly #threads = new Map<number, number>();
  /** SHA-256 of contents that no attachment row names, by their place. */
  readonly #images = new Map<number, string>();
  readonly #attachments = new Map<number, StoredAttachment[]>();
  /** Attachment rows by their row id, until their blob has come. */
  readonly #rows = new Map<number, { readonly list: StoredAttachment[]; readonly at: number }>();
  readonly #sent = new SentTimes();
  readonly #serviceIds = new Map<string, number>();
  readonly #findings: Finding[] = [];
  readonly #units: Unit[] = [];
  readonly #senders = new Set<number>();
  readonly #damagedBlobs = new Set<number>();
  #self: number | null = null;
  #start: FramePlace | null = null;
  #until = 0;
  #frames = 0;
  #ended = false;
  #afterGap = false;

  constructor(backup: Surveyed, walk: FrameWalk) {
    this.#backup = backup;
    this.#walk = walk;
  }

  frame(found: WalkedFrame): void {
    this.#start ??= { offset: found.offset, counter: found.counter };
    if (found.frame !== null) this.#read(found, found.frame);
    this.#until = found.offset + found.length + (found.blob === null ? 0 : found.blob.length + MAC_LENGTH);
    this.#frames++;
    if (this.#frames >= FRAMES_A_UNIT) this.#close();
  }

  gap({ offset, end, units, why }: Gap): void {
    this.#close();
    const place: Locator = { path: this.#backup.path, offset, length: end - offset, row: null };
    if (units !== null) {
      const reason = why === 'mac' ? 'the MAC of a frame does not verify' : 'the length of a frame is impossible';
      const detail = `The passphrase fits, but ${reason}: ${units} frame(s) or file(s) between two intact frames are lost.`;
      this.#findings.push(finding('KEY_PROVEN_THEN_DAMAGE', place, { records: units, detail }));
      return;
    }
    this.#afterGap = true;
    const code = why === 'end' ? 'TRUNCATED' : 'KEY_PROVEN_THEN_DAMAGE';
    const what = why === 'end' ? 'The file ends inside a frame' : 'From here on no frame authenticates';
    const detail = `${what}: how many frames would follow cannot be known.`;
    this.#findings.push(finding(code, place, { records: null, detail }));
  }

  result(): Survey {
    this.#close();
    if (!this.#ended && !this.#afterGap) {
      const detail = 'The frame that ends a backup is missing: how many frames would follow cannot be known.';
      this.#findings.push(finding('TRUNCATED', this.#backup.path, { records: null, detail }));
    }
    // Who wrote what is outgoing is the owner, where the settings do not say.
    const [only] = this.#senders.size === 1 ? this.#senders : [];
    const self = this.#self ?? only ?? null;
    this.#nameGroups();
    const people = { recipients: this.#recipients, acis: this.#acis, threads: this.#threads, self };
    const addresses = this.#byAddress ? this.#addresses.numbers : null;
    const attachedTo = this.#schema.tables.has('message') ? 'message' : 'mms';
    return {
      directory: { ...people, addresses, attachments: this.#attachments, attachedTo, sent: this.#sent.lists() },
      ...{ tables: this.#schema.tables, units: this.#units, findings: this.#findings },
      ...{ damagedBlobs: this.#damagedBlobs, images: this.#images },
    };
  }

  #close(): void {
    if (this.#start !== null) {
      const state: UnitState = { from: this.#start, until: this.#until, sum: this.#walk.takeSum() };
      this.#units.push({ index: this.#units.length, records: this.#frames, state });
    }
    this.#start = null;
    this.#frames = 0;
  }

  #read(found: WalkedFrame, frame: Frame): void {
    if (frame.kind === 'end') this.#ended = true;
    else if (frame.kind === 'statement') this.#statement(found, frame);
    else if (frame.kind === 'key-value' || frame.kind === 'preference') this.#setting(frame.key, frame.text);
    if (found.blob !== null) this.#blob(found.blob, frame);
  }

  #statement(found: WalkedFrame, frame: Statement): void {
    const table = this.#schema.tableOf(frame);
    if (table === null) {
      this.#schema.create(utf8DecodeLossy(frame.sql));
      return;
    }
    const row = this.#schema.row(frame, table);
    if (row === null) return;
    if (MESSAGE_TABLES.has(table) && !this.#byAddress) {
      this.#message(row);
      return;
    }
    const id = row.number('_id');
    if (id === null) return;
    if (this.#byAddress) this.#addresses.read(row, this.#recipients);
    if (MESSAGE_TABLES.has(table)) this.#message(row);
    else if (table === 'recipient') this.#recipient(row, id);
    else if (table === 'thread') {
      const recipient = personIn(this.#people, row, 'recipient_id', 'thread_recipient_id', 'recipient_ids');
      if (recipient !== null) this.#threads.set(id, recipient);
    } else if (table === 'groups') {
      const [group, title] = [row.text('group_id'), row.text('title')];
      if (group !== null && title !== null && title !== '') this.#titles.set(group, title);
    } else if (table === 'attachment' || table === 'part') this.#attachment(found, row, id);
  }

  /** CREATE statements stand before all rows. */
  get #byAddress(): boolean {
    return !this.#schema.tables.has('recipient');
  }

  get #people(): { readonly addresses: ReadonlyMap<string, number> | null } {
    return { addresses: this.#byAddress ? this.#addresses.numbers : null };
  }

  /** The name of a group stands in a table of its own. */
  #nameGroups(): void {
    for (const [id, party] of this.#recipients) {
      const title = party.type === 'signal-group' && party.display === undefined && this.#titles.get(party.value);
      if (title) this.#recipients.set(id, { ...party, display: title });
    }
  }

  #recipient(row: Row, id: number): void {
    this.#recipients.set(id, partyOfRecipient(row));
    const aci = aciOf(row);
    if (aci !== null) this.#acis.set(id, aci);
    for (const name of [row.text('e164', 'phone'), row.text('aci', 'uuid')])
      if (name !== null && name !== '') this.#serviceIds.set(name, id);
  }

  #message(row: Row): void {
    const columns = messageColumns(row.definition);
    const id = row.numberAt(columns.id);
    if (id === null) return;
    this.#sent.add(row.table, id, row.numberAt(columns.sent));
    const from = row.numberAt(columns.from);
    const base = (row.numberAt(columns.type) ?? 0) % 32;
    if (from !== null && base >= 21 && base <= 26) this.#senders.add(from);
  }

  #attachment(found: WalkedFrame, row: Row, id: number): void {
    const message = row.number('message_id', 'mid');
    if (message === null) return;
    const list = this.#attachments.get(message) ?? [];
    this.#attachments.set(message, list);
    this.#rows.set(id, { list, at: list.length });
    list.push({
      ...{ name: row.text('file_name', 'name'), mime: row.text('content_type', 'ct') },
      ...{ size: row.number('data_size'), sha256: null, present: false, damaged: false },
      caption: row.text('caption') || null,
      locator: { path: this.#backup.path, offset: found.offset, length: found.length, row: id },
    });
  }

  /** The account's own number and service id stand among the settings; other settings are not read. */
  #setting(key: string, text: string | null): void {
    if (text === null || text === '' || !OWN.has(key)) return;
    this.#self ??= this.#byAddress ? this.#addresses.add(text, this.#recipients) : (this.#serviceIds.get(text) ?? null);
  }

  #blob(blob: BlobPlace, frame: Frame): void {
    const sha256 = this.#digest(blob);
    const isNamed = frame.kind === 'attachment' && this.#attached(frame.rowId, { sha256, size: blob.length });
    if (!isNamed && sha256 !== null) this.#images.set(blob.offset, sha256);
    if (sha256 !== null) return;
    this.#damagedBlobs.add(blob.offset);
    const place = { path: this.#backup.path, offset: blob.offset, length: blob.length + MAC_LENGTH, row: null };
    const isCut = blob.offset + blob.length + MAC_LENGTH > this.#backup.source.length;
    const detail = isCut
      ? `The file ends inside the content of a file (${frame.kind}) of ${blob.length} bytes.`
      : `The MAC over the content of a file (${frame.kind}) of ${blob.length} bytes does not verify: it is not used.`;
    this.#findings.push(finding(isCut ? 'TRUNCATED' : 'UNIT_UNVERIFIED', place, { records: 1, detail, class: 'lost' }));
  }

  /** Whether a row names the content. */
  #attached(rowId: number, { sha256, size }: { readonly sha256: string | null; readonly size: number }): boolean {
    const row = this.#rows.get(rowId);
    const known = row?.list[row.at];
    if (row === undefined || known === undefined) return false;
    const isWhole = sha256 !== null;
    row.list[row.at] = { ...known, sha256, size: isWhole ? size : known.size, present: isWhole, damaged: !isWhole };
    return true;
  }

  /** SHA-256 of the content as hex; null where its MAC does not verify or it is cut off. */
  #digest({ offset, counter, length }: BlobPlace): string | null {
    const { source, cipher } = this.#backup;
    if (offset + length + MAC_LENGTH > source.length) return null;
    const blob = cipher.openBlob(counter);
    const hash = createHash('sha256');
    for (let at = 0; at < length; at += PIECE) {
      const piece = blob.update(this.#piece(offset + at, Math.min(PIECE, length - at)));
      hash.update(piece);
      releaseBytes(piece);
    }
    return blob.verify(source.read(offset + length, MAC_LENGTH)) ? hash.digest('hex') : null;
  }

  #piece(offset: number, size: number): Uint8Array {
    const { source } = this.#backup;
    if (source.readInto === undefined) return source.read(offset, size);
    const into = this.#memory.subarray(0, size);
    source.readInto(offset, into);
    return into;
  }
}
