import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateIdentity, openSealed } from '@custody/vault';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import yauzl from 'yauzl';
import { fixtureCase, ingestFixture } from '../../../../test/fixture-case.ts';
import { decide } from '../decide.ts';
import { listItems } from '../list-leaves.ts';
import { makeExhibit } from '../make-exhibit.ts';
import { markItems } from '../marks/mark-items.ts';
import { type Case, openCase } from '../open-case.ts';
import { loadOrCreatePerson, type Person } from '../person.ts';
import { verifyReceipt } from '../receipt/verify-receipt.ts';
import { verifyExhibitFile } from '../verify-exhibit-file.ts';
import { disclose } from './disclose.ts';

const folder = mkdtempSync(join(tmpdir(), 'custody-test-disclose-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const party = generateIdentity();
let opened: Case;
let analyst: Person;
const items: number[] = [];
const texts = new Map<number, string>();

beforeAll(async () => {
  const person = await loadOrCreatePerson({ name: 'A. Example' }, join(folder, 'identity.txt'));
  analyst = await loadOrCreatePerson({ name: 'B. Analyst' }, join(folder, 'analyst.txt'));
  const { recipient } = analyst.identity;
  const shared = ['evidence', 'log'].map((compartment) => ({ compartment, recipient }));
  opened = await fixtureCase(join(folder, 'case'), person, shared);
  await ingestFixture(opened, 'msgstore.db.crypt15');
  for await (const item of listItems(opened)) {
    if (item.disposition !== 'in-scope') continue;
    items.push(item.index);
    if (item.body !== null) texts.set(item.index, item.body);
  }
  const mark = (at: number, label: 'unused' | 'sensitive' | 'exculpatory') =>
    markItems(opened, { items: [items[at] as number], label, withdraw: false, reason: `reason of ${label}` });
  await mark(0, 'unused');
  await mark(1, 'sensitive');
  await mark(2, 'exculpatory');
});

async function unpack(file: string): Promise<Map<string, Buffer>> {
  const zip = await yauzl.fromBufferPromise(Buffer.from(openSealed(readFileSync(file), [party.secret])));
  const out = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Uint8Array);
    out.set(entry.fileName, Buffer.concat(chunks));
  }
  return out;
}

function options(name: string, given: object = {}) {
  return {
    ...{ party: { name: 'Defence of X', recipient: party.recipient }, selection: ['some'], redact: [] },
    ...{ items: items.slice(2, 6), law: 'ew' as const, out: join(folder, name), ...given },
  };
}

