import { base64Decode, hexDecode } from '@custody/bytes';

/** Stands between runs, so that nothing is found across them. */
const GAP = '\uffff';

/**
 * What bytes say when read as an encoding of text: as they stand, as UTF-16, and with hex, base64, percent, JSON and HTML
 * escapes undone. Each is text of one character a byte (UTF-8 bytes), which `TextSearch` reads.
 */
export function* decodings(bytes: Uint8Array): Generator<{ readonly name: string; readonly text: string }> {
  const text = latin1Of(bytes);
  yield { name: 'plain', text };
  if (text.includes('\0')) {
    yield { name: 'UTF-16', text: utf8Latin1(new TextDecoder('utf-16le').decode(bytes)) };
    yield { name: 'UTF-16', text: utf8Latin1(new TextDecoder('utf-16be').decode(bytes)) };
    yield { name: 'UTF-16', text: utf8Latin1(new TextDecoder('utf-16le').decode(bytes.subarray(1))) };
    yield { name: 'UTF-16', text: utf8Latin1(new TextDecoder('utf-16be').decode(bytes.subarray(1))) };
  }
  if (text.includes('\\')) yield { name: 'JSON escapes', text: unescapeJson(text) };
  if (text.includes('&')) yield { name: 'HTML references', text: unescapeHtml(text) };
  if (text.includes('%')) yield { name: 'percent encoding', text: unescapePercent(text) };
  yield* runs('hex', text, /[0-9a-fA-F]{8,}/g, unhex);
  yield* runs('base64', text, /[A-Za-z0-9+/_-]{8,}/g, unbase64);
}

/** Bytes as text of one character each, without the substitutions of windows-1252. */
export function latin1Of(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 8192) out += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return out;
}

/** UTF-8 of a text, one character a byte. */
export function utf8Latin1(text: string): string {
  return latin1Of(new TextEncoder().encode(text));
}

function* runs(
  name: string,
  text: string,
  pattern: RegExp,
  decode: (run: string) => string,
): Generator<{ name: string; text: string }> {
  const parts: string[] = [];
  for (const [run] of text.matchAll(pattern)) parts.push(decode(run));
  if (parts.length > 0) yield { name, text: parts.join(GAP) };
}

/** A run may begin in the middle of a pair. */
function unhex(run: string): string {
  return [0, 1]
    .map((skip) => latin1Of(hexDecode(run.slice(skip, skip + Math.floor((run.length - skip) / 2) * 2))))
    .join(GAP);
}

/** A run may begin anywhere within a longer one: all four places of a group are tried. */
function unbase64(run: string): string {
  const standard = run.replaceAll('-', '+').replaceAll('_', '/');
  return [0, 1, 2, 3]
    .map((skip) => {
      const whole = standard.slice(skip, skip + Math.floor((standard.length - skip) / 4) * 4);
      return whole === '' ? '' : latin1Of(base64Decode(whole));
    })
    .join(GAP);
}

function unescapeJson(text: string): string {
  const simple: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
  return text.replace(/(?:\\u[0-9a-fA-F]{4})+|\\(.)/g, (all, char: string | undefined) => {
    if (char !== undefined) return simple[char] ?? char;
    const units = [...all.matchAll(/\\u([0-9a-fA-F]{4})/g)].map((match) => Number.parseInt(match[1] as string, 16));
    return utf8Latin1(String.fromCharCode(...units));
  });
}

const REFERENCES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]{2,5}));/g, (all, dec, hex, name) => {
    if (name !== undefined) return REFERENCES[name as string] ?? all;
    const code = dec === undefined ? Number.parseInt(hex as string, 16) : Number(dec);
    return code > 0x10ffff ? all : utf8Latin1(String.fromCodePoint(code));
  });
}

function unescapePercent(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, pair: string) => String.fromCharCode(Number.parseInt(pair, 16)));
}
