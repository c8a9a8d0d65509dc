import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addAuthority, correct, createCase, loadOrCreatePerson, openCase } from '@custody/case';
import { expect, it } from 'vitest';

const warrant = new URL('../../../fixtures/envelope/warrant.json', import.meta.url);

it('reads on while it is read on and appended to: who follows several derivations looks at all of them at once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'custody-open-case-'));
  try {
    const person = await loadOrCreatePerson({ name: 'Test Examiner' }, join(folder, 'identity.txt'));
    const path = join(folder, 'case');
    const first = await createCase(path, { person, title: 'side by side', recipients: [] });
    const second = await openCase(path, { person });
    await addAuthority(first, readFileSync(warrant, 'utf8'));
    await correct(first, { of: 1, text: 'a first note', reason: 'it was incomplete' });
    const reading = Promise.all(Array.from({ length: 4 }, () => second.refresh()));
    await correct(second, { of: 1, text: 'a second note', reason: 'it was incomplete' });
    await reading;
    await Promise.all([first.refresh(), first.refresh()]);
    expect(second.ledger.entries.map(({ kind }) => kind)).toEqual(first.ledger.entries.map(({ kind }) => kind));
    expect(first.ledger.entries.filter(({ kind }) => kind === 'correct')).toHaveLength(2);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
