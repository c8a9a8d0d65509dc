import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('the example of README.md runs', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1];
  expect(example).toContain('@custody/bytes');
  const output = execFileSync(
    process.execPath,
    ['--conditions=source', '--input-type=module-typescript', '--eval', `${example}\nconsole.log('ran to its end');`],
    { cwd: fileURLToPath(new URL('..', import.meta.url)), encoding: 'utf8' },
  );
  expect(output).toContain('ran to its end');
});
