import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Lab, whatsApp } from './lab.ts';
import { TsaServer } from './tsa-server.ts';

/** What others say about the log, through the real command: time-stamps, and what a verifier saw before. */
interface Verdict {
  readonly ok: boolean;
  readonly anchors: { readonly timestamps: readonly { statement: string; size: number; authoritySource: string }[] };
  readonly notes: readonly string[];
  readonly notChecked: readonly string[];
  readonly failures: readonly { object: string; code: string; message: string }[];
}
interface Stamped {
  readonly size: number;
  readonly entry: number;
  readonly authority: string | null;
  readonly objects: readonly [string, string, string, string];
}
interface Line {
  readonly entry: number;
  readonly kind: string;
  readonly notBefore?: string;
  readonly notAfter?: string;
}

const lab = new Lab('outside');
const tsa = new TsaServer();
let path = '';

beforeAll(async () => {
  await tsa.start();
  path = await lab.newCase();
});
beforeEach(() => {
  tsa.lie = null;
});
afterAll(() => {
  tsa.stop();
  lab.remove();
});

async function verify(place: string, ...flags: readonly string[]): Promise<Verdict & { readonly code: number }> {
  const { code, stdout } = await lab.run('verify', place, '--json', ...flags);
  return { ...(JSON.parse(stdout) as Verdict), code };
}

const stamp = (...flags: readonly string[]) => ['timestamp', '--case', path, '--tsa', tsa.url, ...flags];

describe('custody timestamp', () => {
  it('stamps the signed log, keeps the token and chains it in', async () => {
    const stamped = await lab.json<Stamped>(...stamp('--tsa-ca', tsa.ca));
    expect(stamped).toMatchObject({ size: 3, entry: 3, authority: 'CN=invented ca' });
    const [checkpoint, token] = stamped.objects.map((name) => join(path, name)) as [string, string];
    // A stranger needs nothing of ours for this.
    const args = ['ts', '-verify', '-data', checkpoint, '-in', token, '-CAfile', tsa.ca];
    expect(execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] }).toString()).toContain('OK');
    const lines = await lab.lines<Line>('log', '--case', path);
    expect(lines.map((line) => [line.entry, line.notBefore !== undefined, line.notAfter !== undefined])).toEqual([
      [0, false, true],
      [1, false, true],
      [2, false, true],
      [3, true, false],
    ]);
    await lab.json(...stamp('--tsa-ca', tsa.ca));
    const between = (await lab.lines<Line>('log', '--case', path))[3] as Line;
    expect(Date.parse(between.notBefore ?? '')).toBeLessThanOrEqual(Date.parse(between.notAfter ?? ''));
  });

  it('is verified with the case, by whoever looks and without keys', async () => {
    const own = await verify(path, '--no-keys');
    expect(own).toMatchObject({ code: 0, ok: true });
    expect(own.notChecked.join()).toContain('--crl');
    expect(own.anchors.timestamps.map((one) => [one.size, one.authoritySource])).toEqual([
      [3, 'self-asserted'],
      [4, 'self-asserted'],
    ]);
    const pinned = await verify(path, '--no-keys', '--tsa-ca', tsa.ca);
    expect(pinned.anchors.timestamps[0]?.statement).toContain(
      `a time-stamping authority at ${tsa.url}, under the supplied CA CN=invented ca, stated that the first 3 entries`,
    );
    const foreign = await verify(path, '--no-keys', '--tsa-ca', tsa.authority.path('foreign.pem'));
    expect(foreign).toMatchObject({ code: 3, ok: false });
    expect(foreign.failures.map((one) => one.code)).toEqual(['TIMESTAMP_CHAIN_INVALID', 'TIMESTAMP_CHAIN_INVALID']);
    const { stdout } = await lab.run('status', '--case', path);
    expect(stdout).toContain('stated that the first 4 entries');
  });

  it('is held against revocation lists that the reader brings, and says where there were none', async () => {
    const soon = Math.floor(Date.now() / 1000) + 3600;
    const check = (list: Buffer | string) => {
      writeFileSync(lab.path('list.crl'), list);
      return verify(path, '--no-keys', '--tsa-ca', tsa.ca, '--crl', lab.path('list.crl'));
    };
    const clean = await check(tsa.authority.revocationList({ made: soon }));
    expect(clean).toMatchObject({ code: 0, anchors: { timestamps: [{ revocation: [{ state: 'not revoked' }] }, {}] } });
    expect(clean.notChecked.join()).not.toContain('revoked');
    const revoked = await check(tsa.authority.revocationList({ made: soon, at: soon, reason: 'keyCompromise' }));
    expect(revoked.code).toBe(3);
    expect(new Set(revoked.failures.map((one) => one.code))).toEqual(new Set(['TIMESTAMP_SIGNER_REVOKED']));
  });

  it('keeps no token that does not hold, and says why', async () => {
    const before = await lab.lines<Line>('log', '--case', path);
    const old = tsa.authority.answer(readFileSync(tsa.authority.path('request.tsq')));
    tsa.lie = () => old;
    expect(await lab.run(...stamp('--tsa-ca', tsa.ca))).toMatchObject({ code: 3 });
    tsa.lie = () => Buffer.from('no token');
    expect(await lab.run(...stamp())).toMatchObject({ code: 3, stderr: expect.stringContaining('not a time-stamp') });
    tsa.lie = null;
    const foreign = await lab.run(...stamp('--tsa-ca', tsa.authority.path('foreign.pem')));
    expect(foreign).toMatchObject({ code: 3, stderr: expect.stringContaining('no certificate supplied as authority') });
    expect(await lab.run(...stamp('--policy', '1.2.3.4'))).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('refused'),
    });
    const nobody = await lab.run('timestamp', '--case', path, '--tsa', 'http://127.0.0.1:9/tsa');
    expect(nobody).toMatchObject({ code: 5 });
    expect(await lab.run('timestamp', '--case', path, '--tsa', 'file:///etc/passwd')).toMatchObject({ code: 1 });
    expect(await lab.lines<Line>('log', '--case', path)).toEqual(before);
    const soon = Math.floor(Date.now() / 1000) + 3600;
    const list = lab.path('list.crl');
    // What was known when it was made is kept with it.
    writeFileSync(list, tsa.authority.revocationList({ made: soon }));
    const { objects } = await lab.json<Stamped>(...stamp('--tsa-ca', tsa.ca, '--crl', list));
    expect(objects.join()).toContain('/revocation.crl');
    const { timestamps } = (await verify(path, '--no-keys')).anchors;
    expect(timestamps.at(-1)?.statement).toContain('none of its certificates was revoked');
  });
});

