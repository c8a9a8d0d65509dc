import { base64Decode, utf8DecodeLossy } from '@custody/bytes';
import { plistInvalid } from './binary-plist.ts';
import type { PlistValue } from './plist-value.ts';

const MOST_DEPTH = 64;
/** Seconds between 1970 and 2001. */
const EPOCH = 978_307_200;
const TAG = /<(\/?)(\w+)[^>]*?(\/?)>|<!--[\s\S]*?-->|<[!?][^>]*>/g;

/** Reads a property list in XML (PropertyList-1.0.dtd). Throws FormatError PLIST_INVALID. */
export function readXmlPlist(bytes: Uint8Array): PlistValue {
  const text = utf8DecodeLossy(bytes);
  if (!/<plist[\s>]/.test(text.slice(0, 4096))) throw plistInvalid('there is no <plist>');
  return new Reader(text).read();
}

interface Tag {
  readonly name: string;
  readonly closes: boolean;
  readonly empty: boolean;
  /** What stands between it and the tag before. */
  readonly before: string;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    TAG.lastIndex = 0;
  }

  read(): PlistValue {
    for (let tag = this.#next(); tag !== null; tag = this.#next()) {
      if (tag.name === 'plist' && !tag.closes) return this.#value(this.#needed(), 0);
    }
    throw plistInvalid('there is no <plist>');
  }

  #value(tag: Tag, depth: number): PlistValue {
    if (depth > MOST_DEPTH) throw plistInvalid('its objects are too deep');
    if (tag.closes) throw plistInvalid(`</${tag.name}> closes nothing`);
    if (tag.name === 'dict') return tag.empty ? new Map() : this.#dict(depth);
    if (tag.name === 'array') return tag.empty ? [] : this.#array(depth);
    if (tag.name === 'true' || tag.name === 'false') {
      if (!tag.empty) this.#needed();
      return tag.name === 'true';
    }
    return scalar(tag.name, tag.empty ? '' : this.#needed().before);
  }

  #dict(depth: number): PlistValue {
    const dict = new Map<string, PlistValue>();
    for (let tag = this.#needed(); !tag.closes; tag = this.#needed()) {
      if (tag.name !== 'key') throw plistInvalid('a dictionary has a value without a key');
      const key = tag.empty ? '' : unescapeXml(this.#needed().before);
      dict.set(key, this.#value(this.#needed(), depth + 1));
    }
    return dict;
  }

  #array(depth: number): PlistValue {
    const list: PlistValue[] = [];
    for (let tag = this.#needed(); !tag.closes; tag = this.#needed()) list.push(this.#value(tag, depth + 1));
    return list;
  }

  #needed(): Tag {
    const tag = this.#next();
    if (tag === null) throw plistInvalid('it ends early');
    return tag;
  }

  #next(): Tag | null {
    TAG.lastIndex = this.#at;
    const start = this.#at;
    for (let found = TAG.exec(this.#text); found !== null; found = TAG.exec(this.#text)) {
      this.#at = TAG.lastIndex;
      if (found[2] === undefined) continue;
      const before = this.#text.slice(start, found.index);
      return { name: found[2], closes: found[1] === '/', empty: found[3] === '/', before };
    }
    return null;
  }
}

function scalar(name: string, text: string): PlistValue {
  if (name === 'string') return unescapeXml(text);
  if (name === 'integer' || name === 'real') return Number(text);
  if (name === 'date') return { seconds: Date.parse(text.trim()) / 1000 - EPOCH };
  if (name !== 'data') throw plistInvalid(`<${name.slice(0, 20)}> is unknown`);
  try {
    return base64Decode(text.replace(/\s+/g, ''));
  } catch {
    throw plistInvalid('its <data> is not base64');
  }
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (all, decimal, hex, name) => {
    const code = decimal !== undefined ? Number(decimal) : hex !== undefined ? Number.parseInt(hex, 16) : null;
    if (code !== null) return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    return ENTITIES[name] ?? all;
  });
}
