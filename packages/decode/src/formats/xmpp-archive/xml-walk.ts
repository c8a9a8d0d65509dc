import { utf8ValidUpTo } from '@custody/bytes';
import { SaxesParser, type SaxesTagNS } from 'saxes';
import type { ByteSource } from '../../byte-source.ts';
import { guard, LONGEST_STANZA, type Namespaces, XmlRefused } from './xml-element.ts';

/** An element that is open, with where its start tag begins. */
export interface OpenElement {
  readonly name: string;
  readonly ns: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly offset: number;
  /** Namespaces in scope inside it. */
  readonly namespaces: Namespaces;
  /** Its start tag as text, for a walk that goes on behind damage. */
  readonly tag: string;
}

export interface WalkEvents {
  open(element: OpenElement, stack: readonly OpenElement[]): void;
  /** `end` is the offset behind the end tag. */
  close(element: OpenElement, stack: readonly OpenElement[], end: number): void;
}

/** Where the text stops being XML, and why. */
export interface Damage {
  readonly offset: number;
  readonly why: string;
}

const CHUNK = 64 * 1024;
/** Bytes looked through for the next record behind damage, a window at a time. */
const WINDOW = 1024 * 1024;

/**
 * Walks a file of XML from `offset`, in memory for one chunk and the open start tags. `ancestors` are elements open
 * there already. Returns where it met damage, with the elements open at that place; null at a well-formed end.
 */
export function walkXml(
  source: ByteSource,
  events: WalkEvents,
  {
    offset,
    ancestors,
    progress,
  }: { offset: number; ancestors: readonly OpenElement[]; progress?: ((done: number) => void) | undefined },
): { readonly damage: Damage; readonly stack: readonly OpenElement[] } | null {
  const walk = new XmlWalk(source, events, { offset, ancestors });
  return walk.run(progress);
}

class XmlWalk {
  readonly #source: ByteSource;
  readonly #parser = new SaxesParser({ xmlns: true, position: true });
  readonly #stack: OpenElement[] = [];
  readonly #replayed: readonly OpenElement[];
  /** UTF-16 position and byte offset where the current chunk begins, and the last place looked up in it. */
  #chunk = '';
  #chunkStart = 0;
  #written = 0;
  #known = { position: 0, byte: 0 };
  #start: number;
  #tagStart = 0;
  #replaying = false;
  #lastEvent = 0;

  constructor(
    source: ByteSource,
    events: WalkEvents,
    { offset, ancestors }: { offset: number; ancestors: readonly OpenElement[] },
  ) {
    this.#source = source;
    this.#start = offset;
    this.#replayed = ancestors;
    const onStart = ({ name }: { readonly name: string }): void => {
      const at = this.#byteAt(this.#parser.position - name.length - 2);
      // The parser takes CR LF behind the name as one character.
      if (this.#replaying) return;
      this.#tagStart = this.#source.read(at, 1)[0] === 0x3c ? at : at - 1;
    };
    guard(this.#parser, () => this.#stack.length, onStart);
    this.#parser.on('opentag', (tag) => {
      const element = this.#opened(tag);
      if (!this.#replaying) events.open(element, this.#stack);
      this.#stack.push(element);
    });
    this.#parser.on('closetag', () => {
      const element = this.#stack.pop();
      this.#lastEvent = this.#byteAt(this.#parser.position);
      if (element !== undefined) events.close(element, this.#stack, this.#lastEvent);
    });
  }

