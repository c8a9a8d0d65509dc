import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { addAuthority } from './add-authority.ts';
import { createCase } from './create-case.ts';
import { ingest } from './ingest.ts';
import { loadOrCreatePerson } from './person.ts';

const WARRANT = {
  ...{ id: 'W', reference: 'R', issuedBy: 'C', jurisdiction: 'NL', legalBasis: 'x' },
  ...{ validFrom: '2020-01-01', validTo: '2030-01-01', scope: { period: { from: '2020-01-01', to: '2030-01-01' } } },
};

it('takes in every message of a Maildir once, though each file could stand for all of them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'custody-maildir-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const names = ['cur/1.host:2,RS', 'new/2.host', '.Sent/cur/3.host:2,S'];
  for (const [i, name] of names.entries()) {
    const path = join(folder, 'Mail', name);
    await mkdir(dirname(path), { recursive: true });
    const head = 'From: a@mail.example\nTo: b@mail.example\nDate: Tue, 14 Nov 2023 23:13:20 +0100\nSubject: s\n';
    await writeFile(path, `${head}Message-ID: <${i}@mail.example>\n\ntext ${i}\n`);
  }
  const person = await loadOrCreatePerson({ name: 'Test Examiner' }, join(folder, 'identity.txt'));
  const opened = await createCase(join(folder, 'case'), { person, title: 'mail', recipients: [] });
  await addAuthority(opened, JSON.stringify(WARRANT));
  const receipt = { supplierHash: null, receivedFrom: null, acquiredAt: null, exhibitRef: null, sealNumber: null };
  const done = await ingest(opened, join(folder, 'Mail'), { authority: 'W', keys: [], receipt, threads: 1 });
  expect(done).toMatchObject({ totals: { records: 3, decoded: 3, items: 3 } });
});
