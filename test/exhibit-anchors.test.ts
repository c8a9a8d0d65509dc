import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { encodeVerifierKey } from '@custody/chain';
import { readZip } from '@custody/exhibit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnchoredCase } from './anchored-case.ts';
import type { ListedItem } from './e2e/lab.ts';

/** An exhibit of a case that a time-stamping authority (openssl) stamped and a witness cosigned. */
const base = new AnchoredCase();
const file = base.lab.path('exhibit.zip');
const policyOf = (key: string) => `log ${base.verifierKey}\nwitness w ${key}\nquorum w\n`;

async function exhibit(out: string): Promise<void> {
  const items = await base.lab.lines<ListedItem>('items', '--case', base.original);
  const shown = items.find(({ disposition }) => disposition === 'in-scope')?.index;
  await base.lab.json('exhibit', '--case', base.original, '--items', String(shown), '--out', out);
}

beforeAll(async () => {
  await base.build();
  await exhibit(file);
});
afterAll(() => base.remove());

const verify = async (...flags: readonly string[]) => {
  const { code, stdout } = await base.lab.run('verify', file, '--json', ...flags);
  const verdict: Record<string, unknown> = { code, ...JSON.parse(stdout) };
  return verdict;
};

describe('an exhibit of a log that others have seen', () => {
  it('brings what they state, and says that their keys came with it', async () => {
    const own = await verify();
    expect(own).toMatchObject({ code: 0, ok: true, quorum: null });
    expect(own.anchors).toEqual([
      expect.objectContaining({ tsa: base.tsa.url, witnesses: [] }),
      expect.objectContaining({ tsa: null, witnesses: [expect.objectContaining({ name: 'lab-b.example/witness' })] }),
    ]);
    expect(own.timestamps).toEqual([expect.objectContaining({ authoritySource: 'self-asserted' })]);
    const left = (own.notChecked as string[]).join('\n');
    expect(left).toContain('whose keys the witnesses’ are');
    expect(left).toContain('whose certificates the time-stamping authorities’ are');
  });

  it('holds them against the authority and the witnesses that the reader trusts', async () => {
    const policy = base.lab.path('policy');
    writeFileSync(policy, policyOf(encodeVerifierKey(base.address.key)));
    const pinned = await verify('--verifier-key', base.verifierKey, '--tsa-ca', base.tsa.ca, '--policy', policy);
    expect(pinned).toMatchObject({ code: 0, quorum: true, timestamps: [{ authoritySource: 'pinned' }] });
    expect((pinned.notChecked as string[]).join('\n')).not.toContain('whose');
    const { stdout } = await base.lab.run('verify', file, '--lang', 'de');
    expect(stdout).toContain('Zeugen       lab-b.example/witness (');
    expect(stdout).toContain('Zeit         a time-stamping authority at');
  });

  it('is refused under another authority, or where the witnesses that the reader trusts saw nothing', async () => {
    const foreign = await verify('--tsa-ca', base.tsa.authority.path('foreign.pem'));
    expect(foreign).toMatchObject({ code: 3, failures: [{ code: 'TIMESTAMP_CHAIN_INVALID' }] });
    const policy = base.lab.path('other-policy');
    const stranger = base.lab.path('stranger.key');
    const { witness } = await base.lab.json<{ witness: string }>(
      'witness',
      'key',
      '--name',
      'x.example/w',
      '--out',
      stranger,
    );
    writeFileSync(policy, policyOf(witness));
    expect(await verify('--policy', policy)).toMatchObject({ code: 3, failures: [{ code: 'WITNESS_QUORUM_MISSING' }] });
  });

  it('is verified by verify.py, time-stamp by openssl under the reader’s CA', async ({ skip }) => {
    if (spawnSync('python3', ['--version']).status !== 0) skip('python3 is not installed');
    const program = base.lab.path('verify.py');
    writeFileSync(program, (await readZip(file)).get('data/verify.py') ?? '');
    const python = (...args: readonly string[]) =>
      spawnSync('python3', ['-I', program, ...args, file], { encoding: 'utf8' });
    const pinned = python('--verifier-key', base.verifierKey, '--tsa-ca', base.tsa.ca);
    expect(pinned.stdout).toMatch(/openssl verified the time-stamp over the first \d+ entries under your CA file/);
    expect(pinned.stdout).toContain('were cosigned by lab-b.example/witness, by keys that came with the exhibit');
    expect(pinned.status).toBe(0);
    expect(python().stdout).toContain(
      'not checked  the time-stamp in anchors/1: --tsa-ca CA.pem has openssl verify it',
    );
    const foreign = python('--tsa-ca', base.tsa.authority.path('foreign.pem'));
    expect([foreign.status, foreign.stdout]).toEqual([3, expect.stringContaining('TIMESTAMP_UNTRUSTED')]);
  });

  it('is the same bytes when it is made again', async () => {
    const again = base.lab.path('again.zip');
    await exhibit(again);
    expect(readFileSync(again).equals(readFileSync(file))).toBe(true);
  });
});
