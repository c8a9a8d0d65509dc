import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ingestFixture, whatsAppFixtures } from '../../../test/fixture-case.ts';
import { addAuthority } from './add-authority.ts';
import { createCase } from './create-case.ts';
import { listItems } from './list-leaves.ts';
import { makeExhibit } from './make-exhibit.ts';
import { loadOrCreatePerson } from './person.ts';

const folder = mkdtempSync(join(tmpdir(), 'custody-test-intelligence-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('lets nothing that came under an authority for intelligence only become an exhibit, and records the refusal', async () => {
  const person = await loadOrCreatePerson({ name: 'A. Example' }, join(folder, 'identity.txt'));
  const opened = await createCase(join(folder, 'case'), { person });
  const warrant = JSON.parse(await readFile(join(whatsAppFixtures, 'warrant.json'), 'utf8')) as object;
  await addAuthority(opened, JSON.stringify({ ...warrant, use: 'intelligence-only' }));
  await ingestFixture(opened, 'msgstore.db.crypt15');
  let index = -1;
  for await (const item of listItems(opened)) if (item.disposition === 'in-scope') index = item.index;
  const size = opened.ledger.size;
  const options = { items: [index], context: 0, redact: [], selection: [], out: join(folder, 'exhibit.zip') };
  await expect(makeExhibit(opened, options)).rejects.toMatchObject({ code: 'AUTHORITY_REFUSES', refused: true });
  expect(opened.ledger.entries.slice(size).map((entry) => entry.kind)).toEqual(['refuse']);
});
