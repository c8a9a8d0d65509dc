import { isAlnum, isDigit } from '../byte-class.ts';
import type { Scan } from '../scan.ts';
import { wordEnd } from './longest-name.ts';
import type { Surroundings } from './surroundings.ts';

const decoder = new TextDecoder();
const SPACE = 0x20;
/** Hours of the clock. */
const HOURS = 12;
const AT = ['at', 'till', 'til', 'until'];
const REAL = ['real'];
const LEI = ['lei'];

/** `4 real`, `at 6 lei`: words of English, or of what is spoken in Singapore, that name a currency elsewhere. */
export function isWordOfTheText(scan: Scan, { after, number }: Surroundings): boolean {
  const length = after.end - after.start;
  if (length === REAL[0]?.length && scan.wordBefore(after.end, REAL))
    return scan.region !== 'BR' && (scan.language() === 'en' || (scan.language() === '' && number.length === 1));
  if (length !== LEI[0]?.length || !scan.wordBefore(after.end, LEI)) return false;
  return scan.region !== 'RO' && wholeOf(number) <= HOURS && scan.wordBefore(number.start, AT);
}

/** Lines of a picture: `720p`. */
const PICTURES = new Set([144, 240, 360, 480, 540, 576, 720]);
const MOST_PENCE = 3;

/** `80p` of the United Kingdom; `p 80` and `720p` are a page and a picture. */
export function isPence(scan: Scan, at: number, number: Surroundings['number']): boolean {
  if (scan.region !== 'GB' || at !== number.end || number.point > MOST_PENCE || number.length > number.point)
    return false;
  return scan.at(at) === 0x70 && !PICTURES.has(wholeOf(number));
}

const EURO = ['euro'];
const YEAR_DIGITS = 4;
/** The first championship of that name, and how often there is one. */
const FIRST_CUP = 1960;
const CUP_EVERY = 4;
const SOON = 2040;
const ROUND = 1000;
const FR = ['fr'];
/** Codes so usual that one digit directly behind them is a sum; `DJF6` is somebody's name. */
const USUAL = new Set(
  'EUR USD GBP CHF SEK NOK DKK PLN RON TRY RUB INR CNY JPY BRL CAD AUD NZD HKD SGD AED BTC ETH XMR LTC'.split(' '),
);

/** `Euro2004`, `fr 4-6` (from), `DJF6`: what stands before the number is no currency there. */
export function isNameWithNumber(scan: Scan, { before, number }: Surroundings): boolean {
  const { start, end } = before;
  const code = before.meaning?.currency?.code;
  if (code === 'EUR' && end - start === YEAR_DIGITS && scan.wordBefore(end, EURO)) return isCup(scan, end, number);
  if (code === 'CHF' && end - start === 2 && scan.wordBefore(end, FR) && scan.at(start) >= 0x61)
    return scan.region !== 'CH' && (scan.language() === 'en' || (scan.language() === '' && number.length === 1));
  if (code === 'ZAR' && end - start === 1) return scan.region !== 'ZA' || scan.at(start) >= 0x61;
  if (code === undefined || end - start !== 3 || end !== number.start || number.length > 1 || USUAL.has(code))
    return false;
  return isAlnum(scan.at(start)) && number.point === 1;
}

/** The year of a championship: `Euro2004`, and `Euro 2016` but not `Euro 2000`. */
function isCup(scan: Scan, end: number, number: Surroundings['number']): boolean {
  const year = wholeOf(number);
  if (number.end - number.start !== YEAR_DIGITS || year < FIRST_CUP || year > SOON || year % CUP_EVERY !== 0)
    return false;
  return end === number.start || (scan.region !== '' ? false : year % ROUND !== 0);
}

function wholeOf(number: Surroundings['number']): number {
  let value = 0;
  for (let k = 0; k < number.point && k < number.length; k++) value = value * 10 + (number.digits[k] as number);
  return number.point > number.length ? value * 10 ** (number.point - number.length) : value;
}

/** What bytes of memory and of networks are counted for. */
const COMPUTING = new Set(
  'ram memory hdd ssd disk disks drive pendrive usb stick partition swap iso storage space free wifi wireless wlan router data internet network sd'.split(
    ' ',
  ),
);

/** `32 mg pendrive`, `20g partition`, `8g ram`: sizes of memory, as people shorten them. */
export function isMemory(scan: Scan, end: number): boolean {
  if (scan.at(end) !== SPACE || isDigit(scan.at(end + 1))) return false;
  return COMPUTING.has(decoder.decode(scan.bytes.subarray(end + 1, wordEnd(scan, end + 1))).toLowerCase());
}
