import { byteClass, DIGIT, isAlnum, LETTER, lowerByte } from '../byte-class.ts';
import { hostEnd } from '../checks/host.ts';
import type { SignRule } from '../rule.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CONTEXT, TIER_SHAPE } from '../vocabulary.ts';

const EMAIL = knownType('email');
const XMPP = knownType('xmpp');
const XMPP_CUES = ['xmpp', 'jabber', 'jid', 'omemo'];
/** RFC 5321 4.5.3.1.1. */
const LONGEST_LOCAL = 64;

/** Bytes of a dot-atom (RFC 5322 3.2.3). Beyond ASCII only Latin letters: other scripts need no space before an address. */
const atom: Uint8Array = (() => {
  const table = new Uint8Array(256);
  for (let b = 0; b < 0x80; b++) if (((byteClass[b] as number) & (LETTER | DIGIT)) !== 0) table[b] = 1;
  for (const char of "!#$%&'*+-/=?^_`{|}~.") table[char.charCodeAt(0)] = 1;
  return table;
})();

/** Addresses of the dot-atom form; `xmpp` where a word before it says that it is one. */
export const email: SignRule = {
  sign: 0x40,
  match(scan, at) {
    const start = localStart(scan, at);
    if (start < 0) return at;
    const end = scan.at(at + 1) === 0x5b ? literalEnd(scan, at + 1) : hostEnd(scan, at + 1);
    if (end < 0 || isIrcMask(scan, start, end)) return at;
    scan.found.begin();
    for (let i = start; i < end; i++) scan.found.put(lowerByte(scan.bytes[i] as number));
    const isXmpp = scan.cueBefore(start, XMPP_CUES);
    scan.found.report(isXmpp ? XMPP : EMAIL, isXmpp ? TIER_CONTEXT : TIER_SHAPE, start, end);
    return end;
  },
};

/** End of `[192.0.2.1]` (RFC 5321 4.1.3), or -1. */
function literalEnd(scan: Scan, at: number): number {
  let dots = 0;
  let i = at + 1;
  for (; i < at + 16; i++) {
    const byte = scan.at(i);
    if (byte === 0x2e) dots++;
    else if (byte < 0x30 || byte > 0x39) break;
  }
  return dots === 3 && i > at + 7 && scan.at(i) === 0x5d ? i + 1 : -1;
}

/** Signs that idents have and the beginnings of addresses have not. */
const IDENT_SIGNS = new Set([0x7b, 0x7c, 0x7d, 0x5e, 0x60]);

/** `~ident@host` and `[ident@host] has joined`: where somebody connects from, not an address. */
function isIrcMask(scan: Scan, start: number, end: number): boolean {
  let first = start;
  while (IDENT_SIGNS.has(scan.at(first - 1))) first--;
  const before = scan.at(first - 1);
  // `#channel@server`.
  if (before === 0x7e || before === 0x21 || before === 0x23) return true;
  // `n=` and `i=` say whether the ident was confirmed.
  const open = before === 0x3d ? first - 3 : first - 1;
  if (scan.at(open) !== 0x5b || scan.at(end) !== 0x5d) return false;
  let i = end + 1;
  while (scan.at(i) === 0x20) i++;
  return scan.at(i) === 0x68 && scan.at(i + 1) === 0x61 && scan.at(i + 2) === 0x73 && scan.at(i + 3) === 0x20;
}

/** Start of the local part that ends before `at`, or -1 where there is none. */
function localStart(scan: Scan, at: number): number {
  const floor = Math.max(scan.start, at - LONGEST_LOCAL - 1);
  let i = at;
  while (i > floor) {
    const byte = scan.bytes[i - 1] as number;
    if (atom[byte] === 1) i--;
    else if (i - 2 >= floor && isLatinLetter(scan.bytes[i - 2] as number, byte)) i -= 2;
    else break;
  }
  // Quotes, brackets and the like before an address are not part of it, though RFC 5322 would let them.
  while (i < at && !beginsLocal(scan.bytes[i] as number)) i++;
  if (i === at || at - i > LONGEST_LOCAL || scan.bytes[at - 1] === 0x2e) return -1;
  if (scan.at(i - 1) === 0x2e) return -1;
  for (let k = i; k + 1 < at; k++) if (scan.bytes[k] === 0x2e && scan.bytes[k + 1] === 0x2e) return -1;
  return afterScheme(scan, i, at);
}

function beginsLocal(byte: number): boolean {
  return isAlnum(byte) || byte >= 0x80 || byte === 0x5f || byte === 0x2b;
}

/** U+00C0 to U+024F in UTF-8, which is letters but for two signs. */
function isLatinLetter(lead: number, trail: number): boolean {
  return (lead === 0xc3 && trail !== 0x97 && trail !== 0xb7) || (lead >= 0xc4 && lead <= 0xc8 && trail >= 0x80);
}

/** `//user@host` is the authority of a URL, and what stands after the last `/` or `=` of a query is the address. */
function afterScheme(scan: Scan, start: number, at: number): number {
  let i = start;
  for (let k = at - 1; k >= start; k--) {
    const byte = scan.bytes[k] as number;
    if (byte === 0x2f || byte === 0x3d || byte === 0x26 || byte === 0x3f || byte === 0x7c) {
      i = k + 1;
      break;
    }
  }
  const isAuthority = scan.at(i - 1) === 0x2f && scan.at(i - 2) === 0x2f;
  return i === at || isAuthority || !beginsLocal(scan.bytes[i] as number) ? -1 : i;
}
