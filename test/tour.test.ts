import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Run, runCustody } from './run-custody.ts';

const readme = readFileSync(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8');
const home = mkdtempSync(join(tmpdir(), 'custody-tour-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Lines of the tour that a command printed: neither a command itself nor cut by an ellipsis. */
const shown = [...readme.matchAll(/^```text\n(.*?)^```$/gms)]
  .flatMap((block) => (block[1] ?? '').split('\n'))
  .filter((line) => line !== '' && !line.startsWith('$ ') && !line.includes('…'));

let demo: Run;
beforeAll(async () => {
  demo = await runCustody(['demo', '--dir', join(home, 'demo-case')], { home });
}, 120_000);

it('is what `npm start` does, to a verified exhibit', () => {
  expect(demo.code, demo.stderr).toBe(0);
  expect(demo.stdout).toContain('\nDone: captures decoded under a warrant');
});

it('has lines to hold against it', () => expect(shown.length).toBeGreaterThan(6));

it.each(shown)('prints what the README shows: %s', (line) => {
  expect(demo.stdout.split('\n')).toContain(line);
});
