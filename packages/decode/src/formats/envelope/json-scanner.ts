import { hexDigit, isDigit } from './byte-classes.ts';
import { type NameEntry, NameTable } from './name-table.ts';
import { ARRAY, FALSE, NULL, NUMBER, OBJECT, RecordValues, TEXT, TRUE } from './record-values.ts';
import { escapeByte } from './unescape.ts';

/** Deeper nesting is refused: the scanner recurses, and a stranger wrote the brackets. */
export const MOST_NESTING = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Of a byte inside a string: 0 goes on, 1 ends or escapes, 2 is not allowed, 3 begins or continues UTF-8. */
const IN_STRING = new Uint8Array(256);
IN_STRING.fill(2, 0, 0x20);
IN_STRING.fill(3, 0x80);
IN_STRING[QUOTE] = 1;
IN_STRING[BACKSLASH] = 1;

/**
 * Reads one JSON text (RFC 8259, strictly) that must be an object, and notes where the values of the profile's fields
 * stand. Everything is checked, the values nobody wants too; only the wanted ones are noted. UTF-8 is checked as a
 * whole by the caller where `high` says that there are bytes beyond ASCII.
 */
export class JsonScanner {
  /** Where the next scan puts what it finds: its own, or `another` of the same kind. */
  values: RecordValues;
  readonly names: NameTable = new NameTable();
  /** Why the last scan failed, and at which byte. */
  problem = '';
  problemAt = 0;
  /** The last record has bytes beyond ASCII. */
  high = false;
  /** A name that stood twice in one object of the last record, and whether the profile reads it; null: none. */
  duplicate: string | null = null;
  duplicateUsed = false;
  readonly #binary: Uint8Array;
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;
  #escaped = false;
  #stamp = 0;
  #searched: Buffer | null = null;
  #searchedFrom = 0;
  #nextBackslash = 0;

  /** `binary`: slots of encoded bytes; whoever decodes them checks every character, so that they are not looked at twice. */
  constructor(paths: readonly (readonly string[])[], binary: readonly number[] = []) {
    this.values = new RecordValues(paths.length);
    this.#binary = new Uint8Array(paths.length);
    for (const slot of binary) this.#binary[slot] = 1;
    paths.forEach((path, slot) => {
      this.#want(path, slot);
    });
  }

  /** Scans the text in `bytes[start..end)`; white space may stand around it. False: see `problem`. */
  scan(bytes: Buffer, start: number, end: number): boolean {
    this.#bytes = bytes;
    this.#end = end;
    this.high = false;
    this.duplicate = null;
    this.duplicateUsed = false;
    this.problem = '';
    this.values.reset(bytes);
    let at = this.#space(start);
    if (at >= end || bytes[at] !== 0x7b) return this.#fail(at, 'no JSON object') >= 0;
    at = this.#object(at, this.names, 1);
    if (at < 0) return false;
    at = this.#space(at);
    return at === end || this.#fail(at, 'something after the JSON object') >= 0;
  }

