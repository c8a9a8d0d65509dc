import type { BatchWriter, Locator } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { Counts, Unit, UnitDecoder, UnitResult } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import { writeCall } from './call-writer.ts';
import type { Frame } from './frame.ts';
import type { FrameCipher } from './frame-cipher.ts';
import { FrameWalk, type WalkedFrame } from './frame-walk.ts';
import { type Directory, type RowPlace, writeContact, writeMembership, writeReaction } from './item-writer.ts';
import { MESSAGE_TABLES, messageColumns } from './message-columns.ts';
import { MessageWriter } from './message-writer.ts';
import { type Image, NOTED, writeImage, writeNote, writeUnnamed } from './note-writer.ts';
import { PartyCache } from './people.ts';
import { hasRow } from './sent-times.ts';
import type { Statement } from './statement.ts';
import type { UnitState } from './survey.ts';
import { type Row, Schema, type Table } from './tables.ts';

/** What units tell `finish`: records by what they are that are no items, and files that are not there. */
export interface Tally {
  readonly uncovered: Map<string, number>;
  /** Columns with live credentials that were not taken over. */
  readonly withheld: Map<string, number>;
  absent: number;
  /** Attachments whose message is not there: items of their own. */
  unresolved: number;
  /** Messages whose table is not defined: shown without names of columns. */
  unnamed: number;
}

export interface DecoderState {
  readonly source: ByteSource;
  readonly cipher: FrameCipher;
  readonly path: string;
  readonly directory: Directory;
  readonly tables: ReadonlyMap<string, Table>;
  readonly damagedBlobs: ReadonlySet<number>;
  readonly images: ReadonlyMap<number, string>;
}

/** Writes the items of frames. Every frame but those that only describe the backup is a record. */
export class FrameDecoder implements UnitDecoder {
  readonly #state: DecoderState;
  readonly #walk: FrameWalk;
  readonly #schema: Schema;

  constructor(state: DecoderState) {
    this.#state = state;
    this.#walk = new FrameWalk(state.source, state.cipher);
    this.#schema = new Schema(state.tables);
  }

