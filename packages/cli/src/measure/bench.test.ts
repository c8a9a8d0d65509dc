import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stageNames } from '@custody/case';
import { expect, it } from 'vitest';
import { runCustody } from '../../../../test/run-custody.ts';
import type { BenchReport } from './report.ts';

it('measures every stage of both paths on a small capture', { timeout: 120_000 }, async () => {
  const home = await mkdtemp(join(tmpdir(), 'custody-bench-test-'));
  try {
    const { code, stdout, stderr } = await runCustody(['bench', '--messages', '2000', '--json'], { home });
    expect(stderr).not.toContain('custody:');
    expect(code).toBe(0);
    const { paths, machine, ledger } = JSON.parse(stdout) as BenchReport;
    expect(machine.cores).toBeGreaterThan(0);
    const { commit, leaves, content, proof } = ledger.numbers;
    expect([commit, leaves, content].every(({ count, cpu }) => count >= 2000 && cpu > 0)).toBe(true);
    expect(proof.slowest).toBeGreaterThanOrEqual(proof.median);
    expect(paths.map(({ name }) => name)).toEqual(['envelope', 'whatsapp']);
    for (const { ingest, leaves, verify, verifyContent, peers } of paths) {
      expect(Object.keys(ingest.spent ?? {}).sort()).toEqual([...stageNames].sort());
      expect(ingest.count).toBeGreaterThanOrEqual(2000);
      expect([leaves.count, verify.count, verifyContent.count].every((count) => count >= 2000)).toBe(true);
      expect(peers.every(({ result }) => result.count === 2000)).toBe(true);
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