  #want(path: readonly string[], slot: number): void {
    let table = this.names;
    path.forEach((name, i) => {
      const entry = table.want(name);
      if (i === path.length - 1) {
        entry.slot = slot;
        return;
      }
      entry.inner ??= new NameTable();
      table = entry.inner;
    });
  }

  #fail(at: number, problem: string): -1 {
    if (this.problem === '') {
      this.problem = problem;
      this.problemAt = at;
    }
    return -1;
  }

  #space(from: number): number {
    const bytes = this.#bytes;
    let at = from;
    for (; at < this.#end; at++) {
      const byte = bytes[at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
    }
    return at;
  }

  /** `{`…`}` at `from`; the position after it, or -1. */
  #object(from: number, table: NameTable | null, depth: number): number {
    if (depth > MOST_NESTING) return this.#fail(from, `nesting deeper than ${MOST_NESTING}`);
    const bytes = this.#bytes;
    const stamp = ++this.#stamp;
    let at = from + 1;
    if ((bytes[at] as number) <= 0x20) at = this.#space(at);
    if (at < this.#end && bytes[at] === 0x7d) return at + 1;
    for (let position = 0; ; position++) {
      if (at >= this.#end || bytes[at] !== QUOTE) return this.#fail(at, 'a name in quotes is expected');
      const nameStart = at + 1;
      at = this.#string(nameStart);
      if (at < 0) return -1;
      const entry = table === null ? null : this.#name(table, { start: nameStart, end: at - 1, position }, stamp);
      if (bytes[at] !== 0x3a) at = this.#space(at);
      if (at >= this.#end || bytes[at] !== 0x3a) return this.#fail(at, 'a colon is expected');
      at++;
      if ((bytes[at] as number) <= 0x20) at = this.#space(at);
      at = this.#value(at, entry, depth);
      if (at < 0) return -1;
      if ((bytes[at] as number) <= 0x20) at = this.#space(at);
      if (at >= this.#end) return this.#fail(at, 'the object has no end');
      if (bytes[at] === 0x7d) return at + 1;
      if (bytes[at] !== 0x2c) return this.#fail(at, 'a comma or } is expected');
      at++;
      if ((bytes[at] as number) <= 0x20) at = this.#space(at);
    }
  }

  #name(table: NameTable, range: { start: number; end: number; position: number }, stamp: number): NameEntry | null {
    const entry = this.#escaped
      ? table.findText(JSON.parse(this.#bytes.toString('utf8', range.start - 1, range.end + 1)), range.position)
      : table.find(this.#bytes, range);
    if (entry === null) return null;
    if (entry.stamp === stamp) {
      this.duplicate ??= entry.name;
      if (entry.slot >= 0 || entry.inner !== null) this.duplicateUsed = true;
    }
    entry.stamp = stamp;
    return entry;
  }

  #value(at: number, entry: NameEntry | null, depth: number): number {
    const slot = entry === null ? -1 : entry.slot;
    if (entry !== null && slot < 0 && entry.inner === null) entry.unused++;
    if (at >= this.#end) return this.#fail(at, 'a value is expected');
    const first = this.#bytes[at] as number;
    let kind: number;
    let end: number;
    if (first === QUOTE) {
      end = slot >= 0 && this.#binary[slot] === 1 ? this.#binaryString(at + 1) : this.#string(at + 1);
      if (end < 0) return -1;
      if (slot >= 0) {
        this.values.set(slot, TEXT, at + 1, end - 1);
        if (this.#escaped) this.values.escaped[slot] = 1;
      }
      return end;
    }
    if (first === 0x7b) {
      kind = OBJECT;
      end = this.#object(at, entry?.inner ?? null, depth + 1);
    } else if (first === 0x5b) {
      kind = ARRAY;
      end = this.#array(at, depth + 1);
    } else if (first === 0x74) {
      kind = TRUE;
      end = this.#word(at, 'true');
    } else if (first === 0x66) {
      kind = FALSE;
      end = this.#word(at, 'false');
    } else if (first === 0x6e) {
      kind = NULL;
      end = this.#word(at, 'null');
    } else {
      kind = NUMBER;
      end = this.#number(at);
    }
    if (slot >= 0 && end >= 0) this.values.set(slot, kind, at, end);
    return end;
  }

  #array(from: number, depth: number): number {
    if (depth > MOST_NESTING) return this.#fail(from, `nesting deeper than ${MOST_NESTING}`);
    const bytes = this.#bytes;
    let at = this.#space(from + 1);
    if (at < this.#end && bytes[at] === 0x5d) return at + 1;
    for (;;) {
      at = this.#value(at, null, depth);
      if (at < 0) return -1;
      at = this.#space(at);
      if (at >= this.#end) return this.#fail(at, 'the array has no end');
      if (bytes[at] === 0x5d) return at + 1;
      if (bytes[at] !== 0x2c) return this.#fail(at, 'a comma or ] is expected');
      at = this.#space(at + 1);
    }
  }

  /** The rest of a string from after its quote; the position after its closing quote, or -1. Sets `#escaped`. */
  #string(from: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    this.#escaped = false;
    for (let at = from; at < end; at++) {
      const byte = bytes[at] as number;
      const kind = IN_STRING[byte];
      if (kind === 0) continue;
      if (byte === QUOTE) return at + 1;
      if (kind === 3) {
        this.high = true;
      } else if (byte === BACKSLASH) {
        this.#escaped = true;
        at = this.#escape(at);
        if (at < 0) return -1;
      } else {
        return this.#fail(at, 'a control character in a string');
      }
    }
    return this.#fail(end, 'the string has no end');
  }

  /** A string of encoded bytes: only its end is looked for. Anything unusual is left to `#string`. */
  #binaryString(from: number): number {
    const quote = this.#bytes.indexOf(QUOTE, from);
    if (quote < 0 || quote >= this.#end || this.#backslash(from) < quote) return this.#string(from);
    this.#escaped = false;
    return quote + 1;
  }

  /** The next backslash from `from` on, found once for all the strings before it. */
  #backslash(from: number): number {
    if (this.#searched !== this.#bytes || from < this.#searchedFrom || this.#nextBackslash < from) {
      const at = this.#bytes.indexOf(BACKSLASH, from);
      this.#nextBackslash = at < 0 ? Number.POSITIVE_INFINITY : at;
      this.#searched = this.#bytes;
      this.#searchedFrom = from;
    }
    return this.#nextBackslash;
  }

  /** Checks the escape at `at`; the position of its last byte, or -1. */
  #escape(at: number): number {
    const bytes = this.#bytes;
    const letter = bytes[at + 1] as number;
    if (at + 1 < this.#end && letter === 0x75) {
      for (let i = at + 2; i < at + 6; i++) {
        if (i >= this.#end || hexDigit(bytes[i] as number) < 0) return this.#fail(i, 'four hex digits are expected');
      }
      return at + 5;
    }
    if (at + 1 >= this.#end || escapeByte(letter) === 0) return this.#fail(at, 'an unknown escape');
    return at + 1;
  }

  #word(at: number, word: string): number {
    for (let i = 0; i < word.length; i++) {
      if (at + i >= this.#end || this.#bytes[at + i] !== word.charCodeAt(i))
        return this.#fail(at, 'a value is expected');
    }
    return at + word.length;
  }

  /** A number by the grammar of RFC 8259 section 6. */
  #number(from: number): number {
    const bytes = this.#bytes;
    let at = bytes[from] === 0x2d ? from + 1 : from;
    if (bytes[at] === 0x30) at++;
    else {
      const digits = this.#digits(at);
      if (digits === at) return this.#fail(from, 'a value is expected');
      at = digits;
    }
    if (at < this.#end && bytes[at] === 0x2e) {
      const digits = this.#digits(at + 1);
      if (digits === at + 1) return this.#fail(at, 'digits are expected after the point');
      at = digits;
    }
    if (at < this.#end && ((bytes[at] as number) | 0x20) === 0x65) {
      const sign = bytes[at + 1] === 0x2b || bytes[at + 1] === 0x2d ? at + 2 : at + 1;
      const digits = this.#digits(sign);
      if (digits === sign) return this.#fail(at, 'digits are expected in the exponent');
      at = digits;
    }
    return at <= this.#end ? at : this.#fail(this.#end, 'a value is expected');
  }

  #digits(from: number): number {
    let at = from;
    while (at < this.#end && isDigit(this.#bytes[at])) at++;
    return at;
  }
}
