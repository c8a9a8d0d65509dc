import type { Finding } from '@custody/evidence';
import { finding } from '../make-finding.ts';
import { looksMisread } from './text-encoding.ts';

/** Counts records whose text was most likely converted with the wrong encoding before it was delivered. */
export class MisreadText {
  #records = 0;
  #row: number | null = null;

  look(text: string, row: number): void {
    if (!looksMisread(text)) return;
    this.#records++;
    this.#row ??= row;
  }

  findings(path: string): Finding[] {
    if (this.#records === 0) return [];
    const detail = `${this.#records} record(s), the first in row ${this.#row}, hold text that was read in a wrong encoding before it was delivered (UTF-8 taken for windows-1252); it is shown as found`;
    return [finding('FIELD_COERCED', path, { records: this.#records, detail })];
  }
}
