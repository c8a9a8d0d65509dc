import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCustody } from '../../../../test/run-custody.ts';
import type { ExhibitReport } from './exhibit-bench.ts';

it('measures an exhibit by each program that verifies it', { timeout: 120_000 }, async () => {
  const home = await mkdtemp(join(tmpdir(), 'custody-bench-test-'));
  try {
    const { code, stdout, stderr } = await runCustody(['bench', '--exhibit', '100', '--json'], { home });
    expect(stderr).not.toContain('custody:');
    expect(code).toBe(0);
    const { items, seconds } = JSON.parse(stdout) as ExhibitReport;
    expect(items).toBe(100);
    expect(Object.keys(seconds)).toEqual(['assemble', 'verify', 'verifyPy', 'page']);
    expect([seconds.assemble, seconds.verify].every((one) => one !== null && one > 0)).toBe(true);
    expect([seconds.verifyPy, seconds.page].every((one) => one === null || one > 0)).toBe(true);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
