import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Candidates } from '../candidates.ts';
import { type Decimal, decimal, multiply, putDecimal } from './decimal.ts';

function written(value: Decimal): string {
  const found = new Candidates();
  found.begin();
  putDecimal(found, value);
  found.report(0, 0, 0, 1);
  return new TextDecoder().decode(found.arena.subarray(0, found.valueEnd[0]));
}

/** The same value by BigInt, to hold the digits against. */
function expected(digits: readonly number[], point: number): string {
  const places = Math.max(0, digits.length - point);
  const whole = BigInt(digits.join('')) * 10n ** BigInt(Math.max(0, point - digits.length));
  const text = whole.toString().padStart(places + 1, '0');
  if (places === 0) return text;
  const fraction = text.slice(text.length - places).replace(/0+$/, '');
  const front = text.slice(0, text.length - places);
  return fraction === '' ? front : `${front}.${fraction}`;
}

const digit = fc.integer({ min: 0, max: 9 });

describe('decimals', () => {
  it('are written plainly, whatever the digits and the point', () => {
    fc.assert(
      fc.property(
        fc.array(digit, { minLength: 1, maxLength: 24 }),
        fc.integer({ min: -9, max: 40 }),
        (digits, point) => {
          expect(written({ digits: Uint8Array.from(digits), length: digits.length, point })).toBe(
            expected(digits, point),
          );
        },
      ),
    );
  });

  it('are multiplied exactly', () => {
    fc.assert(
      fc.property(
        fc.array(digit, { minLength: 1, maxLength: 24 }),
        fc.array(digit, { minLength: 1, maxLength: 13 }),
        (a, b) => {
          const product = multiply(
            { digits: Uint8Array.from(a), length: a.length, point: a.length },
            { digits: Uint8Array.from(b), length: b.length, point: b.length },
          );
          expect(written(product)).toBe((BigInt(a.join('')) * BigInt(b.join(''))).toString());
        },
      ),
    );
    expect(written(multiply(decimal('5'), decimal('0.45359237')))).toBe('2.26796185');
  });
});
