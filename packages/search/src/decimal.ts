/** A plain decimal: digits, one point at most, no exponent. */
const PLAIN = /^(-?)(\d+)(?:\.(\d+))?$/;

export interface Decimal {
  readonly negative: boolean;
  /** Without leading zeros: '' is zero. */
  readonly whole: string;
  /** Without trailing zeros. */
  readonly fraction: string;
}

/** Null where the text is not a plain decimal. Exact: amounts do not fit a double. */
export function readDecimal(text: string): Decimal | null {
  const match = PLAIN.exec(text);
  if (match === null) return null;
  const whole = (match[2] as string).replace(/^0+/, '');
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  return { negative: match[1] === '-' && whole + fraction !== '', whole, fraction };
}

/** Negative, 0 or positive. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  if (a.negative !== b.negative) return a.negative ? -1 : 1;
  const size = a.whole.length - b.whole.length || compareText(a.whole, b.whole) || compareText(a.fraction, b.fraction);
  return a.negative ? -size : size;
}

/** Order of code units; among digits a prefix is the smaller number, with or without its trailing zeros. */
function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

export interface Amount {
  readonly unit: string;
  readonly number: Decimal;
}

/** Number and unit of a canonical value or of a bound: `EUR 431000`, `103.5 kg`, `30500000 pill`, `1000`. */
export function readAmount(text: string): Amount | null {
  const space = text.indexOf(' ');
  if (space < 0) return amount(text, '');
  const [first, rest] = [text.slice(0, space), text.slice(space + 1)];
  return amount(first, rest) ?? amount(rest, first);
}

function amount(number: string, unit: string): Amount | null {
  const decimal = readDecimal(number);
  return decimal === null ? null : { unit, number: decimal };
}
