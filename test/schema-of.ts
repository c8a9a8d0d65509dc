import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });

/** Schemas that tests beside the commands hold against real lines, in the same process: test/e2e/contract.test.ts has the others. */
export const checkedElsewhere: readonly string[] = [
  'compare',
  'links',
  'profile-check',
  'profile-new',
  'profile-try',
  'reconcile',
  'report',
  'watch',
];

/** Holds lines against the schema `packages/cli/schemas/NAME.schema.json`; there must be one at least. */
export function expectSchema(name: string, lines: readonly unknown[]): void {
  const file = new URL(`../packages/cli/schemas/${name}.schema.json`, import.meta.url);
  const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    if (!validate(line)) expect(ajv.errorsText(validate.errors), JSON.stringify(line).slice(0, 2000)).toBe('');
  }
}