describe('the published view of a case', () => {
  it('is missed, not held against it, and made again by resume', async () => {
    const lane = lab.copy(path, 'unpublished');
    const before = readFileSync(join(lane, 'log/checkpoint'), 'utf8');
    for (const name of ['log/checkpoint', 'log/tile']) rmSync(join(lane, name), { recursive: true });
    const missed = await verify(lane, '--no-keys', '--no-memory');
    expect(missed).toMatchObject({ code: 0, ok: true });
    expect(missed.notes.join()).toContain('the published view of the log (log/checkpoint, log/tile) is not complete');
    await lab.json('resume', '--case', lane);
    expect(readFileSync(join(lane, 'log/checkpoint'), 'utf8')).toBe(before);
    expect((await verify(lane, '--no-keys', '--no-memory')).notes).toEqual([]);
  });
});

describe('custody verify remembers what it saw', () => {
  it('tells a first look from a later one', async () => {
    const stranger = lab.person('stranger');
    const look = async () => JSON.parse((await stranger.run('verify', path, '--json')).stdout) as Verdict;
    expect((await look()).notChecked.join()).toContain('first time');
    expect((await look()).notes.join()).toContain('the log extends the 6 entries that you verified');
  });

  it('finds an older copy put back, which is whole in itself', async () => {
    const older = lab.copy(path, 'older');
    await lab.ingest(path, join(whatsApp, 'msgstore.db.crypt12'));
    expect((await verify(path)).code).toBe(0);
    const found = await verify(older);
    expect(found).toMatchObject({ code: 3, ok: false, failures: [{ object: 'log', code: 'LOG_ROLLED_BACK' }] });
    expect(found.failures[0]?.message).toMatch(/its end was cut off, or an older copy was put in its place/);
    expect((await verify(older, '--no-memory')).code).toBe(0);
  });

  it('finds two logs signed under one name, and a checkpoint kept elsewhere proves it', async () => {
    const fork = lab.copy(lab.path('older'), 'fork');
    await lab.ingest(fork, join(whatsApp, 'msgstore.db.crypt15'));
    const known = join(lab.folder, 'checkpoint');
    cpSync(join(path, 'log/checkpoint'), known);
    expect((await verify(path, '--no-memory', '--checkpoint', known)).code).toBe(0);
    const forked = await verify(fork, '--no-memory', '--checkpoint', known);
    expect(forked).toMatchObject({ code: 3, failures: [{ object: 'log', code: 'LOG_FORKED' }] });
    expect((await verify(fork)).failures.map((one) => one.code)).toEqual(['LOG_FORKED']);
    const other = await lab.newCase('other');
    expect((await verify(other, '--checkpoint', known)).failures.map((one) => one.code)).toEqual([
      'CHECKPOINT_SIGNATURE_MISSING',
    ]);
  });

  it('is no less careful when its memory is damaged', async () => {
    const careless = lab.person('careless');
    await careless.run('verify', path);
    const seen = join(careless.folder, 'home/.config/custody/seen');
    const [file] = execFileSync('ls', [seen]).toString().trim().split('\n') as [string];
    writeFileSync(join(seen, file), '{"size": 1}');
    expect(await careless.run('verify', path)).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('ANCHOR_MALFORMED'),
    });
    rmSync(seen, { recursive: true });
    writeFileSync(seen, 'a file where the folder should be');
    expect(await careless.run('verify', path)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('not remembered'),
    });
  });
});
