import { isAlnum, isDigit, lowerByte } from '../byte-class.ts';
import { bareHostEnd, hostRunEnd } from '../checks/bare-host.ts';
import { isStopBeyondAscii } from '../checks/boundaries.ts';
import { hostEnd } from '../checks/host.ts';
import type { SignRule } from '../rule.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_SHAPE } from '../vocabulary.ts';

const URL = knownType('url');
const COLON = 0x3a;
const DOT = 0x2e;
const SLASH = 0x2f;
/** What browsers take at most; a longer one is cut. */
const LONGEST_URL = 2048;
const LONGEST_SCHEME = 12;

/** `scheme://host…`: any scheme of letters, with a host of a plausible form. */
export const url: SignRule = {
  sign: COLON,
  match(scan, at) {
    if (at < scan.urlEnd || scan.at(at + 1) !== SLASH || scan.at(at + 2) !== SLASH) return at;
    const start = schemeStart(scan, at);
    if (start < 0) return at;
    const host = authorityEnd(scan, at + 3);
    if (host < 0) return at;
    reportUrl(scan, { start, host, end: restEnd(scan, host) });
    return at + 3;
  },
};

/** `www.host…` and `host.tld/…` without a scheme, for top-level labels that do not end file names. */
export const bareUrl: SignRule = {
  sign: DOT,
  match(scan, at) {
    if (at < scan.noHostBefore || at < scan.urlEnd || (!isAlnum(scan.at(at + 1)) && scan.at(at + 1) < 0x80)) return at;
    if (!isAlnum(scan.at(at - 1)) && scan.at(at - 1) < 0x80) return at;
    const bare = bareHostEnd(scan, at);
    if (bare === null || !bare.believed) {
      scan.noHostBefore = hostRunEnd(scan, at);
      return at;
    }
    const end = restEnd(scan, bare.end);
    reportUrl(scan, { start: bare.start, host: bare.end, end });
    return bare.end;
  },
};

function reportUrl(scan: Scan, span: { start: number; host: number; end: number }): void {
  scan.found.begin();
  for (let i = span.start; i < span.host; i++) scan.found.put(lowerByte(scan.bytes[i] as number));
  scan.found.putRange(scan.bytes, span.host, span.end);
  scan.found.report(URL, TIER_SHAPE, span.start, span.end);
  scan.urlEnd = span.end;
}

function schemeStart(scan: Scan, colon: number): number {
  let i = colon;
  while (i > scan.start && colon - i < LONGEST_SCHEME && isAlnum(scan.at(i - 1))) i--;
  while (i < colon && isDigit(scan.at(i))) i++;
  i = httpWithin(scan, i, colon);
  return colon - i >= 2 && !isMisspeltHttp(scan, i, colon) ? i : -1;
}

/** `ihttp://`, `herehttps://`: a letter too many, or a word without its space, before the scheme. */
function httpWithin(scan: Scan, start: number, colon: number): number {
  const secure = lowerByte(scan.at(colon - 1)) === 0x73 ? 1 : 0;
  const at = colon - HTTP.length - secure;
  if (at <= start) return start;
  for (let k = 0; k < HTTP.length; k++) if (lowerByte(scan.at(at + k)) !== HTTP.charCodeAt(k)) return start;
  return at;
}

const HTTP = 'http';

/** `httt://`: there is no such protocol. `hxxp` is how analysts write a link that must not be clicked. */
function isMisspeltHttp(scan: Scan, start: number, colon: number): boolean {
  if (lowerByte(scan.at(start)) !== 0x68 || lowerByte(scan.at(start + 1)) !== 0x74) return false;
  const length = colon - start;
  const isHttp = lowerByte(scan.at(start + 2)) === 0x74 && lowerByte(scan.at(start + 3)) === 0x70;
  return !isHttp || length > 5 || (length === 5 && lowerByte(scan.at(start + 4)) !== 0x73);
}

