import { NOTHING } from './fold-character.ts';

/**
 * The characters of a text while it is folded, in columns, each with its place in the text as given. `points` has the
 * code point that a character is read as, NOTHING where it has been taken out, or a number below NOTHING where it is
 * read as several: see `textOf`. The memory is kept from text to text.
 */
export class Pieces {
  count = 0;
  points: Int32Array = new Int32Array(256);
  starts: Uint32Array = new Uint32Array(256);
  ends: Uint32Array = new Uint32Array(256);
  /** Bits of `foldNames`. */
  folds: Uint8Array = new Uint8Array(256);
  readonly #several: string[] = [];

  /** Makes room for a text of this many bytes. */
  clear(bytes: number): void {
    this.count = 0;
    this.#several.length = 0;
    if (bytes <= this.points.length) return;
    const size = bytes * 2;
    this.points = new Int32Array(size);
    this.starts = new Uint32Array(size);
    this.ends = new Uint32Array(size);
    this.folds = new Uint8Array(size);
  }

  add(point: number, start: number, end: number): void {
    const at = this.count++;
    this.points[at] = point;
    this.starts[at] = start;
    this.ends[at] = end;
    this.folds[at] = 0;
  }

  addSeveral(text: string, start: number, end: number): void {
    this.#several.push(text);
    this.add(NOTHING - this.#several.length, start, end);
  }

  /** What the character at `at` is read as: empty where it has been taken out. */
  textOf(at: number): string {
    const point = this.points[at] as number;
    if (point === NOTHING) return '';
    return point < 0 ? (this.#several[NOTHING - point - 1] as string) : String.fromCodePoint(point);
  }

  /** The code point at `at`, or NOTHING outside the text as well. */
  at(at: number): number {
    return at >= 0 && at < this.count ? (this.points[at] as number) : NOTHING;
  }
}
