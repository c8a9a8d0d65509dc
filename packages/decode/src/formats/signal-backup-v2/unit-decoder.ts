import type { Authentication, BatchWriter, Locator } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { Unit, UnitDecoder, UnitResult } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import { attempt } from './container.ts';
import type { FrameReader } from './frame-reader.ts';
import { writeFrame, writeInfo } from './frame-writer.ts';
import type { ItemContext } from './item-context.ts';
import type { MediaStore } from './media-store.ts';
import { NamedFields } from './named-fields.ts';
import type { People } from './people.ts';
import type { UnknownFields } from './schema/read-message.ts';
import type { UnitState } from './survey.ts';
import { count, newTally, type Tally } from './tally.ts';

export interface DecoderState {
  readonly source: ByteSource;
  readonly path: string;
  readonly reader: FrameReader;
  readonly people: People;
  readonly media: MediaStore | null;
  readonly authentication: Authentication;
}

/** Writes the items of messages. Every message is a record, the one that leads the backup too. */
export class FramesDecoder implements UnitDecoder {
  readonly #state: DecoderState;

  constructor(state: DecoderState) {
    this.#state = state;
  }

  decode(unit: Unit, out: BatchWriter): UnitResult {
    const { from, until, row } = unit.state as UnitState;
    const { source, reader, people, media, authentication } = this.#state;
    const tally = newTally();
    const fields = new NamedFields(people, tally);
    const context: ItemContext = { out, people, fields, tally, media, authentication };
    const counts = { records: 0, decoded: 0, lost: 0, notCovered: 0 };
    let number = row;
    for (const found of reader.walk(source, from, until)) {
      if ('why' in found) throw new Error('a frame that was there is there no more');
      const { offset, length, bytes } = found;
      const locator = { path: this.#state.path, offset, length, row: number };
      counts.records++;
      counts[this.#message(context, bytes, locator, tally)]++;
      number++;
    }
    return { counts, summary: tally };
  }

  close(): void {}

  #message(context: ItemContext, bytes: Uint8Array, locator: Locator, tally: Tally): 'decoded' | 'lost' | 'notCovered' {
    const unknown: UnknownFields = new Map();
    const isInfo = locator.row === 0;
    const message = attempt(() => this.#state.reader.read(isInfo ? 'BackupInfo' : 'Frame', bytes, unknown));
    if (message === null) {
      const detail = 'The frame stands between others that can be read, but is no message of a backup itself.';
      context.out.finding(finding('RECORD_MALFORMED', locator, { records: 1, detail }));
      return 'lost';
    }
    for (const [name, times] of unknown) count(tally.unknown, name, times);
    const place = { locator, raw: bytes };
    if (isInfo) {
      writeInfo(context, message, place);
      return 'decoded';
    }
    const what = writeFrame(context, message, place);
    if (what === null) return 'decoded';
    count(tally.uncovered, what);
    return 'notCovered';
  }
}
