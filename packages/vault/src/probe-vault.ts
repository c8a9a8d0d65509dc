import { randomBytes } from 'node:crypto';
import type { Vault } from './vault.ts';

export interface ProbeCheck {
  /** What custody relies on, in words. */
  readonly promise: string;
  readonly kept: boolean;
  /** What was seen. */
  readonly seen: string;
  /** False: custody works without it, and what is weaker then is said in `seen`. Absent means true. */
  readonly required?: boolean;
}

export interface ProbeReport {
  readonly location: string;
  /** Whether every promise was kept. If not, no case may be kept there. */
  readonly fit: boolean;
  readonly checks: readonly ProbeCheck[];
}

/** Creators that race for one name. */
const RACERS = 8;
/** Races run one after the other: a server that checks and then writes loses one of several rather than the first. */
const RACES = 4;

/**
 * Tries out on the spot what custody relies on, with canary objects under `probe/` that remain as empty objects.
 * Throws what the vault throws where it cannot be used at all.
 */
export async function probeVault(vault: Vault): Promise<ProbeReport> {
  const base = `probe/${randomBytes(8).toString('hex')}`;
  const checks: ProbeCheck[] = [];
  for (let race = 0; race < RACES; race++) checks.push(...(await raceCreators(vault, `${base}/${race}`)));
  checks.push(await checkList(vault, base), ...(await checkDestroy(vault, `${base}/0`)));
  for (let race = 1; race < RACES; race++) await vault.destroy(`${base}/${race}`);
  return { location: vault.location, fit: isFit(checks), checks };
}

/** Whether everything that is required was kept. */
export function isFit(checks: readonly ProbeCheck[]): boolean {
  return checks.every((check) => check.kept || check.required === false);
}

async function raceCreators(vault: Vault, name: string): Promise<ProbeCheck[]> {
  const canaries = Array.from({ length: RACERS }, () => randomBytes(64));
  const results = await Promise.all(canaries.map((canary) => vault.create(name, canary)));
  const winners = canaries.filter((_, i) => results[i] === 'created');
  const stored = Buffer.from(await vault.read(name));
  const owner = canaries.findIndex((canary) => canary.equals(stored));
  return [
    {
      promise: `Of ${RACERS} who create one name at once, exactly one succeeds.`,
      kept: winners.length === 1,
      seen: `${winners.length} were told that they created it.`,
    },
    {
      promise: 'What is read back is what the one who succeeded wrote.',
      kept: winners.length === 1 && winners[0]?.equals(stored) === true,
      seen: owner < 0 ? 'Bytes that nobody wrote.' : `The bytes of one who was told ${JSON.stringify(results[owner])}.`,
    },
  ];
}

async function checkList(vault: Vault, base: string): Promise<ProbeCheck> {
  const wanted = Array.from({ length: RACES }, (_, race) => `${base}/${race}`);
  const found: string[] = [];
  for await (const { name, length } of vault.list(`${base}/`)) if (length === 64) found.push(name);
  return {
    promise: 'A list shows what was stored just before, in order and whole.',
    kept: found.join() === wanted.join(),
    seen: `${found.length} of ${RACES} objects.`,
  };
}

async function checkDestroy(vault: Vault, name: string): Promise<ProbeCheck[]> {
  await vault.destroy(name);
  const length = (await vault.info(name))?.length;
  const late = await vault.create(name, randomBytes(64));
  const after = (await vault.info(name))?.length;
  return [
    {
      promise: 'A destroyed object is empty at once.',
      kept: length === 0,
      seen: length === undefined ? 'No object.' : `${length} bytes.`,
    },
    {
      promise: 'A late writer cannot bring a destroyed object back.',
      kept: late === 'exists' && after === 0,
      seen: late === 'exists' ? 'The writer was refused.' : 'The writer was let in.',
    },
  ];
}
