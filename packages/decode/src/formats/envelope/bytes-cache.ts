import { BytesTable } from './bytes-table.ts';

/** Texts kept where nobody says otherwise: some megabytes. */
const MOST = 1 << 16;
/** Longer ones are rare and not kept. */
const LONGEST = 256;

/**
 * What was made of a few bytes before: the same names of persons and devices come again and again, and no text is made
 * to look them up. When the most are kept it begins anew; a miss costs only what was to be done anyway.
 */
export class BytesCache<T> {
  readonly #make: (text: string) => T;
  readonly #table: BytesTable;
  #values: T[] = [];
  #generations = new Uint32Array(1 << 9);
  #generation = 1;

  /** `make` gives the value of a text in the present generation. */
  constructor(make: (text: string) => T, most: number = MOST) {
    this.#make = make;
    this.#table = new BytesTable(most, LONGEST);
  }

  /** Values made before are made again; their texts are kept. */
  renew(): void {
    this.#generation++;
  }

  get(bytes: Buffer, start: number, end: number): T {
    let number = this.#table.find(bytes, start, end);
    if (number >= 0 && this.#generations[number] === this.#generation) return this.#values[number] as T;
    if (number < 0) {
      if (end - start > LONGEST) return this.#make(bytes.toString('utf8', start, end));
      this.#forget();
      number = this.#table.find(bytes, start, end);
    }
    const value = this.#make(this.#table.text(number));
    this.#values[number] = value;
    if (number >= this.#generations.length) this.#grow();
    this.#generations[number] = this.#generation;
    return value;
  }

  #forget(): void {
    this.#table.clear();
    this.#values = [];
    this.#generations.fill(0);
  }

  #grow(): void {
    const bigger = new Uint32Array(this.#generations.length * 2);
    bigger.set(this.#generations);
    this.#generations = bigger;
  }
}
