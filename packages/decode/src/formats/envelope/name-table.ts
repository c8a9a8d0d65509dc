/** A name met in a JSON object, and what the profile wants of it. */
export interface NameEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Slot of the value; -1: none. */
  slot: number;
  /** Names inside the object that stands here, where a path leads into it. */
  inner: NameTable | null;
  /** The object in which this name was met last: a second time in the same one is a duplicate. */
  stamp: number;
  /** How often a value was met that the profile does not use. */
  unused: number;
}

/** Names beyond this many in one place are counted together: they come from a stranger. */
const MOST_NAMES = 256;

/**
 * The names that may stand in one place of a record. Records of a dump repeat their names in the same order, so the
 * name that followed last time is tried first and costs one comparison.
 */
export class NameTable {
  readonly entries: NameEntry[] = [];
  readonly #byName = new Map<string, NameEntry>();
  readonly #following: NameEntry[] = [];
  #wanted = 0;

  /** The entry of a name that a path leads through; made where it is not there. */
  want(name: string): NameEntry {
    const entry = this.#byName.get(name) ?? this.#add(name);
    this.#wanted = this.entries.length;
    return entry;
  }

  /** The entry of the name at `bytes[start..end)`, `position` being its place in the object; null beyond the limit. */
  find(bytes: Buffer, { start, end, position }: { start: number; end: number; position: number }): NameEntry | null {
    const guess = this.#following[position];
    if (guess !== undefined && same(guess.bytes, bytes, start, end)) return guess;
    return this.findText(bytes.toString('utf8', start, end), position);
  }

  findText(name: string, position: number): NameEntry | null {
    let entry = this.#byName.get(name);
    if (entry === undefined) {
      if (this.entries.length >= this.#wanted + MOST_NAMES) return null;
      entry = this.#add(name);
    }
    if (position < MOST_NAMES) this.#following[position] = entry;
    return entry;
  }

  /** Forgets the names that no path wants, and their counts: a unit of a dump depends on nothing before it. */
  forget(): void {
    for (const entry of this.entries.splice(this.#wanted)) this.#byName.delete(entry.name);
    for (const entry of this.entries) {
      entry.unused = 0;
      entry.inner?.forget();
    }
    this.#following.length = 0;
  }

  #add(name: string): NameEntry {
    const entry = { name, bytes: Buffer.from(name), slot: -1, inner: null, stamp: 0, unused: 0 };
    this.entries.push(entry);
    this.#byName.set(name, entry);
    return entry;
  }
}

function same(name: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (name.length !== length) return false;
  for (let i = 0; i < length; i++) if (name[i] !== bytes[start + i]) return false;
  return true;
}
