import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CustodyError } from '@custody/bytes';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureCase, ingestFixture } from '../../../../test/fixture-case.ts';
import type { Case } from '../open-case.ts';
import { loadOrCreatePerson, type Person } from '../person.ts';
import { queryCase } from '../query-case.ts';
import { QueryReceipt } from './query-receipt.ts';
import { type Receipt, signReceipt } from './receipt.ts';
import { verifyReceipt } from './verify-receipt.ts';

const folder = mkdtempSync(join(tmpdir(), 'custody-test-receipt-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const QUERY = { type: 'phone' };
let person: Person;
let opened: Case;
let receipt: Receipt;

beforeAll(async () => {
  person = await loadOrCreatePerson({ name: 'A. Example' }, join(folder, 'identity.txt'));
  opened = await fixtureCase(join(folder, 'case'), person);
  await ingestFixture(opened, 'msgstore.db.crypt15');
  const answers = new QueryReceipt();
  for await (const line of queryCase(opened, QUERY)) answers.add(line);
  receipt = answers.sign(opened, QUERY);
});

describe('a receipt of a query', () => {
  it('is repeated with the same answer, also after the case was looked at', async () => {
    const verdict = await verifyReceipt(opened, JSON.stringify(receipt));
    expect(verdict).toMatchObject({ by: 'A. Example', repeated: { equal: true, sameEvidence: true, sameBuild: true } });
    expect(verdict.repeated?.results).toBeGreaterThan(0);
    expect(JSON.parse(receipt.statement)).toMatchObject({ index: 'index/v2/', size: expect.any(Number) });
  });

  it('with an answer that the evidence does not give is a fault', async () => {
    const statement = { ...JSON.parse(receipt.statement), results: 1 };
    const false_ = signReceipt(opened, statement);
    await expect(verifyReceipt(opened, JSON.stringify(false_))).rejects.toMatchObject({ code: 'RECEIPT_DIFFERS' });
  });

  it('of another case, or by a stranger, is refused', async () => {
    const other = await fixtureCase(join(folder, 'other'), person);
    await expect(verifyReceipt(other, JSON.stringify(receipt))).rejects.toMatchObject({ code: 'RECEIPT_FORGED' });
    const stranger = await loadOrCreatePerson({ name: 'B' }, join(folder, 'stranger.txt'));
    const foreign = signReceipt({ requirePerson: () => stranger } as unknown as Case, JSON.parse(receipt.statement));
    await expect(verifyReceipt(opened, JSON.stringify(foreign))).rejects.toMatchObject({ code: 'RECEIPT_FORGED' });
  });

  it('changed anywhere is refused with a code, never a crash', async () => {
    const text = JSON.stringify(receipt);
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 3 }), async (at, put) => {
        const changed = `${text.slice(0, at)}${put}${text.slice(at + 1)}`;
        if (changed === text) return;
        const outcome = await verifyReceipt(opened, changed).catch((error: unknown) => error);
        expect(outcome).toBeInstanceOf(CustodyError);
      }),
      { numRuns: 150 },
    );
  });
});