  run(progress?: (done: number) => void): { damage: Damage; stack: readonly OpenElement[] } | null {
    let at = this.#start;
    try {
      if (this.#replayed.length > 0) this.#replay();
      this.#lastEvent = at;
      while (at < this.#source.length) {
        const text = this.#read(at);
        this.#chunk = text.text;
        this.#chunkStart = this.#written;
        this.#written += text.text.length;
        this.#known = { position: 0, byte: at };
        this.#parser.write(text.text);
        at += text.length;
        if (at - this.#lastEvent > LONGEST_STANZA)
          throw new XmlRefused(`more than ${LONGEST_STANZA} bytes without a tag`);
        progress?.(at);
      }
      this.#parser.close();
      return null;
    } catch (error) {
      if (!(error instanceof XmlRefused)) throw error;
      const place = at >= this.#source.length ? at : Math.max(at, this.#byteAt(this.#parser.position));
      return { damage: { offset: Math.min(place, this.#source.length), why: error.message }, stack: [...this.#stack] };
    }
  }

  /** Opens elements that began before the place where this walk begins. */
  #replay(): void {
    this.#replaying = true;
    for (const element of this.#replayed) {
      this.#parser.write(element.tag);
      this.#written += element.tag.length;
      this.#stack.pop();
      this.#stack.push(element);
    }
    this.#replaying = false;
  }

  /** UTF-8 up to the last whole character of a chunk. Throws XmlRefused where the bytes are none. */
  #read(at: number): { text: string; length: number } {
    const bytes = this.#source.read(at, CHUNK);
    let length = bytes.length;
    if (at + length < this.#source.length)
      while (length > 0 && ((bytes[length - 1] as number) & 0xc0) === 0x80) length--;
    if (at + length < this.#source.length && length > 0 && (bytes[length - 1] as number) >= 0xc0) length--;
    if (length === 0) length = bytes.length;
    const chunk = bytes.subarray(0, length);
    const valid = utf8ValidUpTo(chunk);
    if (valid < length) {
      if (valid === 0) throw new XmlRefused('the bytes are not UTF-8');
      return { text: Buffer.from(chunk.buffer, chunk.byteOffset, valid).toString(), length: valid };
    }
    return { text: Buffer.from(chunk.buffer, chunk.byteOffset, length).toString(), length };
  }

  /** Byte offset of a UTF-16 position in the current chunk or just before it. */
  #byteAt(position: number): number {
    const inside = position - this.#chunkStart;
    if (inside < 0) return this.#known.byte + inside;
    if (inside < this.#known.position) {
      return this.#known.byte - Buffer.byteLength(this.#chunk.slice(inside, this.#known.position));
    }
    const byte = this.#known.byte + Buffer.byteLength(this.#chunk.slice(this.#known.position, inside));
    this.#known = { position: inside, byte };
    return byte;
  }

  #opened(tag: SaxesTagNS): OpenElement {
    const parent = this.#stack[this.#stack.length - 1];
    const declared = Object.keys(tag.ns).length > 0;
    const namespaces = declared ? { ...parent?.namespaces, ...tag.ns } : (parent?.namespaces ?? {});
    const attributes = new Map<string, string>();
    for (const { prefix, local, value } of Object.values(tag.attributes)) {
      if (prefix !== 'xmlns' && local !== 'xmlns') attributes.set(local, value);
    }
    return { name: tag.local, ns: tag.uri, attributes, offset: this.#tagStart, namespaces, tag: startTag(tag) };
  }
}

/** A start tag that means the same as the one read. */
function startTag(tag: SaxesTagNS): string {
  const parts = Object.values(tag.attributes).map(({ name, value }) => ` ${name}="${escaped(value)}"`);
  return `<${tag.name}${parts.join('')}>`;
}

function escaped(value: string): string {
  return value.replace(/[&<"\t\n\r]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** The next place at or behind `from` where one of the start tags begins; the end of the file where there is none. */
export function nextTag(source: ByteSource, from: number, names: readonly string[]): number {
  const needles = names.map((name) => Buffer.from(`<${name}`));
  const overlap = 64;
  for (let at = from; at < source.length; at += WINDOW - overlap) {
    const window = source.read(at, WINDOW);
    const buffer = Buffer.from(window.buffer, window.byteOffset, window.length);
    let best = -1;
    for (const needle of needles) {
      const found = tagAt(buffer, needle);
      if (found >= 0 && (best < 0 || found < best)) best = found;
    }
    if (best >= 0) return at + best;
  }
  return source.length;
}

function tagAt(buffer: Buffer, needle: Buffer): number {
  for (let found = buffer.indexOf(needle); found >= 0; found = buffer.indexOf(needle, found + 1)) {
    const after = buffer[found + needle.length];
    if (after === 0x20 || after === 0x3e || after === 0x2f || after === 0x09 || after === 0x0a || after === 0x0d)
      return found;
  }
  return -1;
}