  decode(unit: Unit, out: BatchWriter): UnitResult {
    const { from, until, sum } = unit.state as UnitState;
    const tally: Tally = { uncovered: new Map(), withheld: new Map(), absent: 0, unresolved: 0, unnamed: 0 };
    const directory = { ...this.#state.directory, withheld: tally.withheld, parties: new PartyCache(out) };
    const counts = { records: 0, decoded: 0, lost: 0, notCovered: 0 };
    const into: Into = { out, tally, counts, directory, messages: new MessageWriter(out, directory) };
    for (const found of this.#walk.walk(from, until, sum !== undefined)) {
      if ('why' in found) throw new Error('a frame that authenticated does no more');
      this.#frame(found, into);
    }
    if (sum !== undefined && this.#walk.takeSum() !== sum)
      throw new Error('frames that authenticated have other bytes when they are read again');
    return { counts, summary: tally };
  }

  close(): void {}

  #frame(found: WalkedFrame, into: Into): void {
    const { frame } = found;
    if (frame === null) {
      this.#unreadable(found, into, 'its content is no frame that this build can read');
      return;
    }
    if (frame.kind === 'end' || frame.kind === 'version') return;
    if (frame.kind === 'statement') this.#statement(found, frame, into);
    // The content of a file is one record with the frame that announces it; a lost one is counted with its finding.
    else if (found.blob !== null && this.#state.damagedBlobs.has(found.blob.offset)) return;
    else if (frame.kind === 'attachment') this.#content(found, frame, into);
    else if ((frame.kind === 'avatar' || frame.kind === 'sticker') && this.#image(found, frame, into))
      count(into, 'decoded');
    else pass(into, whatIs(frame));
  }

  #statement(found: WalkedFrame, frame: Statement, into: Into): void {
    const table = this.#schema.tableOf(frame);
    if (table === null) return;
    const row = this.#schema.row(frame, table);
    if (row === null && MESSAGE_TABLES.has(table) && !this.#schema.tables.has(table)) {
      const { bytes: raw, start, end } = found;
      writeUnnamed(into.out, frame, { locator: this.#locator(found, null), raw, start, end }, into.directory);
      into.tally.unnamed++;
      count(into, 'decoded');
      return;
    }
    if (row === null) {
      this.#unreadable(found, into, `a row of ${table.slice(0, 60)} does not fit the table as the backup defines it`);
      return;
    }
    if (MESSAGE_TABLES.has(table)) {
      const { bytes: raw, start, end } = found;
      const id = row.numberAt(messageColumns(row.definition).id);
      into.messages.write(row, { locator: this.#locator(found, id), raw, start, end });
      count(into, 'decoded');
      return;
    }
    const write = writerOf(row);
    if (write === null) {
      const isPart = table === 'attachment' || table === 'part';
      if (isPart) this.#attachmentRow(row, found, into);
      else pass(into, `rows of table ${table.slice(0, 60)}`);
      return;
    }
    const { bytes: raw, start, end } = found;
    const place: RowPlace = { locator: this.#locator(found, row.number('_id')), raw, start, end };
    write(into.out, row, place, into.directory);
    count(into, 'decoded');
  }

  #image(found: WalkedFrame, frame: Frame & { readonly kind: 'avatar' | 'sticker' }, into: Into): boolean {
    const sha256 = found.blob === null ? undefined : this.#state.images.get(found.blob.offset);
    if (sha256 === undefined) return false;
    const locator = this.#locator(found, frame.kind === 'sticker' ? frame.rowId : null);
    const { kind, length: size } = frame;
    const name = kind === 'avatar' && frame.name !== '' ? frame.name : null;
    const recipient = kind === 'avatar' ? frame.recipient || frame.name : null;
    writeImage(into.out, { kind, name, recipient, size, sha256, locator }, into.directory);
    return true;
  }

  /** The content of an attachment stands in its message; where no row names it, for itself. */
  #content(found: WalkedFrame, frame: Frame & { readonly kind: 'attachment' }, into: Into): void {
    const sha256 = this.#state.images.get(found.blob?.offset ?? -1);
    count(into, 'decoded');
    if (sha256 === undefined) return;
    const locator = this.#locator(found, frame.rowId);
    this.#alone({ kind: null, name: null, recipient: null, size: frame.length, sha256, locator }, into);
  }

  #alone(image: Image, into: Into): void {
    writeImage(into.out, image, into.directory);
    into.tally.unresolved++;
  }

  #attachmentRow(row: Row, found: WalkedFrame, into: Into): void {
    const message = row.number('message_id', 'mid');
    const table = this.#schema.tables.has('message') ? 'message' : 'mms';
    const list = (message === null ? null : this.#state.directory.attachments.get(message)) ?? [];
    const known = list.find((one) => one.locator.row === row.number('_id'));
    if (known === undefined) {
      pass(into, 'attachment rows of no message');
      return;
    }
    if (!known.present && !known.damaged) into.tally.absent++;
    if (message !== null && !hasRow(this.#state.directory.sent, table, message)) {
      const { name, mime, size, sha256 } = known;
      const locator = this.#locator(found, row.number('_id'));
      this.#alone({ kind: null, name, mime, recipient: null, size, sha256, locator }, into);
    }
    count(into, 'decoded');
  }

  #unreadable(found: WalkedFrame, into: Into, why: string): void {
    count(into, 'lost');
    const detail = `The frame is authentic, but ${why}.`;
    into.out.finding(finding('RECORD_MALFORMED', this.#locator(found, null), { records: 1, detail }));
  }

  #locator({ offset, length }: WalkedFrame, row: number | null): Locator {
    return { path: this.#state.path, offset, length, row };
  }
}

interface Into {
  readonly out: BatchWriter;
  readonly tally: Tally;
  readonly directory: Directory;
  readonly messages: MessageWriter;
  readonly counts: { -readonly [name in keyof Counts]: number };
}

function count({ counts }: Into, what: 'decoded' | 'lost' | 'notCovered'): void {
  counts.records++;
  counts[what]++;
}

function pass(into: Into, what: string): void {
  count(into, 'notCovered');
  const { tally } = into;
  tally.uncovered.set(what, (tally.uncovered.get(what) ?? 0) + 1);
}

function writerOf(row: Row): typeof writeContact | null {
  if (row.table === 'reaction') return writeReaction;
  if (row.table === 'recipient' || row.table === 'recipient_preferences') return writeContact;
  if (row.table === 'call') return writeCall;
  if (NOTED.has(row.table)) return writeNote;
  return row.table === 'group_membership' ? writeMembership : null;
}

function whatIs(frame: Frame): string {
  if (frame.kind === 'preference') return 'settings';
  if (frame.kind === 'key-value') return 'settings of the key-value store';
  if (frame.kind === 'avatar') return 'avatars';
  if (frame.kind === 'sticker') return 'sticker images';
  return 'frames of a kind that this build does not know';
}
