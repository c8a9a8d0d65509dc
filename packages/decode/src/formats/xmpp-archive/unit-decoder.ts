import type { BatchWriter, Locator } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { CaptureFile, Unit, UnitDecoder, UnitResult } from '../../format.ts';
import { FindingFolder } from '../envelope/finding-folder.ts';
import type { ArchiveRecord, Container, RecordList } from './container.ts';
import { linksOf, writeMessage, writePerson } from './item-writer.ts';
import { bareJid } from './jid.ts';
import { linkedFile } from './linked-file.ts';
import type { OtrState } from './otr-records.ts';
import { type PlannedFile, placeOf } from './record-place.ts';
import { BodyOpener, type OpenedBody } from './sealed-body.ts';
import { type Secrets, shortHash } from './secrets.ts';
import { readStanza, type Stanza } from './stanza.ts';
import { newTally, type Tally } from './tally.ts';
import { LONGEST_STANZA, XmlRefused } from './xml-element.ts';

export interface PlanState {
  readonly contexts: readonly unknown[];
  readonly otr: OtrState;
  readonly secrets: Secrets;
  /** The file, or the folder of several that belong together. */
  readonly path: string;
  readonly files: readonly PlannedFile[];
}

export interface UnitState extends RecordList {
  readonly name: string;
  /** Number of the file's first record in the plan, and of the unit's first record in the file, from 0. */
  readonly base: number;
  readonly first: number;
}

/** Writes the items of a stretch of records. */
export class ArchiveDecoder implements UnitDecoder {
  readonly #container: Container;
  readonly #file: CaptureFile;
  readonly #state: PlanState;
  readonly #opener: BodyOpener;

  constructor(container: Container, file: CaptureFile, state: PlanState) {
    this.#container = container;
    this.#file = file;
    this.#state = state;
    this.#opener = new BodyOpener(state.otr, state.secrets);
  }

  decode(unit: Unit, out: BatchWriter): UnitResult {
    const state = unit.state as UnitState;
    const tally = newTally();
    const names = new Map<string, number>();
    const nameOf = (name: string | null): number => {
      if (name === null) return -1;
      const known = names.get(name) ?? tally.names.push(name) - 1;
      names.set(name, known);
      return known;
    };
    const into = {
      out,
      tally,
      nameOf,
      counts: { records: 0, decoded: 0, lost: 0, notCovered: 0 },
      folder: new FindingFolder(out, state.name),
      source: this.#sourceOf(state.name),
    };
    for (let i = 0; i < state.offsets.length; i++) this.#record(state, i, into);
    into.folder.flush();
    return { counts: into.counts, summary: tally };
  }

  close(): void {}

