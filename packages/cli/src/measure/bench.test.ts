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
    const { code, stdout, stderr } = await runCustody(
      ['bench', '--messages', '2000', '--plan', '115000000', '--json'],
      { home },
    );
    expect(stderr).not.toContain('custody:');
    expect(code).toBe(0);
    const { paths, machine, ledger, plan } = JSON.parse(stdout) as BenchReport;
    expect(machine.cores).toBeGreaterThan(0);
    const { commit, commitOnThreads, leaves, content, proof } = ledger.numbers;
    expect(commitOnThreads.threads).toBe(machine.cores);
    expect([commit, commitOnThreads, leaves, content].every(({ count, cpu }) => count >= 2000 && cpu > 0)).toBe(true);
    expect(proof.slowest).toBeGreaterThanOrEqual(proof.median);
    expect(paths.map(({ name }) => name)).toEqual(['envelope', 'whatsapp']);
    for (const { ingest, leaves, verify, verifyContent, peers } of paths) {
      expect(Object.keys(ingest.spent ?? {}).sort()).toEqual([...stageNames].sort());
      expect(ingest.count).toBeGreaterThanOrEqual(2000);
      expect([leaves.count, verify.count, verifyContent.count].every((count) => count >= 2000)).toBe(true);
      expect(peers.every(({ result }) => result.count === 2000)).toBe(true);
    }
    expect(plan?.onCores.map(({ cores }) => cores)).toEqual([2, 8, 64]);
    const seconds = plan?.onCores.map((one) => one.seconds) as [number, number, number];
    // More cores never take longer; where the one sequencer is what limits, they take as long.
    expect(seconds[0] >= seconds[1] && seconds[1] >= seconds[2] && seconds[2] > 0).toBe(true);
    expect(plan?.storage.segments?.objects).toBeGreaterThanOrEqual(115_000_000 / 4096);
    expect(plan?.requests.put).toBeGreaterThan(plan?.storage.segments?.objects ?? Number.POSITIVE_INFINITY);
    expect(plan?.assumptions.length).toBeGreaterThan(3);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
