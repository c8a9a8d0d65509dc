/** Header fields of a message or part, unfolded, in order. */
export interface Headers {
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** Names of character sets that could not be read: their text is shown as Latin-1. */
  readonly unknownCharsets: ReadonlySet<string>;
}

const MOST_FIELDS = 2000;

/** Parses header lines given as Latin-1 text; bytes beyond ASCII are read as UTF-8 (RFC 6532), else as they stand. */
export function readHeaders(latin1: string): Headers {
  const unknownCharsets = new Set<string>();
  const fields: [string, string][] = [];
  for (const line of latin1.split(/\r?\n(?![ \t])/)) {
    const colon = line.indexOf(':');
    if (colon <= 0 || fields.length >= MOST_FIELDS) continue;
    const value = line
      .slice(colon + 1)
      .replace(/\r?\n[ \t]/g, ' ')
      .trim();
    fields.push([line.slice(0, colon).trim().toLowerCase(), decodeWords(utf8OrLatin1(value), unknownCharsets)]);
  }
  return { fields, unknownCharsets };
}

/** The first field of that name; null where there is none. */
export function header({ fields }: Headers, name: string): string | null {
  return fields.find(([one]) => one === name)?.[1] ?? null;
}

export function headers({ fields }: Headers, name: string): string[] {
  return fields.filter(([one]) => one === name).map(([, value]) => value);
}

function utf8OrLatin1(latin1: string): string {
  if (!/[\x80-\xff]/.test(latin1)) return latin1;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(latin1, 'latin1'));
  } catch {
    return latin1;
  }
}

const WORD = /=\?([\w-]{1,40})(?:\*[\w-]*)?\?([BbQq])\?([^?\s]*)\?=/g;

/** Encoded words of RFC 2047; white space between two of them is no text. */
function decodeWords(value: string, unknown: Set<string>): string {
  return value
    .replace(/(\?=)\s+(?==\?[\w*-]{1,60}\?[BbQq]\?)/g, '$1')
    .replace(WORD, (_whole, charset: string, kind: string, text: string) => {
      const bytes = kind.toLowerCase() === 'b' ? Buffer.from(text, 'base64') : quotedPrintable(text.replace(/_/g, ' '));
      return decodeCharset(bytes, charset, unknown);
    });
}

/** Bytes of quoted-printable text given as Latin-1 (RFC 2045 section 6.7). */
export function quotedPrintable(latin1: string): Buffer {
  const text = latin1.replace(/[ \t]+(?=\r?\n)/g, '').replace(/=\r?\n/g, '');
  return Buffer.from(
    text.replace(/=([0-9A-Fa-f]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}

/** Text of bytes in a named character set; an unknown name is noted and the bytes shown as Latin-1. */
export function decodeCharset(bytes: Uint8Array, charset: string, unknown: Set<string>): string {
  const name = charset.toLowerCase() === 'us-ascii' ? 'utf-8' : charset;
  try {
    return new TextDecoder(name, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    unknown.add(
      error instanceof RangeError
        ? charset.toLowerCase().slice(0, 40)
        : `${charset.toLowerCase().slice(0, 40)} (with bytes that are none)`,
    );
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  }
}

/** A value with parameters, as Content-Type has them; names in lower case (RFC 2045, RFC 2231). */
export function readParameters(value: string): {
  readonly value: string;
  readonly parameters: ReadonlyMap<string, string>;
} {
  const parameters = new Map<string, string>();
  const end = value.indexOf(';');
  const rest = end < 0 ? '' : value.slice(end);
  for (const found of rest.matchAll(/;\s*([\w!#$&+.^`|~*-]{1,80})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/g)) {
    const [, key = '', quoted, bare = ''] = found;
    const text = quoted === undefined ? bare : quoted.replace(/\\(.)/g, '$1');
    const [name = '', ...marks] = key.toLowerCase().split('*');
    const plain = marks.includes('') ? extended(text) : text;
    parameters.set(name, (marks.length > 0 ? (parameters.get(name) ?? '') : '') + plain);
  }
  return { value: (end < 0 ? value : value.slice(0, end)).trim().toLowerCase(), parameters };
}

/** `charset'language'text%20encoded`. */
function extended(text: string): string {
  const parts = /^([\w-]*)'[^']*'(.*)$/.exec(text);
  const latin1 = (parts?.[2] ?? text).replace(/%([0-9A-Fa-f]{2})/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return decodeCharset(Buffer.from(latin1, 'latin1'), parts?.[1] || 'utf-8', new Set());
}

/** Addresses of a list, with the names beside them (RFC 5322 section 3.4); comments and groups are left out. */
export function readAddresses(value: string): { readonly address: string; readonly name: string }[] {
  const found: { address: string; name: string }[] = [];
  for (const part of splitList(value)) {
    const angle = /^(.*)<([^<>]*)>\s*$/.exec(part);
    const address = (angle?.[2] ?? part.replace(/\([^()]*\)/g, '')).trim();
    const name = (angle?.[1] ?? '')
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .replace(/\\(.)/g, '$1');
    if (address !== '' && found.length < 10_000) found.push({ address, name });
  }
  return found;
}

/** Commas inside quotes, comments and angle brackets part nothing. */
function splitList(value: string): string[] {
  const parts: string[] = [];
  let from = 0;
  let quoted = false;
  let depth = 0;
  for (let i = 0; i <= value.length; i++) {
    const char = value[i];
    if (quoted) {
      if (char === '\\') i++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '(' || char === '<') depth++;
    else if ((char === ')' || char === '>') && depth > 0) depth--;
    else if (depth === 0 && char === ':' && !value.slice(from, i).includes('@')) from = i + 1;
    if (i === value.length || (!quoted && depth === 0 && (char === ',' || char === ';'))) {
      parts.push(value.slice(from, i));
      from = i + 1;
    }
  }
  return parts;
}