  #sourceOf(name: string): ByteSource {
    const source = name === this.#file.name ? this.#file.source : this.#file.folder?.open(name);
    if (source == null) throw new Error('a file of the plan is not in the capture');
    return source;
  }

  #record(state: UnitState, i: number, into: Into): void {
    const number = state.base + state.first + i;
    const [offset, length] = [state.offsets[i] as number, state.lengths[i] as number];
    const locator = { path: state.name, offset, length, row: state.first + i + 1 };
    into.counts.records++;
    try {
      if (length > LONGEST_STANZA) throw new XmlRefused(`a record of ${length} bytes`);
      const raw = into.source.read(offset, length);
      const record = this.#container.read(raw, this.#state.contexts[state.contexts[i] as number]);
      if (record.credential === true) into.tally.credentials++;
      if (record.what === 'other') this.#uncovered(record, into);
      else if (record.what === 'message' && record.stanza !== null)
        this.#message(record, { locator, raw, number }, into);
      else this.#person(record, { locator, raw }, into);
    } catch (error) {
      if (!(error instanceof XmlRefused)) throw error;
      into.counts.lost++;
      const detail = `A record that cannot be read: ${error.message.slice(0, 200)}.`;
      into.folder.add('RECORD_MALFORMED', detail, { ...locator, length });
    }
  }

  #uncovered(record: ArchiveRecord, { tally, counts }: Into): void {
    counts.notCovered++;
    tally.uncovered.set(record.name, (tally.uncovered.get(record.name) ?? 0) + 1);
  }

  #person(record: ArchiveRecord, { locator, raw }: { locator: Locator; raw: Uint8Array }, into: Into): void {
    into.folder.flush();
    writePerson(into.out, record, { locator, raw, sources: [] });
    into.counts.decoded++;
  }

  #message(record: ArchiveRecord, place: { locator: Locator; raw: Uint8Array; number: number }, into: Into): void {
    const { locator, raw, number } = place;
    const stanza = readStanza(record.stanza as NonNullable<ArchiveRecord['stanza']>, record.owner);
    const opened = this.#opener.open(stanza, number, record.archiveId);
    const sources = opened.pieces.map((piece) => placeOf(this.#state.files, piece));
    const files = linksOf(stanza, opened).map((link) => linkedFile(link, this.#file.beside));
    into.folder.flush();
    writeMessage(into.out, record, {
      stanza,
      opened,
      place: { locator, raw, sources, attachments: files.map(({ attachment }) => attachment) },
    });
    this.#count(record, { stanza, opened, number }, into);
    if (opened.lost === null) into.counts.decoded++;
    else {
      into.counts.lost++;
      into.folder.add(opened.lost.code, `${opened.lost.detail}; who wrote to whom and when is in the item.`, {
        ...at(locator),
      });
    }
    for (const { doubt } of files) {
      if (doubt !== null) into.folder.alone('UNIT_UNVERIFIED', at(locator), { detail: `${doubt}.` });
    }
    const doubts = [...stanza.doubts, ...(opened.doubt === null ? [] : [opened.doubt])];
    if (record.peer !== null && !isParty(stanza, record.peer))
      doubts.push('the store names another party than the stanza does');
    for (const doubt of doubts) into.folder.alone('DIRECTION_CONFLICT', at(locator), { detail: `${doubt}.` });
  }

  #count(record: ArchiveRecord, message: { stanza: Stanza; opened: OpenedBody; number: number }, into: Into): void {
    const { stanza, number } = message;
    // A copy that waits for its recipient is no second one in an archive.
    if (record.fields.some(([name, value]) => name === 'store' && value === 'offline')) return;
    const { columns } = into.tally;
    const [from, to] = [stanza.from, stanza.to].map((jid) => (jid === null ? null : bareJid(jid)));
    const text =
      stanza.encrypted === null ? (stanza.body ?? '') : stanza.encrypted.children.map((one) => one.text).join();
    columns.owner.push(into.nameOf(record.owner));
    columns.from.push(into.nameOf(from ?? null));
    columns.to.push(into.nameOf(to ?? null));
    columns.key.push(shortHash(`${from}\n${to}\n${stanza.originId ?? stanza.id ?? `body\n${text}`}`));
    columns.content.push(shortHash(text));
    columns.archiveId.push(record.archiveId === null ? 0 : shortHash(record.archiveId));
    columns.row.push(number + 1);
    columns.stored.push(record.stored?.utc ?? Number.NaN);
    this.#stanzaIds(record, stanza, into.tally);
  }

  /** XEP-0359 section 3: an id counts only if whom it names as its giver is who gives ids here. */
  #stanzaIds(record: ArchiveRecord, stanza: Stanza, tally: Tally): void {
    const room = stanza.type === 'groupchat' && stanza.from !== null ? bareJid(stanza.from) : null;
    let foreign = false;
    let spoofed = false;
    for (const { by, id } of stanza.stanzaIds) {
      const giver = by === null ? null : bareJid(by);
      if (giver !== null && giver === record.owner) spoofed ||= record.archiveId !== null && id !== record.archiveId;
      else if (giver === null || giver !== room) foreign = true;
    }
    if (foreign) tally.foreignIds++;
    if (spoofed) tally.spoofedIds++;
  }
}

interface Into {
  readonly out: BatchWriter;
  readonly tally: Tally;
  readonly nameOf: (name: string | null) => number;
  readonly counts: { records: number; decoded: number; lost: number; notCovered: number };
  readonly folder: FindingFolder;
  readonly source: ByteSource;
}

function at(locator: Locator): { row: number; offset: number; length: number } {
  return { row: locator.row ?? 0, offset: locator.offset ?? 0, length: locator.length ?? 0 };
}

function isParty(stanza: Stanza, peer: string): boolean {
  const bare = bareJid(peer);
  return [stanza.from, stanza.to].some((jid) => jid !== null && bareJid(jid) === bare);
}
