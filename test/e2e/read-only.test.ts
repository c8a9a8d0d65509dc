import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { objectsBelow } from './fork-case.ts';
import { Lab, whatsApp } from './lab.ts';

const lab = new Lab('read-only');
const capture = join(whatsApp, 'msgstore.db.crypt15');
const copy = lab.path('copy');
let template = '';
let mounted = false;

beforeAll(async () => {
  template = await lab.newCase('template');
  const path = lab.copy(template, 'case');
  await lab.ingest(path, capture);
  mkdirSync(copy);
  mounted =
    spawnSync('mount', ['--bind', path, copy]).status === 0 &&
    spawnSync('mount', ['-o', 'remount,bind,ro', copy]).status === 0;
  if (!mounted) console.warn('skipped: a read-only copy: only root may mount one');
});
afterAll(() => {
  spawnSync('umount', ['-l', copy]);
  lab.remove();
});

it('a read-only copy is verified and looked at, which says that it was not logged', async ({ skip }) => {
  if (!mounted) skip('only root may mount a read-only copy');
  expect(await lab.json('verify', copy)).toMatchObject({ ok: true });
  const [hit] = await lab.lines<{ logged?: boolean }>('query', '--case', copy, '--type', 'phone');
  expect(hit).toMatchObject({ logged: false });
});

it('a read-only copy takes nothing in, and says why in one line', async ({ skip }) => {
  if (!mounted) skip('only root may mount a read-only copy');
  const other = join(whatsApp, 'msgstore.db.crypt14');
  const { code, stdout, stderr } = await lab.run(...lab.ingestArgs(copy, other));
  expect([code, stdout, stderr.trim().split('\n').length]).toEqual([1, '', 1]);
  expect(stderr).toMatch(/read-only/);
});

it('a capture that cannot fit is refused before anything is stored', async ({ skip }) => {
  const disk = lab.path('disk');
  mkdirSync(disk);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]).status !== 0) skip('only root may mount');
  try {
    const path = lab.copy(template, 'disk/case');
    const large = lab.path('large.ndjson');
    spawnSync('truncate', ['-s', '1M', large]);
    const before = objectsBelow(path);
    const { code, stderr } = await lab.run(...lab.ingestArgs(path, large));
    expect([code, stderr]).toEqual([5, expect.stringMatching(/no space for the capture.*1048576 bytes/)]);
    expect(objectsBelow(path)).toEqual(before);
  } finally {
    spawnSync('umount', ['-l', disk]);
  }
});
