import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { fixtureCase } from '../../../test/fixture-case.ts';
import { listLog } from './list-log.ts';
import { openCase } from './open-case.ts';
import { loadOrCreatePerson } from './person.ts';
import { requireWholeLog } from './require-whole-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'custody-test-whole-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('shows no log whose end was cut off', async () => {
  const person = await loadOrCreatePerson({ name: 'A. Example' }, join(folder, 'identity.txt'));
  const path = join(folder, 'case');
  await fixtureCase(path, person);
  await expect(requireWholeLog(await openCase(path, { person }))).resolves.toBeUndefined();
  const commits = readdirSync(join(path, 'log/commit')).map(Number);
  rmSync(join(path, 'log/commit', String(Math.max(...commits))));
  const opened = await openCase(path, { person });
  await expect(requireWholeLog(opened)).rejects.toMatchObject({ code: 'LOG_ROLLED_BACK', family: 'integrity' });
  await expect(listLog(opened).next()).rejects.toMatchObject({ code: 'LOG_ROLLED_BACK' });
});
