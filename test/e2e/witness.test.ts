import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OpenCases } from '../../workers/src/open-cases.ts';
import { Lab, whatsApp } from './lab.ts';
import { WitnessProcess } from './witness-process.ts';

/** Two labs that witness a third one's log, through the real command. */
interface Asked {
  readonly size: number;
  readonly witnesses: readonly { readonly name: string; readonly time: string }[];
  readonly silent: readonly { readonly name: string }[];
  readonly quorum: boolean | null;
  readonly entry: number;
}
interface Verdict {
  readonly ok: boolean;
  readonly anchors: {
    readonly cosignatures: readonly { size: number; statement: string; quorum: boolean | null; source: string }[];
  };
  readonly failures: readonly { readonly object: string; readonly code: string; readonly message: string }[];
}

const lab = new Lab('witness');
const running: WitnessProcess[] = [];
let path = '';
let logKey = '';
let b: WitnessProcess;
let c: WitnessProcess;

async function witness(name: string, store = name): Promise<WitnessProcess> {
  const key = lab.path(`${name}.key`);
  await lab.run('witness', 'key', '--name', `${name}.example/witness`, '--out', key);
  const started = await WitnessProcess.start({ key, store: lab.path(store), logs: [logKey], home: lab.folder });
  running.push(started);
  return started;
}

beforeAll(async () => {
  path = await lab.newCase();
  logKey = readFileSync(join(path, 'log/verifier-key'), 'utf8').trim();
  [b, c] = await Promise.all([witness('lab-b'), witness('lab-c')]);
});
afterAll(async () => {
  await Promise.all(running.map((one) => one.stop()));
  lab.remove();
});

const ask = (...flags: readonly string[]) => ['witness', 'ask', '--case', path, ...flags];

async function verify(place: string, ...flags: readonly string[]): Promise<Verdict & { readonly code: number }> {
  const { code, stdout } = await lab.run('verify', place, '--no-keys', '--no-memory', '--json', ...flags);
  return { ...(JSON.parse(stdout) as Verdict), code };
}

/** A policy file: both, or any of the two. */
function policyFile(threshold: string, witnesses: readonly WitnessProcess[], withUrls = true): string {
  const lines = witnesses.map(({ line }, i) => `witness w${i} ${line.witness}${withUrls ? ` ${line.listening}` : ''}`);
  const names = witnesses.map((_, i) => `w${i}`).join(' ');
  const file = lab.path(`policy-${threshold}-${witnesses.length}`);
  writeFileSync(
    file,
    `# invented\nlog ${logKey}\n${lines.join('\n')}\ngroup all-labs ${threshold} ${names}\nquorum all-labs\n`,
  );
  return file;
}

describe('witnesses', () => {
  it('cosign a case, and the case keeps it', async () => {
    const asked = await lab.json<Asked>(...ask('--witness', b.address, '--witness', c.address));
    expect(asked).toMatchObject({ size: 3, silent: [], quorum: null, entry: 3 });
    expect(asked.witnesses.map((one) => one.name)).toEqual(['lab-b.example/witness', 'lab-c.example/witness']);
    const found = await verify(path);
    expect(found).toMatchObject({
      code: 0,
      anchors: { cosignatures: [{ size: 3, quorum: null, source: 'self-asserted' }] },
    });
    expect(found.anchors.cosignatures[0]?.statement).toContain('2 witness(es) stated that the first 3 entries');
  });

  it('are asked under a policy, which decides how many are enough', async () => {
    const asked = await lab.json<Asked>(...ask('--policy', policyFile('all', [b, c])));
    expect(asked).toMatchObject({ size: 4, quorum: true });
    const met = await verify(path, '--policy', policyFile('2', [b, c], false));
    expect(met).toMatchObject({
      code: 0,
      anchors: { cosignatures: [{ quorum: true, source: 'pinned' }, { quorum: true }] },
    });
    const stranger = lab.path('stranger.key');
    const { witness: unknown } = await lab.json<{ witness: string }>(
      'witness',
      'key',
      '--name',
      'd.example/w',
      '--out',
      stranger,
    );
    const third = { line: { listening: 'http://127.0.0.1:9/', witness: unknown } } as WitnessProcess;
    const unmet = await verify(path, '--policy', policyFile('all', [b, c, third], false));
    expect(unmet.failures.map((one) => one.code)).toEqual(['WITNESS_QUORUM_MISSING']);
    expect(unmet.code).toBe(3);
    const some = await lab.run(...ask('--policy', policyFile('any', [b, third]), '--json'));
    expect({ code: some.code, ...(JSON.parse(some.stdout) as Asked) }).toMatchObject({
      code: 0,
      quorum: true,
      silent: [{ name: 'd.example/w' }],
    });
  });

  it('that do not know the log, or are away, are said to be', async () => {
    const other = await lab.newCase('other');
    const asked = await lab.run('witness', 'ask', '--case', other, '--witness', b.address);
    expect(asked).toMatchObject({ code: 5, stderr: expect.stringContaining('give it the verifier key') });
    expect(await lab.run(...ask('--witness', 'nonsense'))).toMatchObject({ code: 1 });
  });

  it('stop a restored backup from being extended', async () => {
    const backup = lab.copy(path, 'backup');
    await lab.ingest(path, join(whatsApp, 'msgstore.db.crypt12'));
    await lab.json(...ask('--witness', b.address));
    const before = readFileSync(join(backup, 'log/checkpoint'), 'utf8');
    const refused = await lab.run(...lab.ingestArgs(backup, join(whatsApp, 'msgstore.db.crypt15')), '--json');
    expect(refused).toMatchObject({ code: 3, stdout: expect.stringContaining('LOG_ROLLED_BACK') });
    expect(refused.stderr).toMatch(
      /the witness lab-b.example\/witness .* cosigned \d+ entries of this log, and here it holds 6/,
    );
    expect(await lab.run('witness', 'ask', '--case', backup, '--witness', b.address)).toMatchObject({ code: 3 });
    expect(readFileSync(join(backup, 'log/checkpoint'), 'utf8')).toBe(before);
  });

  it('stop it for a worker, too', async () => {
    const own = process.env.CUSTODY_IDENTITY;
    process.env.CUSTODY_IDENTITY = lab.identity;
    const opened = await new OpenCases().at(lab.path('backup'), 0);
    if (own === undefined) delete process.env.CUSTODY_IDENTITY;
    else process.env.CUSTODY_IDENTITY = own;
    const size = opened.ledger.size;
    await expect(opened.append([opened.draft('access', {})])).rejects.toMatchObject({ code: 'LOG_ROLLED_BACK' });
    expect(opened.ledger.size).toBe(size);
  });

  it('find a second history under the same name', async () => {
    await c.stop();
    const fork = lab.copy(lab.path('backup'), 'fork');
    // The witness that would have stopped it is away; afterwards it is asked.
    await b.stop();
    await lab.ingest(fork, join(whatsApp, 'msgstore.db.crypt15'));
    await lab.ingest(fork, join(whatsApp, 'msgstore.db.crypt14'));
    b = await witness('lab-b');
    const asked = await lab.run('witness', 'ask', '--case', fork, '--witness', b.address, '--json');
    expect(asked).toMatchObject({ code: 3, stdout: expect.stringContaining('LOG_FORKED') });
  });
});
