import type { BatchWriter, FindingClass, FindingCode } from '@custody/evidence';
import { findingCodes } from '@custody/evidence';

/** One record that something is to be said about. Offsets and lengths in bytes, rows from 1. */
export interface Place {
  readonly row: number;
  readonly offset: number;
  readonly length: number;
}

/** Writes one finding for a run of neighbouring records with the same cause, saying how many and which. */
export class FindingFolder {
  readonly #out: BatchWriter;
  readonly #path: string;
  #code: FindingCode | null = null;
  #cause = '';
  #count = 0;
  #first: Place = NOWHERE;
  #last: Place = NOWHERE;

  constructor(out: BatchWriter, path: string) {
    this.#out = out;
    this.#path = path;
  }

  /** One record more; records come in order. */
  add(code: FindingCode, cause: string, place: Place): void {
    if (this.#code === code && this.#cause === cause && place.row === this.#last.row + 1) {
      this.#last = place;
      this.#count++;
      return;
    }
    this.flush();
    this.#code = code;
    this.#cause = cause;
    this.#count = 1;
    this.#first = place;
    this.#last = place;
  }

  /** Must be called before anything else is written, so that leaves stand in the order of the dump. */
  flush(): void {
    const code = this.#code;
    if (code === null) return;
    this.#code = null;
    const first = this.#first;
    const last = this.#last;
    const run = this.#count === 1 ? '' : ` (${this.#count} records, rows ${first.row} to ${last.row})`;
    this.#out.finding({
      code,
      class: findingCodes[code],
      records: this.#count,
      locator: {
        path: this.#path,
        offset: first.offset,
        length: last.offset + last.length - first.offset,
        row: first.row,
      },
      related: [],
      detail: `${this.#cause}${run}`,
    });
  }

  /** A finding about one record that stands alone. */
  alone(
    code: FindingCode,
    place: Place,
    more: { detail: string; class?: FindingClass; related?: Place; records?: number | null },
  ): void {
    this.flush();
    this.#out.finding({
      code,
      class: more.class ?? findingCodes[code],
      records: more.records === undefined ? 1 : more.records,
      locator: { path: this.#path, ...place },
      related: more.related === undefined ? [] : [{ path: this.#path, ...more.related }],
      detail: more.detail,
    });
  }
}

const NOWHERE: Place = { row: -1, offset: 0, length: 0 };
