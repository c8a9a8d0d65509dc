import { writeFileSync } from 'node:fs';
import { expunge, listItems, loadOrCreatePerson } from '@custody/case';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixtureCase, ingestFixture } from '../fixture-case.ts';
import { Lab } from './lab.ts';

const lab = new Lab('rederive');
const wrong = lab.path('wrong.json');

interface Verdict {
  readonly ok: boolean;
  readonly rederived: readonly {
    readonly compared: string;
    readonly equal: boolean;
    readonly sameBuild: boolean;
    readonly opened: number;
    readonly expunged: number;
    readonly segments: number;
  }[];
}

/** A case of which the derivation says that `build` made it, with one item expunged. */
async function caseBy(name: string, build?: string): Promise<string> {
  const path = lab.path(name);
  const opened = await fixtureCase(path, await loadOrCreatePerson({ name: 'A. Example' }, lab.identity));
  const { draft } = opened;
  opened.draft = (kind, values, segment) => {
    const tool =
      build !== undefined && kind === 'derive' ? { tool: new Map(Object.entries({ version: '0', build })) } : {};
    return draft.call(opened, kind, { ...values, ...tool }, segment);
  };
  await ingestFixture(opened, 'msgstore.db.crypt15');
  for await (const { index, disposition } of listItems(opened)) {
    if (disposition !== 'in-scope') continue;
    const terms = { id: 'O-1', reference: 'Order 1', issuedBy: 'Court of Example', reason: 'privilege' };
    await expunge(opened, JSON.stringify({ ...terms, mode: 'derived', items: [index] }));
    break;
  }
  return path;
}

async function verified(...args: readonly string[]): Promise<{ code: number; verdict: Verdict }> {
  const { code, stdout } = await lab.run('verify', ...args, '--no-memory', '--rederive', '--json');
  return { code, verdict: JSON.parse(stdout) as Verdict };
}

beforeAll(() => {
  writeFileSync(wrong, JSON.stringify({ keys: [{ for: 'whatsapp-crypt15', hex: '7'.repeat(64) }] }));
});
afterAll(() => lab.remove());

it('by the build that made it: equal is exit 0, and only what an order wrote anew is opened; different is exit 3', async () => {
  const path = await caseBy('same');
  const { code, verdict } = await verified(path);
  expect(code).toBe(0);
  expect(verdict.rederived).toMatchObject([{ equal: true, sameBuild: true, expunged: 1, opened: 1 }]);
  const other = await verified(path, '--keys', wrong);
  expect(other).toMatchObject({ code: 3, verdict: { ok: true, rederived: [{ equal: false, sameBuild: true }] } });
});

it('by another build: different is exit 2, for it may be progress; what is expunged is said', async () => {
  const path = await caseBy('other', 'ab'.repeat(32));
  expect(await verified(path, '--keys', wrong)).toMatchObject({
    code: 2,
    verdict: { ok: true, rederived: [{ equal: false, sameBuild: false }] },
  });
  const { stdout, code } = await lab.run('verify', path, '--no-memory', '--rederive');
  expect(code).toBe(0);
  expect(stdout).toContain('1 expunged, nothing is left to compare, by another build than the one that made it');
});
