import type { Candidates } from '../candidates.ts';

const ZERO = 0x30;
const DOT = 0x2e;
const product = new Uint8Array(64);

/** A decimal number: `digits[0..length)`, values 0 to 9, with the point after `point` of them (may lie outside). */
export interface Decimal {
  readonly digits: Uint8Array;
  readonly length: number;
  readonly point: number;
}

/** Writes it plainly: no sign, no exponent, no leading or trailing zeros. Exact, for it only moves digits. */
export function putDecimal(found: Candidates, { digits, length, point }: Decimal): void {
  let first = 0;
  let last = length;
  while (first < last && digits[first] === 0) first++;
  while (last > first && last > point && digits[last - 1] === 0) last--;
  if (first >= point || first === length) found.put(ZERO);
  if (first === length) return;
  for (let i = first; i < Math.max(last, point); i++) {
    if (i >= point) break;
    found.put(ZERO + (i < length ? (digits[i] as number) : 0));
  }
  if (last <= point) return;
  found.put(DOT);
  for (let i = Math.min(point, first); i < last; i++) {
    if (i >= point) found.put(ZERO + (i >= 0 ? (digits[i] as number) : 0));
  }
}

/** `value` × `factor`, digit by digit. The result shares one buffer: use it before the next call. */
export function multiply(value: Decimal, factor: Decimal): Decimal {
  const length = value.length + factor.length;
  product.fill(0, 0, length);
  for (let i = value.length - 1; i >= 0; i--) {
    let carry = 0;
    for (let k = factor.length - 1; k >= 0; k--) {
      const at = i + k + 1;
      const sum = (product[at] as number) + (value.digits[i] as number) * (factor.digits[k] as number) + carry;
      product[at] = sum % 10;
      carry = (sum - (sum % 10)) / 10;
    }
    product[i] = carry;
  }
  return { digits: product, length, point: value.point + factor.point };
}

/** Reads a constant of this package, such as `0.45359237`. */
export function decimal(text: string): Decimal {
  const dot = text.indexOf('.');
  const plain = text.replace('.', '');
  const digits = Uint8Array.from(plain, (char) => char.charCodeAt(0) - ZERO);
  return { digits, length: digits.length, point: dot < 0 ? digits.length : dot };
}
