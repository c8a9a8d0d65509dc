import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonScanner, MOST_NESTING } from './json-scanner.ts';
import { ABSENT, NULL, TEXT } from './record-values.ts';

const paths = [['a'], ['b'], ['c', 'd'], ['ключ']];

/** What JSON.parse says: the object, or undefined where it refuses or finds no object. */
function parse(bytes: Buffer): Record<string, unknown> | undefined {
  if (!isUtf8(bytes)) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function accepts(scanner: JsonScanner, bytes: Buffer): boolean {
  return scanner.scan(bytes, 0, bytes.length) && (!scanner.high || isUtf8(bytes));
}

function checkAgainstParse(scanner: JsonScanner, bytes: Buffer): void {
  const expected = parse(bytes);
  expect(accepts(scanner, bytes), bytes.toString()).toBe(expected !== undefined);
  if (expected === undefined || scanner.duplicate !== null) return;
  paths.forEach(([first, second], slot) => {
    const outer = Object.hasOwn(expected, first as string) ? expected[first as string] : undefined;
    const isObject = typeof outer === 'object' && outer !== null && !Array.isArray(outer);
    const value =
      second === undefined
        ? outer
        : isObject && Object.hasOwn(outer, second)
          ? (outer as Record<string, unknown>)[second]
          : undefined;
    const { values } = scanner;
    if (value === undefined) expect(values.kinds[slot]).toBe(ABSENT);
    else if (value === null) expect(values.kinds[slot]).toBe(NULL);
    else if (typeof value === 'string') {
      expect(values.kinds[slot]).toBe(TEXT);
      expect(values.text(slot)).toBe(value.toWellFormed());
      expect(values.coerced || value.isWellFormed()).toBe(true);
    } else expect(JSON.parse(values.text(slot))).toEqual(value);
  });
}

const names = fc.oneof(fc.constantFrom('a', 'b', 'c', 'd', 'ключ', '\u0061', 'x"y'), fc.string());
const leaf = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant('\ud800 \u2028'),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('any'), { maxLength: 4 }), tie('object')),
  object: fc.dictionary(names, tie('any'), { maxKeys: 5 }),
})).object;

/** JSON.stringify, with other white space and escapes that mean the same. */
function spelled(text: string, style: number): string {
  if (style === 0) return text;
  const spaced = style === 1 ? JSON.stringify(JSON.parse(text), null, '\t \r') : text;
  return style === 2
    ? text.replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : spaced;
}

describe('JsonScanner', () => {
  it('reads what JSON.parse reads', () => {
    const scanner = new JsonScanner(paths);
    fc.assert(
      fc.property(value, fc.integer({ min: 0, max: 2 }), (object, style) => {
        checkAgainstParse(scanner, Buffer.from(spelled(JSON.stringify(object), style)));
      }),
      { numRuns: 500 },
    );
  });

  it('refuses what JSON.parse refuses, and nothing else, when bytes are altered', () => {
    const scanner = new JsonScanner(paths);
    const edit = fc.tuple(
      fc.nat(),
      fc.constantFrom(...'{}[]",:\\u0123-+.eE tfn\n\u0000'.split(''), 'é'),
      fc.integer({ min: 0, max: 2 }),
    );
    fc.assert(
      fc.property(value, fc.array(edit, { minLength: 1, maxLength: 3 }), (object, edits) => {
        let bytes = Buffer.from(JSON.stringify(object));
        for (const [place, text, drop] of edits) {
          const at = place % (bytes.length + 1);
          bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(text), bytes.subarray(at + drop)]);
        }
        checkAgainstParse(scanner, bytes);
      }),
      { numRuns: 3000 },
    );
  });

  it('refuses a text wherever it is cut', () => {
    const scanner = new JsonScanner(paths);
    const bytes = Buffer.from('{"a":"x\\u00e9\\n","b":[1,-2.5e+3,true,null],"c":{"d":false,"e":{}}}');
    expect(accepts(scanner, bytes)).toBe(true);
    for (let end = 0; end < bytes.length; end++) expect(scanner.scan(bytes, 0, end)).toBe(false);
  });

  it.each([
    '{"a":01}',
    '{"a":+1}',
    '{"a":.5}',
    '{"a":1.}',
    '{"a":1e}',
    '{"a":-}',
    '{"a":NaN}',
    "{'a':1}",
    '{"a":1,}',
    '{,}',
    '[]',
    '{"a":"\t"}',
    '{"a":"\\x"}',
    '{"a":"\\u12g4"}',
    '{} {}',
    '',
    '\ufeff{}',
  ])('refuses %j', (text) => {
    const scanner = new JsonScanner(paths);
    expect(accepts(scanner, Buffer.from(text))).toBe(false);
    expect(scanner.problem).not.toBe('');
  });

  it('names what stands twice, and whether anybody reads it', () => {
    const scanner = new JsonScanner(paths);
    const scan = (text: string) => [
      scanner.scan(Buffer.from(text), 0, Buffer.byteLength(text)),
      scanner.duplicate,
      scanner.duplicateUsed,
    ];
    expect(scan('{"a":1,"b":2}')).toEqual([true, null, false]);
    expect(scan('{"a":1,"\\u0061":2}')).toEqual([true, 'a', true]);
    expect(scan('{"z":1,"b":2,"z":1}')).toEqual([true, 'z', false]);
    expect(scan('{"c":{"d":1,"d":1}}')).toEqual([true, 'd', true]);
    expect(scan('{"y":{"d":1,"d":1}}')).toEqual([true, null, false]);
  });

  it('refuses deep nesting without recursing into it', () => {
    const scanner = new JsonScanner(paths);
    const nested = (depth: number) => Buffer.from(`{"z":${'['.repeat(depth)}${']'.repeat(depth)}}`);
    expect(accepts(scanner, nested(MOST_NESTING - 1))).toBe(true);
    expect(accepts(scanner, nested(1_000_000))).toBe(false);
    expect(scanner.problem).toContain('nesting');
  });

  it('counts the fields that nobody uses, with bounded memory', () => {
    const scanner = new JsonScanner(paths);
    for (let i = 0; i < 2000; i++) scanner.scan(Buffer.from(`{"a":1,"n${i}":2}`), 0, 12 + String(i).length);
    expect(scanner.names.entries.length).toBeLessThan(300);
    scanner.names.forget();
    scanner.scan(Buffer.from('{"a":1,"q":2}'), 0, 13);
    expect(scanner.names.entries.filter(({ unused }) => unused > 0).map(({ name, unused }) => [name, unused])).toEqual([
      ['q', 1],
    ]);
  });
});
