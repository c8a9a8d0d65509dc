import { sha256 } from '@custody/bytes';
import type { Place } from '../envelope/finding-folder.ts';
import type { RowChecks } from './row-checks.ts';
import type { TableRow } from './table-row.ts';
import type { TableSummary } from './table-summary.ts';

/** What the rows of a stretch leave for the findings about the whole table. */
export class RowNotes {
  #hashes: number[] = [];
  #places: number[] = [];
  #sequence: number[] = [];

  start(): void {
    this.#hashes = [];
    this.#places = [];
    this.#sequence = [];
  }

  /** `bytes`: what two rows share where they are copies. */
  add(row: TableRow, place: Place, bytes: Uint8Array): void {
    const digest = sha256(bytes);
    const view = new DataView(digest.buffer, digest.byteOffset, 8);
    this.#hashes.push(view.getUint32(0), view.getUint32(4));
    this.#places.push(place.row, place.offset, place.length);
    const sequence = row.text('sequence');
    this.#sequence.push(sequence !== null && /^\d{1,15}$/.test(sequence) ? Number(sequence) : Number.NaN);
  }

  summary({ odd, filled, unchecked, marked, bare }: RowChecks): TableSummary {
    return {
      hashes: Uint32Array.from(this.#hashes),
      places: Float64Array.from(this.#places),
      sequence: Float64Array.from(this.#sequence),
      odd,
      filled,
      unchecked,
      marked,
      bare,
    };
  }
}
