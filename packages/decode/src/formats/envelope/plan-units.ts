import type { ByteSource } from '../../byte-source.ts';
import type { StoredBlock } from '../../containers/record-store.ts';
import type { Unit } from '../../format.ts';
import { isBlank, LONGEST_RECORD, type Splitter } from './splitter.ts';
import { StretchMemory } from './stretch-memory.ts';

/** Records of a unit. */
export const UNIT_RECORDS = 4000;
/** A unit of long records ends earlier, so that it fits into memory. */
const UNIT_BYTES = 48 * 1024 * 1024;
const WINDOW = 4 * 1024 * 1024;

/** A stretch of the dump. `row` is the number of its first line or row in the file, from 1. */
export interface UnitState {
  /** `records`: decode it; `oversize`: one record beyond the limit; `lost-track`: rows that cannot be told apart. */
  readonly kind: 'records' | 'oversize' | 'lost-track';
  readonly offset: number;
  readonly length: number;
  readonly row: number;
  /** Where the records were put that had to be turned into JSON first. */
  readonly stored?: StoredBlock;
  /** Why a stretch cannot be read, where it is not for its quotes. */
  readonly detail?: string;
}

interface Start {
  readonly offset: number;
  readonly row: number;
}

/** Cuts a dump into units in one pass; memory is one window and one small object a unit. */
export class UnitPlanner {
  readonly units: Unit[] = [];
  readonly #source: ByteSource;
  readonly #splitter: Splitter;
  readonly #progress: (done: number, total: number) => void;
  #row: number;
  #offset: number;
  #unitRow: number;
  #unitOffset: number;
  #records = 0;
  readonly #memory = new StretchMemory();

  constructor(source: ByteSource, splitter: Splitter, start: Start, progress: (done: number, total: number) => void) {
    this.#source = source;
    this.#splitter = splitter;
    this.#progress = progress;
    this.#row = start.row;
    this.#offset = start.offset;
    this.#unitRow = start.row;
    this.#unitOffset = start.offset;
  }

  plan(): readonly Unit[] {
    let size = WINDOW;
    while (this.#offset < this.#source.length) {
      const before = this.#offset;
      const bytes = this.#memory.read(this.#source, before, size);
      this.#splitter.complete = before + bytes.length >= this.#source.length;
      this.#window(bytes);
      if (this.#offset > before) size = WINDOW;
      else if (size > LONGEST_RECORD) this.#oversize(before + size);
      else size *= 4;
      this.#progress(this.#offset, this.#source.length);
    }
    this.#close();
    return this.units;
  }

  #window(bytes: Buffer): void {
    const base = this.#offset;
    for (let at = 0; at < bytes.length; ) {
      const end = this.#splitter.next(bytes, at);
      if (end < 0) return;
      if (this.#splitter.gaveUp) this.#alone('lost-track', base + end, null);
      else if (end - at > LONGEST_RECORD) this.#alone('oversize', base + end, 1);
      else this.#record(bytes, at, end);
      at = end;
    }
  }

  #record(bytes: Buffer, start: number, end: number): void {
    if (!isBlank(bytes, start, end)) this.#records++;
    this.#offset += end - start;
    this.#row++;
    if (this.#records === UNIT_RECORDS || this.#offset - this.#unitOffset >= UNIT_BYTES) this.#close();
  }

  /** A record that no window holds: its end is looked for, its bytes are not kept. */
  #oversize(from: number): void {
    for (let at = from; at < this.#source.length; ) {
      const bytes = this.#memory.read(this.#source, at, WINDOW);
      const lf = bytes.indexOf(0x0a);
      if (lf >= 0) {
        this.#alone('oversize', at + lf + 1, 1);
        return;
      }
      at += bytes.length;
    }
    this.#alone('oversize', this.#source.length, 1);
  }

  #alone(kind: UnitState['kind'], end: number, records: number | null): void {
    this.#close();
    this.#push({ kind, offset: this.#offset, length: end - this.#offset, row: this.#row }, records);
    this.#row++;
    this.#offset = end;
    this.#unitRow = this.#row;
    this.#unitOffset = end;
  }

  #close(): void {
    const { length, offset } = { length: this.#offset - this.#unitOffset, offset: this.#unitOffset };
    if (this.#records > 0) this.#push({ kind: 'records', offset, length, row: this.#unitRow }, this.#records);
    this.#records = 0;
    this.#unitRow = this.#row;
    this.#unitOffset = this.#offset;
  }

  #push(state: UnitState, records: number | null): void {
    this.units.push({ index: this.units.length, records, state });
  }
}
