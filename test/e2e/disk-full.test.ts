import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { caseStatus, loadPerson, openCase, verifyCase } from '@custody/case';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Lab, whatsApp } from './lab.ts';

const lab = new Lab('disk-full');
const disk = lab.path('disk');
const capture = join(whatsApp, 'msgstore.db.crypt15');
const KIB = 1024;
let mounted = false;

beforeAll(() => {
  mkdirSync(disk);
  mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]).status === 0;
  if (!mounted) console.warn('skipped: a full disk: only root may mount a small one');
});
afterAll(() => {
  if (mounted) spawnSync('umount', ['-l', disk]);
  lab.remove();
});

/** Leaves so many bytes free. */
function fill(free: number): void {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(join(disk, 'filler'), Buffer.alloc(Math.max(0, bavail * bsize - free)));
}

it('no space: exit 5 and one plain line, nothing half committed, and a second attempt continues', async ({ skip }) => {
  if (!mounted) skip('only root may mount a small disk');
  const template = await lab.newCase('template');
  const person = await loadPerson(lab.identity);
  let full = 0;
  // The space ends while the original, the secrets, the segments or the commit are written.
  for (const free of [8, 44, 84, 120, 160].map((kib) => kib * KIB)) {
    const path = lab.copy(template, `disk/case-${free}`);
    fill(free);
    const { code, stdout, stderr } = await lab.run(...lab.ingestArgs(path, capture));
    if (code !== 0) {
      full++;
      expect({ code, stdout }, stderr).toEqual({ code: 5, stdout: '' });
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(stderr).toMatch(/space/);
    }
    expect((await verifyCase(path, { person })).failures).toEqual([]);

    rmSync(join(disk, 'filler'));
    const again = await lab.run(...lab.ingestArgs(path, capture));
    expect([again.code, again.stderr], `${free}`).toEqual([0, expect.any(String)]);
    const status = caseStatus(await openCase(path, { person }));
    expect(status.jobs.unfinished).toBe(0);
    expect(status.captures.flatMap(({ derivations }) => derivations)).toMatchObject([
      { state: 'current', addsUp: true, totals: { items: 323, decoded: 438 } },
    ]);
    expect((await verifyCase(path, { person })).failures).toEqual([]);
    rmSync(path, { recursive: true });
  }
  expect(full).toBeGreaterThanOrEqual(3);
});
