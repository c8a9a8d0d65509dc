import type { ColumnRole } from './roles.ts';

/** A cell of a spreadsheet holds at most this many characters; a longer one is cut off there in silence (Excel limits). */
const CELL_LIMIT = 32_767;
/** UTF-8 read as Windows-1252 and written again, and the character that stands for what could not be read. */
const MOJIBAKE =
  /[ÃÂ][\u0080-\u00bf\u0152-\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]|â€|[ÐÑ][\u0080-\u00bf\u2013-\u203a]|ï»¿|\ufffd/;
const SCIENTIFIC = /^[+-]?\d([.,]\d+)?e[+-]?\d{1,3}$/i;
const DECIMAL = /^\+?\d{8,}[.,]0+$/;
/** Days since 1899-12-30 between 1954 and 2173: what a spreadsheet makes of a date. */
const SERIAL = /^[2-9]\d{4}([.,]\d+)?$/;

/** Digits a number has in a spreadsheet before the rest becomes zeros (IEEE 754 double). */
const EXACT_DIGITS = 15;
const LENGTHS: Partial<Record<ColumnRole, readonly [number, number]>> = {
  imei: [14, 16],
  imeisv: [16, 16],
  imsi: [14, 15],
  iccid: [18, 22],
};

/** What a conversion on the way did to a cell, in words; null: nothing that can be seen. */
export function coercionOf(role: ColumnRole | null, text: string): string | null {
  if (text.length === CELL_LIMIT) return `exactly ${CELL_LIMIT} characters: a spreadsheet cuts a cell there`;
  if (MOJIBAKE.test(text)) return 'letters as they look when UTF-8 is read as another encoding';
  if (role === null) return null;
  if (role === 'time' || role === 'start' || role === 'end' || role === 'received') {
    return SERIAL.test(text) ? 'a date turned into the day number of a spreadsheet' : null;
  }
  return isNumbered(role) ? digitsCoercion(role, text) : null;
}

/** True where a coerced cell still is the identifier that stood there: only its surroundings suffered. */
export function isUsable(role: ColumnRole, text: string): boolean {
  if (!isNumbered(role)) return true;
  const digits = wholeDigits(role, text) ?? text;
  return !SCIENTIFIC.test(digits) && !DECIMAL.test(digits) && !(isRounded(role, digits) && !isChecked(role, digits));
}

/** How a spreadsheet is told to keep digits as text; it shows the mark nowhere, but some exports write it out. */
const TEXT_MARK = /^['\u2019`](\+?\d[\d\s()./-]*)$/;
const ALL_DIGITS = /^\+?(\d)[.,](\d+)e\+?(\d{1,2})$/i;

/**
 * The digits of a long number behind the mark by which spreadsheets keep digits as text, or one that is written in scientific notation or with decimals and lost none of them, as
 * `3.50000000000006E+14`; null for any other text. A spreadsheet keeps 15.
 */
export function wholeDigits(role: ColumnRole, text: string): string | null {
  if (!isNumbered(role)) return null;
  const marked = TEXT_MARK.exec(text)?.[1];
  if (marked !== undefined) return marked;
  const parts = ALL_DIGITS.exec(text);
  if (parts !== null) {
    const [, first = '', rest = '', exponent] = parts;
    return rest.length === Number(exponent) && rest.length < EXACT_DIGITS ? first + rest : null;
  }
  if (!DECIMAL.test(text)) return null;
  const digits = text.replace(/^\+|[.,]0+$/g, '');
  return digits.length <= EXACT_DIGITS ? digits : null;
}

/**
 * True for a doubt that is only a note: no digit is lost; or digits end in zeros, and the check digit is right all the
 * same, as one number in ten thousand does of itself and one rounded in ten by chance.
 */
export function isDoubtful(role: ColumnRole | null, text: string): boolean {
  if (role === null) return false;
  const digits = wholeDigits(role, text);
  return digits === null ? isRounded(role, text) && isChecked(role, text) : isUsable(role, text);
}

function isChecked(role: ColumnRole, text: string): boolean {
  return role !== 'imeisv' && hasCheckDigit(text);
}

function isNumbered(role: ColumnRole): boolean {
  return (
    role === 'imei' ||
    role === 'imeisv' ||
    role === 'imsi' ||
    role === 'iccid' ||
    role === 'phone' ||
    role === 'caller' ||
    role === 'called'
  );
}

function digitsCoercion(role: ColumnRole, text: string): string | null {
  if (TEXT_MARK.test(text))
    return 'an apostrophe before it, by which a spreadsheet keeps digits as text: read without it';
  if (ALL_DIGITS.test(text) && wholeDigits(role, text) !== null)
    return 'a number in scientific notation that has all its digits: it went through a spreadsheet';
  if (SCIENTIFIC.test(text)) return 'a number in scientific notation: its last digits are lost';
  if (DECIMAL.test(text)) return 'a number with decimals: it went through a spreadsheet';
  if (isRounded(role, text)) return 'digits that end in zeros, as a spreadsheet rounds long numbers';
  return lostZero(role, text);
}

/** Zeros after the 15th digit, or the many zeros of scientific notation written out again. */
function isRounded(role: ColumnRole, text: string): boolean {
  if (LENGTHS[role] === undefined || !/^\d+$/.test(text)) return false;
  if (text.length > EXACT_DIGITS && /^0+$/.test(text.slice(EXACT_DIGITS))) return true;
  return text.length >= 14 && text.endsWith('00000000');
}

function lostZero(role: ColumnRole, text: string): string | null {
  if (!/^\d+$/.test(text)) return null;
  // An IMEI of 14 digits has no check digit, unless it has one and lacks the zero that some type codes begin with.
  if (role === 'imei' && text.length === 14 && hasCheckDigit(`0${text}`) && text.startsWith('1')) {
    return 'fourteen digits that end in a check digit: a leading zero may be lost';
  }
  const lengths = LENGTHS[role];
  if (lengths === undefined || (text.length >= lengths[0] && text.length <= lengths[1])) return null;
  return text.length < lengths[0]
    ? `${text.length} digits, fewer than this kind of number has: leading zeros may be lost`
    : null;
}

/** The check digit of IMEI and card numbers (ISO/IEC 7812-1, Luhn). */
export function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    let digit = digits.charCodeAt(digits.length - 1 - i) - 0x30;
    if (i % 2 === 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 === 0;
}
