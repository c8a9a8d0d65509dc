import { utf8DecodeLossy } from '@custody/bytes';
import { ByteTable, hashBytes } from './byte-table.ts';
import { identifierTypeOf } from './identifier-fields.ts';

/** Columns of a table as found: what they mean stands beside them already, or nobody knows. */
const AS_FOUND = 'cells';
/** Names kept from tile to tile: those of a format are few, those of a hostile dump are not. */
const MOST_NAMES = 65_536;
/** No identifier is longer; a text that is holds something else. */
const LONGEST = 128;

/** What is told of each identifier: its type, and its text as `bytes[start..end)`, or a whole number. */
export interface IdentifierSink {
  text(type: string, bytes: Uint8Array, start: number, end: number): void;
  number(type: string, value: number): void;
}

const TEXT = 3;
const BYTES = 2;
const ARRAY = 4;
const MAP = 5;
const INSIDE = '';

/**
 * Finds the identifiers in the encoded fields of an item by the names of the fields, at any depth, without decoding the
 * rest. The bytes are deterministic CBOR that a writer of ours made; what is none ends the walk.
 */
export class FieldIdentifiers {
  readonly #names = new ByteTable();
  /** Of each name: its type, INSIDE for a name that says nothing, or null where nothing in it is looked at. */
  #types: (string | null)[] = [];
  #bytes: Uint8Array = new Uint8Array(0);
  #end = 0;
  #at = 0;
  #sink: IdentifierSink | null = null;

  /** To be called before each tile. */
  nextTile(): void {
    if (this.#names.count < MOST_NAMES) return;
    this.#names.clear();
    this.#types = [];
  }

  find(bytes: Uint8Array, start: number, end: number, sink: IdentifierSink): void {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#sink = sink;
    this.#value(INSIDE);
  }

  /** `type` null: passed over. */
  #value(type: string | null): void {
    const initial = this.#at < this.#end ? (this.#bytes[this.#at++] as number) : 0xff;
    const major = initial >> 5;
    if (major === 7) {
      this.#at += initial === 0xf9 ? 2 : initial === 0xfa ? 4 : initial === 0xfb ? 8 : 0;
      return;
    }
    const argument = this.#argument(initial & 0x1f);
    if (major === TEXT || major === BYTES) {
      const from = this.#at;
      this.#at = Math.min(this.#end, from + argument);
      if (type && major === TEXT && argument <= LONGEST) this.#sink?.text(type, this.#bytes, from, this.#at);
    } else if (major === ARRAY) {
      for (let i = 0; i < argument && this.#at < this.#end; i++) this.#value(type);
    } else if (major === MAP) {
      for (let i = 0; i < argument && this.#at < this.#end; i++) this.#entry(type);
    } else if (type && major === 0 && Number.isSafeInteger(argument)) this.#sink?.number(type, argument);
  }

  #entry(outer: string | null): void {
    const named = this.#name();
    this.#value(outer === null ? null : named);
  }

  #name(): string | null {
    const initial = this.#at < this.#end ? (this.#bytes[this.#at++] as number) : 0xff;
    const length = this.#argument(initial & 0x1f);
    if (initial >> 5 !== TEXT) return INSIDE;
    const from = this.#at;
    this.#at = Math.min(this.#end, from + length);
    const to = this.#at;
    const name = this.#names.add(this.#bytes, from, to - from, hashBytes(this.#bytes, from, to), 0);
    let type = this.#types[name];
    if (type === undefined) {
      const text = utf8DecodeLossy(this.#bytes, from, to);
      type = text === AS_FOUND ? null : (identifierTypeOf(text) ?? INSIDE);
      this.#types[name] = type;
    }
    return type;
  }

  #argument(info: number): number {
    if (info < 24) return info;
    const size = info > 27 ? 0 : 1 << (info - 24);
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + (this.#bytes[this.#at++] ?? 0);
    return value;
  }
}
