import { fail } from './step-failure.ts';

/** One element of DER or definite-length BER (X.690 8.1). `content` is a view. */
export interface DerElement {
  /** The identifier octet: class, constructed or not, number. */
  readonly tag: number;
  readonly content: Buffer;
}

export const DER = { integer: 0x02, bitString: 0x03, octetString: 0x04, oid: 0x06, sequence: 0x30, set: 0x31 } as const;
const MOST_ELEMENTS = 10_000;

/** The elements that fill `bytes`. Throws StepFailure. */
export function derElements(bytes: Buffer): DerElement[] {
  const out: DerElement[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (out.length >= MOST_ELEMENTS) return fail('malformed', 'too many elements in the CMS message');
    const tag = bytes[at] as number;
    const { start, length } = lengthAt(bytes, at + 1);
    if ((tag & 0x1f) === 0x1f || start + length > bytes.length) return cut();
    out.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return out;
}

/** The elements inside one; `tag`: what it must be. */
export function inside(element: DerElement | undefined, tag?: number): DerElement[] {
  if (element === undefined || (tag !== undefined && element.tag !== tag)) return cut();
  return derElements(element.content);
}

export function contentOf(element: DerElement | undefined, tag: number): Buffer {
  return element?.tag === tag ? element.content : cut();
}

/** An object identifier as text; an AlgorithmIdentifier's is its first element. */
export function oidOf(element: DerElement | undefined): string {
  const bytes = contentOf(element, DER.oid);
  const parts: number[] = [];
  let value = 0;
  for (const byte of bytes) {
    value = value * 128 + (byte & 0x7f);
    if (value > Number.MAX_SAFE_INTEGER) return cut();
    if (byte & 0x80) continue;
    parts.push(value);
    value = 0;
  }
  const first = parts[0] ?? 0;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - 40 * top, ...parts.slice(1)].join('.');
}

/** A small whole number. */
export function integerOf(element: DerElement | undefined): number {
  const bytes = contentOf(element, DER.integer);
  return bytes.length === 0 || bytes.length > 6 ? cut() : bytes.readIntBE(0, bytes.length);
}

function lengthAt(bytes: Buffer, at: number): { start: number; length: number } {
  const first = bytes[at];
  if (first === undefined) return cut();
  if (first < 0x80) return { start: at + 1, length: first };
  const size = first & 0x7f;
  if (size === 0) return fail('unsupported', 'a CMS message with elements of unknown length');
  if (size > 4 || at + size >= bytes.length) return cut();
  return { start: at + 1 + size, length: bytes.readUIntBE(at + 1, size) };
}

function cut(): never {
  return fail('malformed', 'the CMS message is not as its standard says');
}
