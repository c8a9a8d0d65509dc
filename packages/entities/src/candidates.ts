import type { EntityTypeId, TierId } from './vocabulary.ts';

/** A telephone number of its country's plan, and one that has only the right length. */
export const NOTE_VALID = 1;
export const NOTE_POSSIBLE = 2;
/** Above these bits the number of the language, plus one, that chose between two readings; the bit says who named it. */
export const NOTE_LANGUAGE_SHIFT = 4;
export const NOTE_GIVEN = 2048;

/** More readings of one span than this tell an analyst nothing, and a hostile text could ask for any number. */
const MAX_ALTERNATIVES = 4;

/**
 * What the rules found in a text, one row a reading, in columns. A row whose `parent` is not -1 is another reading
 * of that row. Canonical values lie end to end in `arena`. The memory is kept from text to text.
 *
 * A rule writes a value with `begin` and `put`, then keeps it with `report` or `alternative`; a value neither kept is
 * forgotten by the next `begin`.
 */
export class Candidates {
  count = 0;
  type: Uint8Array = new Uint8Array(64);
  tier: Uint8Array = new Uint8Array(64);
  start: Uint32Array = new Uint32Array(64);
  end: Uint32Array = new Uint32Array(64);
  parent: Int32Array = new Int32Array(64);
  valueStart: Uint32Array = new Uint32Array(64);
  valueEnd: Uint32Array = new Uint32Array(64);
  /** What else is known of a row: bits NOTE_. */
  notes: Uint16Array = new Uint16Array(64);
  arena: Uint8Array = new Uint8Array(4096);
  /** Highest `end` reported since `clear`. */
  furthest = 0;
  #kept = 0;
  #length = 0;

  clear(): void {
    this.count = 0;
    this.#kept = 0;
    this.#length = 0;
    this.furthest = 0;
  }

  begin(): void {
    this.#length = this.#kept;
  }

  put(byte: number): void {
    if (this.#length === this.arena.length) this.#growArena();
    this.arena[this.#length++] = byte;
  }

  putRange(bytes: Uint8Array, start: number, end: number): void {
    for (let i = start; i < end; i++) this.put(bytes[i] as number);
  }

  /** `text` must be ASCII: names of units and currencies of this package. */
  putAscii(text: string): void {
    for (let i = 0; i < text.length; i++) this.put(text.charCodeAt(i));
  }

  report(type: EntityTypeId, tier: TierId, start: number, end: number): void {
    this.#keep(type, tier, -1);
    this.start[this.count - 1] = start;
    this.end[this.count - 1] = end;
    if (end > this.furthest) this.furthest = end;
  }

  /** Says of the row reported last how well it fits a numbering plan. */
  grade(grade: 'valid' | 'possible'): void {
    this.notes[this.count - 1] = grade === 'valid' ? NOTE_VALID : NOTE_POSSIBLE;
  }

  /** Says which language chose between two readings of the row reported last, and whether the caller named it. */
  decidedBy(language: number, given: boolean): void {
    const row = this.count - 1;
    this.notes[row] = (this.notes[row] as number) | ((language + 1) << NOTE_LANGUAGE_SHIFT) | (given ? NOTE_GIVEN : 0);
  }

  /** Another reading of the span reported last. */
  alternative(type: EntityTypeId, tier: TierId): void {
    let parent = this.count - 1;
    while (parent > 0 && (this.parent[parent] as number) >= 0) parent--;
    if (this.count - parent > MAX_ALTERNATIVES) return;
    this.#keep(type, tier, parent);
    this.start[this.count - 1] = this.start[parent] as number;
    this.end[this.count - 1] = this.end[parent] as number;
  }

  #keep(type: EntityTypeId, tier: TierId, parent: number): void {
    if (this.count === this.type.length) this.#growRows();
    const row = this.count++;
    this.type[row] = type;
    this.tier[row] = tier;
    this.parent[row] = parent;
    this.notes[row] = 0;
    this.valueStart[row] = this.#kept;
    this.valueEnd[row] = this.#length;
    this.#kept = this.#length;
  }

  #growArena(): void {
    const bigger = new Uint8Array(this.arena.length * 2);
    bigger.set(this.arena);
    this.arena = bigger;
  }

  #growRows(): void {
    const rows = this.type.length * 2;
    this.type = grown(this.type, new Uint8Array(rows));
    this.tier = grown(this.tier, new Uint8Array(rows));
    this.start = grown(this.start, new Uint32Array(rows));
    this.end = grown(this.end, new Uint32Array(rows));
    this.parent = grown(this.parent, new Int32Array(rows));
    this.notes = grown(this.notes, new Uint16Array(rows));
    this.valueStart = grown(this.valueStart, new Uint32Array(rows));
    this.valueEnd = grown(this.valueEnd, new Uint32Array(rows));
  }
}

function grown<T extends Uint8Array | Uint16Array | Uint32Array | Int32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
