import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseOrder } from './expunge-plan.ts';
import { readRedactions } from './redaction-rules.ts';
import { requireKeysOnce } from './require-keys-once.ts';

it.each([
  '{"a":1,"a":2}',
  '{"a":{"b":[{"c":1}, {"c":2 , "\\u0063" : 3}]}}',
  '{"to":"2024-01-01","scope":{"to":1},"to":"2025-01-01"}',
  '[{"}":1,"{":2,"}":3}]',
])('refuses a key that is said twice: %s', (json) => {
  expect(() => requireKeysOnce(json, 'the order')).toThrow(/^the order: ".+" stands twice/);
});

it('takes every JSON that a program writes', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      expect(() => requireKeysOnce(JSON.stringify(JSON.parse(json)), 'it')).not.toThrow();
    }),
    { numRuns: 300 },
  );
});

it('holds for orders and redactions', () => {
  const order = '{"id":"O-1","reference":"r","issuedBy":"c","reason":"r","mode":"derived","items":[5],"items":[6]}';
  expect(() => parseOrder(order)).toThrow(/"items" stands twice/);
  const rules = '{"redactions":[{"field":"body","reason":"r","authority":"a","field":"sender"}]}';
  expect(() => readRedactions(rules)).toThrow(/"field" stands twice/);
});
