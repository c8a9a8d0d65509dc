/** A value of a readable twin: numbers as bigint, bytes as `<hex>`, enumerations and texts as text, blocks as objects. */
export type Twin = bigint | number | boolean | string | readonly Twin[] | { readonly [name: string]: Twin };

export interface TwinBlock {
  readonly name: string;
  readonly fields: Readonly<Record<string, Twin>>;
}

const TOKEN = /\/\/[^\n]*|"(?:[^"\\]|\\.)*"|<[0-9a-f]*>|[{}[\],=]|[^\s{}[\],=]+/g;

/** The blocks of a `.txtproto` file, which shows what is in the `.binproto` of the same name. */
export function readTwin(text: string): TwinBlock[] {
  const tokens = (text.match(TOKEN) ?? []).filter((token) => !token.startsWith('//'));
  const reader = new TwinReader(tokens);
  const blocks: TwinBlock[] = [];
  while (!reader.ended) blocks.push(reader.block());
  return blocks;
}

class TwinReader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get ended(): boolean {
    return this.#at >= this.#tokens.length;
  }

  block(): TwinBlock {
    const name = this.#next();
    return { name, fields: this.#fields() };
  }

  #fields(): Record<string, Twin> {
    const fields: Record<string, Twin> = {};
    this.#expect('{');
    while (this.#peek() !== '}') {
      const name = this.#next().replace(/_$/, '');
      this.#expect('=');
      fields[name] = this.#value();
    }
    this.#expect('}');
    return fields;
  }

  #value(): Twin {
    if (this.#peek() === '[') return this.#list();
    const token = this.#next();
    if (this.#peek() === '{') return this.#fields();
    if (token.startsWith('"')) return JSON.parse(token) as string;
    if (token === 'true' || token === 'false') return token === 'true';
    if (/^-?\d+$/.test(token)) return BigInt(token);
    if (/^-?\d+\.\d+(E-?\d+)?$/.test(token)) return Number(token);
    return token;
  }

  #list(): Twin[] {
    const list: Twin[] = [];
    this.#expect('[');
    while (this.#peek() !== ']') {
      list.push(this.#value());
      if (this.#peek() === ',') this.#next();
    }
    this.#expect(']');
    return list;
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? '';
  }

  #next(): string {
    return this.#tokens[this.#at++] ?? '';
  }

  #expect(token: string): void {
    const found = this.#next();
    if (found !== token) throw new Error(`twin: ${token} expected, ${found} found at token ${this.#at}`);
  }
}
