import { isAlnum, isDigit } from '../byte-class.ts';
import type { Scan } from '../scan.ts';

const COLON = 0x3a;
const SPACE = 0x20;
/** Words between a date and its time. */
const AT = [
  'at',
  'om',
  'um',
  'à',
  'a las',
  'às',
  'alle',
  'alle ore',
  'ore',
  'ora',
  'kl',
  'kl.',
  'o',
  'la',
  'saat',
  'в',
  'klo',
].map((word) => new TextEncoder().encode(word));
const MOST_FRACTION = 9;

export interface TimeOfDay {
  /** `T14:30`, `T14:30:05.123Z`, or empty where no time follows. */
  text: string;
  end: number;
}

const none: TimeOfDay = { text: '', end: 0 };

/** The time of day directly after a date that ends at `at`, as ISO 8601 writes it; seconds and zone as far as they are said. */
export function timeAfter(scan: Scan, at: number): TimeOfDay {
  none.text = '';
  none.end = at;
  const start = timeStart(scan, at);
  return start < 0 ? none : readTime(scan, start);
}

function timeStart(scan: Scan, at: number): number {
  let i = at;
  if ((scan.at(i) | 32) === 0x74 && isDigit(scan.at(i + 1))) return i + 1;
  if (scan.at(i) === 0x2c) i++;
  if (scan.at(i) !== SPACE) return -1;
  i++;
  if (isDigit(scan.at(i))) return i;
  for (const word of AT) {
    if (!startsWith(scan, i, word) || scan.at(i + word.length) !== SPACE) continue;
    if (isDigit(scan.at(i + word.length + 1))) return i + word.length + 1;
  }
  return -1;
}

function startsWith(scan: Scan, at: number, word: Uint8Array): boolean {
  for (let k = 0; k < word.length; k++) if (scan.at(at + k) !== word[k]) return false;
  return true;
}

/** `14:30`, `14:30:05.123`, `2:30 pm`, `14h30`, `14u30`. */
function readTime(scan: Scan, at: number): TimeOfDay {
  const hourEnd = isDigit(scan.at(at + 1)) ? at + 2 : at + 1;
  const sign = scan.at(hourEnd);
  const letter = sign | 32;
  if ((sign !== COLON && letter !== 0x68 && letter !== 0x75) || !isPair(scan, hourEnd + 1)) return none;
  let hour = pair(scan, at, hourEnd);
  const minute = pair(scan, hourEnd + 1, hourEnd + 3);
  let end = hourEnd + 3;
  let text = `:${two(minute)}`;
  if (scan.at(end) === COLON && isPair(scan, end + 1)) {
    const second = pair(scan, end + 1, end + 3);
    if (second > 60) return none;
    text += `:${two(second)}`;
    end += 3;
    const fraction = fractionEnd(scan, end);
    if (fraction > end) text += `.${ascii(scan, end + 1, fraction)}`;
    end = fraction;
  }
  const half = halfOfDay(scan, end);
  if (half !== '') {
    if (hour < 1 || hour > 12) return none;
    hour = (hour % 12) + (half === 'p' ? 12 : 0);
    end += scan.at(end) === SPACE ? 3 : 2;
  }
  if (hour > 24 || minute > 59 || isAlnumWord(scan, end)) return none;
  const zone = zoneAt(scan, end);
  none.text = `T${two(hour)}${text}${zone.text}`;
  none.end = zone.end;
  return none;
}

/** Letters go on: no time; `Z` is a zone. */
function isAlnumWord(scan: Scan, at: number): boolean {
  return isAlnum(scan.at(at)) && !((scan.at(at) | 32) === 0x7a && !isAlnum(scan.at(at + 1)));
}

/** `a`, `p` or empty. */
function halfOfDay(scan: Scan, at: number): string {
  const i = scan.at(at) === SPACE ? at + 1 : at;
  const first = scan.at(i) | 32;
  if ((scan.at(i + 1) | 32) !== 0x6d || isAlnum(scan.at(i + 2))) return '';
  return first === 0x61 ? 'a' : first === 0x70 ? 'p' : '';
}

/** `Z`, `+02:00`, `+0200`, `-05`. */
function zoneAt(scan: Scan, at: number): { text: string; end: number } {
  const byte = scan.at(at);
  if ((byte | 32) === 0x7a) return { text: 'Z', end: at + 1 };
  if ((byte !== 0x2b && byte !== 0x2d) || !isPair(scan, at + 1)) return { text: '', end: at };
  const minutes = scan.at(at + 3) === COLON ? at + 4 : at + 3;
  const hasMinutes = isPair(scan, minutes);
  const end = hasMinutes ? minutes + 2 : at + 3;
  if (isAlnum(scan.at(end)) || pair(scan, at + 1, at + 3) > 14) return { text: '', end: at };
  const sign = String.fromCharCode(byte);
  return { text: `${sign}${ascii(scan, at + 1, at + 3)}:${hasMinutes ? ascii(scan, minutes, end) : '00'}`, end };
}

function fractionEnd(scan: Scan, at: number): number {
  if ((scan.at(at) !== 0x2e && scan.at(at) !== 0x2c) || !isDigit(scan.at(at + 1))) return at;
  let i = at + 1;
  while (isDigit(scan.at(i)) && i - at <= MOST_FRACTION) i++;
  return i;
}

/** Two digits and no third. */
function isPair(scan: Scan, at: number): boolean {
  return isDigit(scan.at(at)) && isDigit(scan.at(at + 1)) && !(isDigit(scan.at(at + 2)) && isDigit(scan.at(at + 4)));
}

function pair(scan: Scan, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) value = value * 10 + scan.at(i) - 0x30;
  return value;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function ascii(scan: Scan, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(scan.at(i));
  return text;
}
