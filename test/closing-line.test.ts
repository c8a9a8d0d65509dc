import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'custody-closing-'));
const report = join(folder, 'report.json');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Files as vitest reports them: each with its own status and those of its tests. */
function closing(
  files: readonly (readonly [string, ...string[]])[] | null,
  ...args: readonly string[]
): [string, number] {
  const testResults = (files ?? []).map(([status, ...tests]) => ({
    status,
    assertionResults: tests.map((test) => ({ status: test })),
  }));
  writeFileSync(report, files === null ? '' : JSON.stringify({ testResults }));
  const script = fileURLToPath(new URL('closing-line.ts', import.meta.url));
  const { stdout, status } = spawnSync(process.execPath, [script, report, ...args], { encoding: 'utf8' });
  return [stdout.trimEnd().split('\n').at(-1) ?? '', status ?? -1];
}

it.each([
  ['all is well', [['passed', 'passed', 'passed']], ['0'], '2 passed, 0 failed, 0 skipped', 0],
  ['skips count apart', [['passed', 'passed', 'pending', 'todo']], ['0'], '1 passed, 0 failed, 2 skipped', 0],
  ['a failed test', [['failed', 'passed', 'failed']], ['1'], '1 passed, 1 failed, 0 skipped', 1],
  ['a file that did not load', [['failed']], ['1'], '0 passed, 1 failed, 0 skipped', 1],
  ['an error outside tests', [['passed', 'passed']], ['1'], '1 passed, 1 failed, 0 skipped', 1],
  ['a failed type check', [['passed', 'passed']], ['0', 'types'], '1 passed, 1 failed, 0 skipped', 1],
  ['a runner that died', null, ['137'], '0 passed, 1 failed, 0 skipped', 1],
] as const)('says so when there is %s', (_, files, args, line, code) => {
  expect(closing(files, ...args)).toEqual([line, code]);
});