describe('a disclosure', () => {
  it('opens with the key of the party only, and each exhibit in it verifies', async () => {
    const made = await disclose(opened, options('one.age'));
    const members = await unpack(made.out);
    const sums = String(members.get('manifest-sha256.txt')).trim().split('\n');
    expect(sums).toHaveLength(members.size - 1);
    for (const line of sums) {
      const [sum, name] = line.split('  ') as [string, string];
      expect(
        createHash('sha256')
          .update(members.get(name) as Buffer)
          .digest('hex'),
      ).toBe(sum);
    }
    const exhibit = join(folder, 'exhibit.zip');
    await writeFile(exhibit, members.get('exhibits/0001.zip') as Buffer);
    const verdict = await verifyExhibitFile(exhibit, opened.verifierKeyText);
    expect(verdict).toMatchObject({ ok: true, checked: { items: 4 } });
    const stranger = generateIdentity();
    expect(() => openSealed(readFileSync(made.out), [stranger.secret])).toThrow();
  });

  it('of many exhibits shows in each what that exhibit would show alone, byte for byte', async () => {
    const made = await disclose(opened, options('several.age', { itemsAnExhibit: 2 }));
    const members = await unpack(made.out);
    expect(made).toMatchObject({ exhibits: 2, items: 4 });
    for (const [at, name] of ['exhibits/0001.zip', 'exhibits/0002.zip'].entries()) {
      const out = join(folder, `alone-${at}.zip`);
      const own = items.slice(2 + at * 2, 4 + at * 2);
      await makeExhibit(opened, { items: own, context: 0, at: made.size, redact: [], selection: ['some'], out });
      expect(members.get(name)?.equals(readFileSync(out)), name).toBe(true);
    }
  });

  it('tells the party of what is unused, and nothing of what is sensitive', async () => {
    const made = await disclose(opened, options('two.age'));
    const members = await unpack(made.out);
    const schedule = String(members.get('schedules/unused-material.csv'));
    expect(schedule.split('\r\n')[1]?.split(',')[1]).toBe(String(items[0]));
    expect(schedule).not.toContain(texts.get(items[0] as number) as string);
    expect(schedule).not.toContain('reason of');
    const all = [...members].map(([name, bytes]) => (name.endsWith('.zip') ? '' : String(bytes))).join('\n');
    expect(all).not.toContain('sensitive');
    expect(made).toMatchObject({ sensitive: 1, unused: { nonSensitive: 1, unreviewed: items.length - 6 } });
    const own = openSealed(made.sensitiveSchedule as Uint8Array, [opened.held.evidence?.secret as string]);
    expect(Buffer.from(own).toString()).toContain('reason of sensitive');
    expect(String(members.get('index.csv'))).toContain(`exhibits/0001.zip,${items[2]},`);
    expect(String(members.get('index.csv')).split('\r\n')[1]).toMatch(/,yes$/);
  });

  it('numbers by Bates where the law is that of the United States', async () => {
    const made = await disclose(opened, options('three.age', { law: 'us', exhibitRef: 'GOV-7' }));
    const index = String((await unpack(made.out)).get('index.csv'))
      .trimEnd()
      .split('\r\n');
    expect(index.slice(1).map((row) => row.split(',')[0])).toEqual(
      [1, 2, 3, 4].map((n) => `GOV-7${String(n).padStart(8, '0')}`),
    );
  });

  it('is in the log, and its receipt is held against it', async () => {
    const made = await disclose(opened, options('four.age'));
    const receipt = JSON.stringify(made.receipt);
    expect(await verifyReceipt(opened, receipt)).toMatchObject({ by: 'A. Example', entry: made.entry });
    expect(opened.ledger.entries[made.entry]?.kind).toBe('disclose');
    const forged = { ...made.receipt, statement: made.receipt.statement.replace('Defence of X', 'Defence of Y') };
    await expect(verifyReceipt(opened, JSON.stringify(forged))).rejects.toMatchObject({ code: 'RECEIPT_FORGED' });
    await expect(verifyReceipt(opened, '{}')).rejects.toMatchObject({ code: 'RECEIPT_MALFORMED' });
  });

  it('of what was privileged once needs a second person', async () => {
    let index = -1;
    for await (const item of listItems(opened)) if (item.disposition === 'privileged') index = item.index;
    const waived = {
      privilege: 'waived',
      disposition: 'in-scope',
      rule: 'waived by the client',
      reason: 'letter',
    } as const;
    await decide(opened, { items: [index], ...waived });
    const terms = options('alone.age', { items: [index] });
    await expect(disclose(opened, terms)).rejects.toMatchObject({ code: 'AUTHORITY_REFUSES' });
    expect(opened.ledger.entries.at(-1)?.kind).toBe('refuse');
    expect(existsSync(terms.out)).toBe(false);
    const other = await openCase(join(folder, 'case'), { person: analyst });
    expect(await disclose(other, terms)).toMatchObject({ items: 1 });
  });

  it('leaves nothing behind where it fails, and replaces nothing', async () => {
    const terms = options('five.age', { items: [1e9] });
    await expect(disclose(opened, terms)).rejects.toMatchObject({ code: 'ITEM_UNKNOWN' });
    expect(existsSync(terms.out)).toBe(false);
    await expect(disclose(opened, options('one.age'))).rejects.toMatchObject({ code: 'EXPORT_EXISTS' });
    const nobody = { party: { name: 'X', recipient: 'age1nobody' } };
    await expect(disclose(opened, options('six.age', nobody))).rejects.toMatchObject({ code: 'RECIPIENT_INVALID' });
  });
});
