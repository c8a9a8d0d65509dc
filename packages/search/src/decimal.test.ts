import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareDecimals, type Decimal, readAmount, readDecimal } from './decimal.ts';

const SCALE = 6;
const decimal = fc.tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.nat(SCALE)).map(([number, places]) => {
  const digits = String(number < 0n ? -number : number).padStart(places + 1, '0');
  const [whole, fraction] = [digits.slice(0, digits.length - places), digits.slice(digits.length - places)];
  const text = `${number < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
  return { text, scaled: number * 10n ** BigInt(SCALE - places) };
});

it('compares exactly where doubles would not', () => {
  fc.assert(
    fc.property(decimal, decimal, (a, b) => {
      const order = compareDecimals(readDecimal(a.text) as Decimal, readDecimal(b.text) as Decimal);
      expect(Math.sign(order)).toBe(a.scaled === b.scaled ? 0 : a.scaled < b.scaled ? -1 : 1);
    }),
  );
});

it.each(['', '-', '.5', '5.', '1e3', '1,000', '0x10', '١', 'NaN', ' 1'])(
  'does not take %j for a plain decimal',
  (text) => {
    expect(readDecimal(text)).toBeNull();
  },
);

it.each([
  ['EUR 431000', 'EUR'],
  ['103.5 kg', 'kg'],
  ['30500000 pill', 'pill'],
  ['1000', ''],
])('reads the unit of %s', (text, unit) => {
  expect(readAmount(text)?.unit).toBe(unit);
});
