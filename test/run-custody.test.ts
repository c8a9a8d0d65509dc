import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runCustody } from './run-custody.ts';

const home = mkdtempSync(join(tmpdir(), 'custody-home-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

it('says its version on standard output', async () => {
  expect(await runCustody(['--version'], { home })).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' });
});

it('answers a command that does not exist with one line and exit code 1', async () => {
  const { code, stdout, stderr } = await runCustody(['no-such-verb'], { home });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr.trim()).not.toBe('');
});
