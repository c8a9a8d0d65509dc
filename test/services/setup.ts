import { readFileSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { bundleCommand } from './bundle.ts';
import { missingForRedis, startRedis } from './redis.ts';
import { missingForS3, startS3 } from './s3.ts';
import type { Service } from './service.ts';

/** Names of the files by which tests start the command or a worker. */
const STARTS_THE_COMMAND = /\/(run-custody|lab|anchored-case|queued-case|worker-process|witness-process)\.ts'/;

interface Offer {
  /** The variable that tests read the address from. Set already: that server is used, and none started. */
  readonly variable: string;
  readonly missing: () => readonly string[];
  readonly start: () => Promise<Service>;
}

const OFFERS: readonly Offer[] = [
  { variable: 'CUSTODY_TEST_REDIS', missing: missingForRedis, start: startRedis },
  { variable: 'CUSTODY_TEST_S3', missing: missingForS3, start: startS3 },
];

/**
 * Vitest's global setup: starts each server that a test file of this run names by its variable, once, and returns
 * what stops them.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const sources = await selectedSources(project);
  if (process.env.CUSTODY_LONG !== '1' && sources.some((source) => STARTS_THE_COMMAND.test(source)))
    process.env.CUSTODY_TEST_BUNDLE = await bundleCommand();
  const wanted = OFFERS.filter(({ variable }) => !process.env[variable] && sources.some((s) => s.includes(variable)));
  const started = await Promise.all(wanted.map(begin));
  return async () => {
    await Promise.all(started.map((service) => service?.stop()));
  };
}

async function begin(offer: Offer): Promise<Service | null> {
  const missing = offer.missing();
  if (missing.length > 0) {
    console.warn(`Tests that need ${offer.variable} are skipped: not installed: ${missing.join(', ')}.`);
    return null;
  }
  try {
    const service = await offer.start();
    process.env[offer.variable] = service.url;
    return service;
  } catch (error) {
    const lines = (error as Error).message.split('\n').filter(Boolean);
    console.warn(`Tests that need ${offer.variable} are skipped: ${lines[0]} (${lines.at(-1)})`);
    return null;
  }
}

async function selectedSources(project: TestProject): Promise<string[]> {
  // Not in vitest's published types; where it is not there, every test file counts as selected.
  const { filenamePattern } = project.vitest as { filenamePattern?: string[] };
  const { testFiles } = await project.globTestFiles(filenamePattern);
  return testFiles.map((file) => readFileSync(file, 'utf8'));
}
