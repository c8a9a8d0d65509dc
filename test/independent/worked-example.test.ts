import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { exampleInputs, exampleNumbers, readExample } from './worked-example.ts';

const spec = readFileSync(new URL('../../packages/chain/SPEC.md', import.meta.url), 'utf8');
const example = readExample(spec);
const numbers = exampleNumbers(exampleInputs(example));

it.each([...numbers])('SPEC.md section 9, %s', (name, value) => {
  expect(example.get(name)).toBe(value);
});
