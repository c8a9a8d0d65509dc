import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DecimalText } from './decimal-text.ts';
import { Statement } from './statement.ts';

const varint = (value: bigint, padded = 0): number[] => {
  let rest = BigInt.asUintN(64, value);
  const out: number[] = [];
  while (rest > 127n) {
    out.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  // A writer may spell a number at more length than it needs.
  const end = Array.from({ length: padded }, (_, i) => (i === padded - 1 ? 0 : 0x80));
  return padded === 0 ? [...out, Number(rest)] : [...out, Number(rest) | 0x80, ...end];
};
const field = (key: number, content: readonly number[]): number[] => [
  key,
  ...varint(BigInt(content.length)),
  ...content,
];
const edges = fc.constantFrom(
  0n,
  1n,
  -1n,
  -2n,
  127n,
  128n,
  2n ** 49n - 1n,
  2n ** 49n,
  2n ** 53n,
  -(2n ** 63n),
  2n ** 63n - 1n,
);
const whole = fc.oneof(edges, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));
const asRead = (value: bigint) =>
  value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= -BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;

/** A value as its parameter is written, and what is to be read. */
const parameter = fc.oneof(
  whole.map((value) => ({ bytes: [0x10, ...varint(value)], value: asRead(value) as unknown })),
  fc
    .constantFrom(0n, 5n, 300n)
    .map((value) => ({ bytes: [0x10, ...varint(value, 2)], value: Number(value) as unknown })),
  fc
    .string({ maxLength: 150 })
    .map((value) => ({ bytes: field(0x0a, [...Buffer.from(value)]), value: value as unknown })),
  fc.constant({ bytes: [0x28, 1], value: null as unknown }),
  fc.constant({ bytes: [] as number[], value: null as unknown }),
  fc.constant({ bytes: [0x10, 7, 0x0a, 1, 0x78], value: 'x' as unknown }),
  fc.constantFrom(0, -1, 0.5).map((value) => {
    const double = Buffer.alloc(8);
    double.writeDoubleLE(value);
    return { bytes: [0x19, ...double], value: value as unknown };
  }),
);

it('reads every value as it was written, however it is spelt, and knows which say nothing', () => {
  const statement = new Statement();
  fc.assert(
    fc.property(fc.array(parameter, { maxLength: 20 }), fc.nat(5), (values, before) => {
      const inner = [...field(0x0a, [0x53]), ...values.flatMap(({ bytes }) => field(0x12, bytes))];
      const bytes = Uint8Array.from([...Array.from({ length: before }, () => 0xff), ...inner, 0xff]);
      statement.read(bytes, before, before + inner.length);
      expect(statement.count).toBe(values.length);
      const said = new Set(Array.from({ length: statement.saidCount }, (_, n) => statement.saidAt(n)));
      for (const [i, { value }] of values.entries()) {
        const isNothing = value === null || value === 0 || value === -1 || value === '';
        expect([statement.value(i), statement.isNothing(i)]).toEqual([value, isNothing]);
        if (!isNothing) expect(said).toContain(i);
        const isInteger = typeof value === 'number' && Number.isSafeInteger(value);
        if (isInteger) expect([value, null]).toContain(statement.safeInteger(i));
        else expect(statement.safeInteger(i)).toBe(null);
      }
    }),
    { numRuns: 300 },
  );
});

it('writes whole numbers as their digits', () => {
  const text = new DecimalText();
  const safe = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: 999_999_999_990, max: 1_000_000_000_010 }));
  const thirteen = fc.double({ min: 1e12, max: 1e13, noNaN: true }).map(Math.floor);
  fc.assert(
    fc.property(fc.oneof(safe, thirteen), (value) => {
      const { source, start, end } = text.write(value);
      expect(Buffer.from(source.subarray(start, end)).toString()).toBe(String(value));
    }),
  );
});
