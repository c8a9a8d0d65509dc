import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { fixtureCase } from '../../../test/fixture-case.ts';
import { correct } from './correct.ts';
import { listLog } from './list-log.ts';
import { loadOrCreatePerson } from './person.ts';
import { recordVerification } from './record-verification.ts';
import { verifyCase } from './verify-case.ts';

const folder = mkdtempSync(join(tmpdir(), 'custody-test-correct-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a correction stands beside what it corrects; a verification that found all well is in the log, one that failed is not', async () => {
  const person = await loadOrCreatePerson({ name: 'A. Example' }, join(folder, 'identity.txt'));
  const path = join(folder, 'case');
  const opened = await fixtureCase(path, person);
  const before = opened.ledger.entries[1]?.bytes;
  const terms = { text: 'the reference is 17/24', reason: 'mistyped' };
  expect(await correct(opened, { of: 1, ...terms })).toEqual({ entry: 2, of: 1, kind: 'authority' });
  expect(opened.ledger.entries[1]?.bytes).toEqual(before);
  await expect(correct(opened, { of: 99, ...terms })).rejects.toMatchObject({ code: 'ITEM_UNKNOWN' });
  await expect(correct(opened, { of: 1, text: ' ', reason: 'r' })).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' });

  const verdict = await verifyCase(path, { person });
  expect(await recordVerification(path, verdict, { person })).toBe(true);
  expect(await recordVerification(path, { ...verdict, ok: false }, { person })).toBe(false);
  expect(await recordVerification(path, verdict, { person: null })).toBe(false);
  const stranger = await loadOrCreatePerson({ name: 'B. Stranger' }, join(folder, 'stranger.txt'));
  expect(await recordVerification(path, verdict, { person: stranger })).toBe(false);
  await opened.refresh();
  const kinds: string[] = [];
  for await (const line of listLog(opened)) kinds.push(line.kind);
  expect(kinds).toEqual(['init', 'authority', 'correct', 'verify']);
});