/** End of `user:password@host:port`, or -1. The host is a name with a top-level label, an address or `localhost`. */
function authorityEnd(scan: Scan, from: number): number {
  const host = afterUserInfo(scan, from);
  const end = bracketEnd(scan, host) || hostEnd(scan, host, true);
  const found = end > 0 ? end : plainHostEnd(scan, host);
  if (found < 0 || scan.at(found) !== COLON || !scan.isDigitAt(found + 1)) return found;
  let i = found + 1;
  while (scan.isDigitAt(i) && i < found + 6) i++;
  return i;
}

function afterUserInfo(scan: Scan, from: number): number {
  for (let i = from; i < scan.end && i < from + 128; i++) {
    const byte = scan.bytes[i] as number;
    if (byte === 0x40) return i + 1;
    if (byte === SLASH || byte <= 0x20 || byte === 0x3f || byte === 0x23 || byte >= 0x80) break;
  }
  return from;
}

function bracketEnd(scan: Scan, at: number): number {
  if (scan.at(at) !== 0x5b) return 0;
  for (let i = at + 1; i < at + 46 && i < scan.end; i++) if (scan.bytes[i] === 0x5d) return i > at + 3 ? i + 1 : 0;
  return 0;
}

/** Dotted IPv4 and `localhost`. */
function plainHostEnd(scan: Scan, at: number): number {
  let i = at;
  let dots = 0;
  while (i < at + 15 && (scan.isDigitAt(i) || (scan.at(i) === DOT && scan.isDigitAt(i + 1)))) {
    if (scan.bytes[i++] === DOT) dots++;
  }
  if (dots === 3) return i;
  const local = 'localhost';
  for (let k = 0; k < local.length; k++) if (lowerByte(scan.at(at + k)) !== local.charCodeAt(k)) return -1;
  return isAlnum(scan.at(at + local.length)) ? -1 : at + local.length;
}

/** End of path, query and fragment: up to white space or a quote, without the punctuation of the sentence around it. */
function restEnd(scan: Scan, from: number): number {
  const first = scan.at(from);
  if (first !== SLASH && first !== 0x3f && first !== 0x23) return from;
  const limit = Math.min(scan.end, from + LONGEST_URL);
  let i = from;
  let open = 0;
  while (i < limit && isUrlByte(scan, i)) {
    const byte = scan.bytes[i] as number;
    if (byte === 0x28) open++;
    else if (byte === 0x29 && --open < 0) break;
    i++;
  }
  // Not in the middle of a character when cut at the limit.
  while (i > from && i < scan.end && ((scan.bytes[i] as number) & 0xc0) === 0x80) i--;
  while (i > from && isTrailing(scan.bytes[i - 1] as number)) i--;
  return i;
}

function isUrlByte(scan: Scan, i: number): boolean {
  const byte = scan.bytes[i] as number;
  if (byte <= 0x20 || byte === 0x22 || byte === 0x3c || byte === 0x3e || byte === 0x60 || byte === 0x7f) return false;
  if (byte === 0x7b || byte === 0x7d || byte === 0x7c || byte === 0x5c || byte === 0x5e) return false;
  // General punctuation (quotes, dashes, spaces) ends a URL.
  if (byte === 0xe2 && scan.at(i + 1) === 0x80) return false;
  // Chinese, Japanese and Korean go on without a space; browsers copy their letters in URLs as %XX.
  if (byte >= 0xe3 && byte <= 0xef) return false;
  return byte < 0x80 || !isStopBeyondAscii(scan, i);
}

/** Full stop, comma, colon, semicolon, exclamation and question mark, apostrophe, asterisk, square bracket. */
const trailing = new Set([0x2e, 0x2c, 0x3a, 0x3b, 0x21, 0x3f, 0x27, 0x2a, 0x5d]);

function isTrailing(byte: number): boolean {
  return trailing.has(byte);
}
