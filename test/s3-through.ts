import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Case, caseStatus, openCase, type Person, resume, verifyCase } from '@custody/case';
import { openVault } from '@custody/vault';
import { expect } from 'vitest';
import { ingestFixture, tileDigests } from './fixture-case.ts';

/** Tries a person makes who reads "run the command again". */
const ATTEMPTS = 20;

/** Again and again as the messages ask for, through whatever happens. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      expect(error, String(error)).toMatchObject({ family: 'unavailable' });
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

export function ingestThrough(location: string, person: Person): Promise<unknown> {
  return patiently(async () =>
    ingestFixture(await openCase(location, { person }), 'msgstore.db.crypt15', { threads: 1 }),
  );
}

/**
 * The fixture's case verifies, its counts add up, and root and tiles are those of a fork, taken after the secrets were
 * drawn and before anything was committed of the derivation, that was finished in `folder` where nothing happens.
 */
export async function expectWhole(
  location: string,
  { person, folder }: { person: Person; folder: string },
): Promise<void> {
  expect((await verifyCase(location, { person })).failures).toEqual([]);
  const opened = await openCase(location, { person });
  const [capture] = caseStatus(opened).captures;
  expect(capture?.derivations).toMatchObject([
    { state: 'current', addsUp: true, totals: { items: 323, decoded: 438 } },
  ]);
  const calm = await undisturbed(opened, { person, folder });
  const roots = [opened, calm].map(({ state }) =>
    [...state.derivations.values()].map((one) => one.totals?.evidenceRoot),
  );
  expect(roots[0]).toEqual(roots[1]);
  expect(await tileDigests(opened)).toEqual(await tileDigests(calm));
}

async function undisturbed(from: Case, { person, folder }: { person: Person; folder: string }): Promise<Case> {
  const derive = [...from.state.derivations.keys()].at(-1) ?? -1;
  const path = join(folder, randomBytes(6).toString('hex'));
  const to = await openVault(path);
  for await (const { name } of from.vault.list('')) {
    if (/^(leaves|segments|index|log\/tile|log\/checkpoint)\b/.test(name)) continue;
    if (/^log\/commit\//.test(name) && Number(name.slice(11)) > derive) continue;
    await to.create(name, await from.vault.read(name));
  }
  await resume(await openCase(path, { person }), { threads: 1 });
  return openCase(path, { person });
}
