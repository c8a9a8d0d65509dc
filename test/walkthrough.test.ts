import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeVerifierKey } from '@custody/chain';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AnchoredCase } from './anchored-case.ts';
import { whatsApp } from './e2e/lab.ts';

/** The page a stranger goes by, run as it stands: without a program of ours. */
const page = fileURLToPath(new URL('../packages/chain/WALKTHROUGH.md', import.meta.url));
const anchored = new AnchoredCase();
beforeAll(() => anchored.build());
afterAll(() => anchored.remove());

const blocks = [...readFileSync(page, 'utf8').matchAll(/^```sh walk\n(.*?)^```$/gms)].map((match) => match[1] ?? '');

function walk(
  folder: string,
  script: string,
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const work = anchored.lab.path('walk');
  mkdirSync(work, { recursive: true });
  const env = {
    PATH: process.env.PATH,
    VKEY: anchored.verifierKey,
    WITNESS: encodeVerifierKey(anchored.witnessKey.key),
    CA: anchored.tsa.ca,
    IDENTITY: anchored.identity,
    WORK: work,
  };
  return spawnSync('bash', ['--norc', '-c', script], { cwd: folder, env, encoding: 'utf8' });
}

it('leads through a real case', () => {
  const { status, stdout, stderr } = walk(anchored.original, blocks.join('\n'));
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const capture = createHash('sha256')
    .update(readFileSync(join(whatsApp, 'msgstore.db.crypt12')))
    .digest('hex');
  for (const sentence of [
    /the log named \S+ signed \d+ entries/,
    /the \d+ entries give the root that was signed/,
    /the log signed its \d+ commits/,
    /leaves, segments, originals, keys and events are what the commits name/,
    /Verification: OK/,
    /the authority stamped \d+ entries, signed by the log/,
    /the witness lab-b\.example\/witness saw \d+ entries at 20\d\d-/,
    new RegExp(`original ${capture}`),
  ])
    expect(stdout).toMatch(sentence);
});

it.each([
  ['a changed commit', 'log/commit/0', 3],
  ['a changed bundle', 'bundle', 2],
  ['a changed checkpoint', 'log/checkpoint', 1],
])('stops at %s', async (_, name, step) => {
  const it = await anchored.insider();
  const file = name === 'bundle' ? `log/tile/entries/000.p/${it.ledger.size}` : name;
  const bytes = it.read(file);
  const at = name === 'log/checkpoint' ? 3 : bytes.length - 70;
  bytes[at] = (bytes[at] as number) ^ 1;
  it.put(file, bytes);
  expect(walk(it.lane, blocks.slice(0, step).join('\n')).status).toBe(0);
  const { status, stdout } = walk(it.lane, blocks.join('\n'));
  expect(status).not.toBe(0);
  // Whoever reads what was printed is told of no step that failed, and of none after it.
  const sentences = stdout.split('\n').filter((line) => /^(the|leaves|original) /.test(line));
  expect(sentences).toHaveLength(step - 1);
});
