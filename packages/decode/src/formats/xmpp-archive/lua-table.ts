import { XmlRefused } from './xml-element.ts';

/** A table of Lua as Prosody writes it: positional values and named ones. */
export interface LuaTable {
  readonly list: readonly LuaValue[];
  readonly named: ReadonlyMap<string, LuaValue>;
}

export type LuaValue = string | number | boolean | null | LuaTable;

const MOST_DEPTH = 64;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };

/** The table of one `item({ … });`. Throws XmlRefused where it is none. Nothing is run. */
export function readLuaTable(text: string): LuaTable {
  const reader = new LuaReader(text);
  const value = reader.value(0);
  if (value === null || typeof value !== 'object') throw new XmlRefused('no table of Lua');
  return value;
}

class LuaReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): LuaValue {
    this.#space();
    const char = this.#text[this.#at];
    if (char === '{') return this.#table(depth + 1);
    if (char === '"' || char === "'") return this.#string(char);
    const word = /^-?[\w.+]+/.exec(this.#text.slice(this.#at, this.#at + 64))?.[0] ?? '';
    this.#at += word.length;
    if (word === 'nil') return null;
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === '' || Number.isNaN(Number(word))) throw new XmlRefused('a value of Lua that is no constant');
    return Number(word);
  }

  #table(depth: number): LuaTable {
    if (depth > MOST_DEPTH) throw new XmlRefused(`tables nest deeper than ${MOST_DEPTH}`);
    this.#at++;
    const list: LuaValue[] = [];
    const named = new Map<string, LuaValue>();
    for (;;) {
      this.#space();
      if (this.#text[this.#at] === '}') {
        this.#at++;
        return { list, named };
      }
      const key = this.#key(depth);
      const value = this.value(depth);
      if (key === null) list.push(value);
      else if (typeof key === 'number' && key === list.length + 1) list.push(value);
      else named.set(String(key), value);
      this.#space();
      const next = this.#text[this.#at];
      if (next === ';' || next === ',') this.#at++;
      else if (next !== '}') throw new XmlRefused('a table of Lua that does not end');
    }
  }

  /** `[…] =` or `name =`; null: the value stands by itself. */
  #key(depth: number): string | number | null {
    if (this.#text[this.#at] === '[') {
      this.#at++;
      const key = this.value(depth);
      this.#space();
      if (this.#text[this.#at] !== ']') throw new XmlRefused('a key of Lua that does not end');
      this.#at++;
      this.#equals();
      if (typeof key !== 'string' && typeof key !== 'number') throw new XmlRefused('a key of Lua that is no text');
      return key;
    }
    const word = /^[A-Za-z_]\w*\s*=(?!=)/.exec(this.#text.slice(this.#at, this.#at + 128))?.[0];
    if (word === undefined) return null;
    this.#at += word.length;
    return word.slice(0, -1).trim();
  }

  #equals(): void {
    this.#space();
    if (this.#text[this.#at] !== '=') throw new XmlRefused('a key of Lua without a value');
    this.#at++;
  }

  #string(quote: string): string {
    let value = '';
    for (let from = ++this.#at; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at];
      if (char === quote) {
        value += this.#text.slice(from, this.#at++);
        return value;
      }
      if (char !== '\\') continue;
      value += this.#text.slice(from, this.#at);
      const digits = /^\d{1,3}/.exec(this.#text.slice(this.#at + 1, this.#at + 4))?.[0];
      const next = this.#text[this.#at + 1] ?? '';
      // Bytes by number: what they make together is UTF-8, put right by the caller.
      value += digits === undefined ? (ESCAPES[next] ?? next) : String.fromCharCode(Number(digits) & 255);
      this.#at += digits === undefined ? 1 : digits.length;
      from = this.#at + 1;
    }
    throw new XmlRefused('a text of Lua without its closing quote');
  }

  #space(): void {
    for (;;) {
      const char = this.#text[this.#at];
      if (char !== ' ' && char !== '\n' && char !== '\t' && char !== '\r') return;
      this.#at++;
    }
  }
}
