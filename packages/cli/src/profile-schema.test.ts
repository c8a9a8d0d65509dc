import { readFileSync } from 'node:fs';
import { profileSchema } from '@custody/decode';
import { expect, it } from 'vitest';

it('ships the schema of profile files that editors read, as the decoder checks it', () => {
  const file = readFileSync(new URL('../schemas/profile-file.json', import.meta.url), 'utf8');
  expect(file).toBe(`${JSON.stringify(profileSchema, null, 2)}\n`);
});
