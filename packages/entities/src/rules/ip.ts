import { isAlnum, isDigit } from '../byte-class.ts';
import { ipv6Span, readIpv6, writeIpv6 } from '../checks/ipv6.ts';
import { DIGITS, type RunRule, type SignRule } from '../rule.ts';
import { SIDE_DOT } from '../run-sides.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CONTEXT, TIER_SHAPE } from '../vocabulary.ts';

const IP = knownType('ip');
const DOT = 0x2e;
/** After these words four numbers with dots are a version. */
const VERSIONS =
  'version versions ver v kernel release build rev firmware fw driver patch versie versione versao wersja wersji versiunea surum verzio'.split(
    ' ',
  );
const ADDRESSES = ['ip', 'ips', 'address', 'host', 'server', 'ping', 'dns', 'gateway', 'from', 'adres', 'adresse'];
/** Words that let a bare `::` be an address. */
const UNSPECIFIED = ['ip', 'ipv', 'address', 'unspecified', 'src', 'dst', 'adres', 'adresse', 'direccion', 'endere'];
const octets = new Uint16Array(4);

/** IPv4 addresses in dotted decimal; not versions, and not what goes on after the fourth number. */
export const ipv4: RunRule = {
  shapes: DIGITS,
  minLength: 1,
  maxLength: 3,
  mayStand({ after }) {
    return after === SIDE_DOT;
  },
  match(scan) {
    if (scan.at(scan.runEnd) !== DOT || !mayBegin(scan)) return;
    const end = readOctets(scan);
    if (end < 0 || !mayEnd(scan, end) || isVersion(scan)) return;
    scan.found.begin();
    for (let k = 0; k < 4; k++) {
      if (k > 0) scan.found.put(DOT);
      putOctet(scan, octets[k] as number);
    }
    scan.found.report(IP, TIER_SHAPE, scan.runStart, end);
  },
};

function putOctet(scan: Scan, octet: number): void {
  if (octet > 99) scan.found.put(0x30 + Math.floor(octet / 100));
  if (octet > 9) scan.found.put(0x30 + (Math.floor(octet / 10) % 10));
  scan.found.put(0x30 + (octet % 10));
}

/** IPv6 addresses (RFC 4291 2.2), reported in the form of RFC 5952. */
export const ipv6: SignRule = {
  sign: 0x3a,
  match(scan, at) {
    const span = ipv6Span(scan, at);
    // A single colon before it is that of a label: the next one is looked at by itself.
    if (span === null || (span.start === at && scan.at(at + 1) !== 0x3a)) return at;
    if (isUnspecified(scan, span)) return span.end;
    if (!readIpv6(scan, span)) return span.end;
    scan.found.begin();
    writeIpv6(scan.found);
    scan.found.report(IP, TIER_SHAPE, span.start, span.end);
    return span.end;
  },
};

/** A bare `::` is an address only where the text speaks of one, or a prefix length follows. */
function isUnspecified(scan: Scan, { start, end }: { start: number; end: number }): boolean {
  if (end - start !== 2 || scan.at(start) !== 0x3a || isAlnum(scan.at(start - 1)) || isAlnum(scan.at(end)))
    return false;
  const hasLength = scan.at(end) === 0x2f && isDigit(scan.at(end + 1));
  if (!hasLength && !scan.cueBefore(start, UNSPECIFIED)) return false;
  scan.found.begin();
  scan.found.putAscii('::');
  scan.found.report(IP, TIER_CONTEXT, start, end);
  return true;
}

function mayBegin(scan: Scan): boolean {
  const before = scan.at(scan.runStart - 1);
  if (before === 0x5f || before === DOT || before === 0x2c) return false;
  if (before === 0x3a && scan.wordBefore(scan.runStart, ADDRESSES)) return true;
  return !(before === 0x2d || before === 0x3a) || !isAlnum(scan.at(scan.runStart - 2));
}

/** Reads four numbers up to 255. Returns their end, or -1. */
function readOctets(scan: Scan): number {
  let i = scan.runStart;
  for (let k = 0; k < 4; k++) {
    let value = 0;
    let digits = 0;
    for (; isDigit(scan.at(i)) && digits < 4; i++, digits++) value = value * 10 + scan.at(i) - 0x30;
    if (digits === 0 || digits > 3 || value > 255) return -1;
    octets[k] = value;
    if (k < 3 && scan.at(i++) !== DOT) return -1;
  }
  return i;
}

function mayEnd(scan: Scan, end: number): boolean {
  const after = scan.at(end);
  if (after === 0x5f || isAlnum(after)) return false;
  if (after === DOT) return !isAlnum(scan.at(end + 1));
  if (after === 0x2c) return !isDigit(scan.at(end + 1));
  // `10.0.1.218+10.0.0.525ubuntu1` is a version.
  if (after === 0x2b) return !isDigit(scan.at(end + 1));
  return after !== 0x2d || !isAlnum(scan.at(end + 1));
}

/** 1.0.0.1, 1.1.1.2, 4.2.2.2, 8.8.4.4 and 9.9.9.10: public name servers, which people write without a word for it. */
function isResolver(a: number, b: number, c: number): boolean {
  return (
    (a === b && b === c) ||
    (a === 1 && b === 0 && c === 0) ||
    (a === 8 && b === 8 && c === 4) ||
    (a === 4 && b === 2 && c === 2)
  );
}

/** Four small and different numbers are a version unless something says address. */
function isVersion(scan: Scan): boolean {
  if (scan.at(scan.runStart - 1) === 0x2f && scan.at(scan.runStart - 2) === 0x2f) return false;
  if (scan.wordBefore(scan.runStart, VERSIONS)) return true;
  const a = octets[0] as number;
  const b = octets[1] as number;
  const c = octets[2] as number;
  const d = octets[3] as number;
  if (a >= 10 || b >= 20 || c >= 20 || d >= 20) return false;
  const kinds = new Set([a, b, c, d]).size;
  return kinds > 1 && !(kinds === 2 && isResolver(a, b, c)) && !scan.cueBefore(scan.runStart, ADDRESSES);
}
