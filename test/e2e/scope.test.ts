import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLines } from '../run-custody.ts';
import { type Ingested, Lab, type ListedItem, WHATSAPP_WARRANT, whatsApp } from './lab.ts';

const lab = new Lab('scope');
/** Holds `evidence` and `log`: an analyst. */
const analyst = lab.person('analyst');
/** Holds `evidence` alone: whatever this person does could not be recorded. */
const unrecorded = lab.person('unrecorded');
/** Holds nothing. */
const stranger = lab.person('stranger');
const LAWYER = '+12025550143';
const capture = join(whatsApp, 'msgstore.db.crypt15');
let path = '';
let result: Ingested;
let all: ListedItem[] = [];

interface LogLine {
  readonly entry: number;
  readonly kind: string;
  readonly authority?: string;
  readonly reason?: string;
  readonly subject?: { readonly act?: string };
  readonly detail?: { readonly why?: string };
}

beforeAll(async () => {
  const recipient = async (who: Lab) => (await who.json<{ recipient: string }>('operator')).recipient;
  const [a, u] = [await recipient(analyst), await recipient(unrecorded)];
  await recipient(stranger);
  const held = [`evidence=${a}`, `log=${a}`, `evidence=${u}`].flatMap((one) => ['--recipient', one]);
  path = await lab.newCase('case', ...held);
  result = await lab.ingest(path, capture);
  all = await lab.lines<ListedItem>('items', '--case', path);
});
afterAll(() => lab.remove());

const log = () => lab.lines<LogLine>('log', '--case', path);
const refusals = async () => (await log()).filter(({ kind }) => kind === 'refuse');

describe('items the authority leaves out', () => {
  it('are committed and counted', () => {
    const of = (disposition: string) => all.filter((item) => item.disposition === disposition).length;
    const { inScope, outOfScope, privileged, undecided } = result;
    expect([
      of('in-scope'),
      of('out-of-scope'),
      of('potentially-privileged') + of('privileged'),
      of('undecided'),
    ]).toEqual([inScope, outOfScope, privileged, undecided]);
    for (const count of [inScope, outOfScope, privileged]) expect(count).toBeGreaterThan(20);
    expect(undecided).toBeGreaterThan(5);
    expect(all).toHaveLength(result.items);
  });

  it('are counted for an analyst and shown by number only', async () => {
    const status = await analyst.json<{ captures: { derivations: { totals: Record<string, number> }[] }[] }>(
      'status',
      '--case',
      path,
    );
    const { inScope, outOfScope, privileged, undecided } = result;
    expect(status.captures[0]?.derivations[0]?.totals).toMatchObject({ inScope, outOfScope, privileged, undecided });
    const items = await analyst.lines<ListedItem>('items', '--case', path);
    expect(items.map(({ index }) => index)).toEqual(
      all.filter(({ disposition }) => disposition === 'in-scope').map(({ index }) => index),
    );
  });

  it('are not in the index: no query finds them, whoever asks', async () => {
    const inScope = new Set(all.filter(({ disposition }) => disposition === 'in-scope').map(({ index }) => index));
    for (const who of [lab, analyst]) {
      const lawyer = await who.lines<{ index: number }>('query', '--case', path, '--party', LAWYER);
      expect(lawyer).toEqual([]);
      const hits = await who.lines<{ index: number }>('query', '--case', path, '--from', '2020-01-01');
      const dated = all.filter(({ index, sentAt }) => inScope.has(index) && sentAt !== null);
      expect(hits).toHaveLength(dated.length);
      expect(hits.every(({ index }) => inScope.has(index))).toBe(true);
    }
  });

  it.each(['out-of-scope', 'undecided', 'privileged'])('%s: cannot be disclosed, exit 4', async (disposition) => {
    const item = all.find((one) => one.disposition.endsWith(disposition)) as ListedItem;
    for (const who of [lab, analyst]) {
      const out = lab.path(`${disposition}.zip`);
      const { code, stderr } = await who.run('exhibit', '--case', path, '--items', String(item.index), '--out', out);
      expect({ code, made: existsSync(out) }, stderr).toEqual({ code: 4, made: false });
    }
  });

  it('do not come along as context', async () => {
    const neighbour = all.find(
      (item, i) => item.disposition === 'in-scope' && all[i - 1]?.disposition.endsWith('privileged'),
    ) as ListedItem;
    const out = lab.path('context.zip');
    await analyst.json('exhibit', '--case', path, '--items', String(neighbour.index), '--context', '5', '--out', out);
    const bytes = readFileSync(out).toString('latin1');
    const withheld = all.filter(({ disposition }) => disposition !== 'in-scope');
    const telling = withheld.map(({ messageId }) => messageId).filter((id) => (id?.length ?? 0) > 12);
    expect(telling.length).toBeGreaterThan(100);
    for (const id of telling) {
      expect(bytes.includes(id as string)).toBe(false);
      expect(bytes.includes(Buffer.from(id as string).toString('hex'))).toBe(false);
    }
    expect((await stranger.run('verify', out)).code).toBe(0);
  });

  it('are sealed apart: age alone opens evidence for the analyst, and nothing else', ({ skip }) => {
    if (spawnSync('age', ['--version']).error !== undefined) skip('age is not installed');
    const open = (name: string) =>
      spawnSync('age', ['-d', '-i', analyst.identity, join(path, 'keys', name)], { encoding: 'utf8' });
    expect(open('evidence-1').stdout).toMatch(/^AGE-SECRET-KEY-1/);
    expect(open('log-1').status).toBe(0);
    for (const name of ['withheld-1', 'privileged-1', 'source-1']) expect(open(name).status).not.toBe(0);
  });
});

describe('who may not', () => {
  it.each([
    ['items', []],
    ['findings', []],
    ['query', ['--type', 'iban']],
  ])('%s without the right to be recorded: exit 4, nothing shown, nothing appended', async (verb, flags) => {
    const before = (await log()).length;
    const { code, stdout, stderr } = await unrecorded.run(verb, '--case', path, ...flags, '--json');
    expect(code).toBe(4);
    expect(readLines<object>(stdout)).toEqual([{ error: expect.objectContaining({ code: 'NO_RIGHTS' }) }]);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect((await log()).length).toBe(before);
  });

  it('exhibit without the right to be recorded: exit 4, and no file is left', async () => {
    const out = lab.path('unrecorded.zip');
    const item = all.find(({ disposition }) => disposition === 'in-scope') as ListedItem;
    const args = ['exhibit', '--case', path, '--items', String(item.index), '--out', out];
    expect((await unrecorded.run(...args)).code).toBe(4);
    expect(existsSync(out)).toBe(false);
  });

  it('a stranger sees nothing, and can verify', async () => {
    for (const verb of ['items', 'findings', 'status']) {
      const { stdout, code } = await stranger.run(verb, '--case', path, '--json');
      expect(stdout).not.toContain('"body"');
      if (verb !== 'status') expect(code).toBe(4);
    }
    expect((await stranger.run('verify', path)).code).toBe(0);
  });

  it('an analyst cannot take captures in, and the attempt is recorded', async () => {
    expect((await analyst.run(...analyst.ingestArgs(path, join(whatsApp, 'msgstore.db.crypt14')))).code).toBe(4);
    const { stdout } = await lab.run('log', '--case', path, '--json');
    const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as object;
    expect(last).toMatchObject({
      kind: 'refuse',
      subject: { act: 'ingest' },
      detail: { why: expect.stringContaining('source') },
    });
  });
});

describe('a refused act', () => {
  const ingest = (...flags: readonly string[]) =>
    lab.run(
      'ingest',
      '--case',
      path,
      '--no-supplier-hash',
      '--keys',
      join(whatsApp, 'keyring.json'),
      ...flags,
      capture,
    );

  /** Records warrants that differ from the fixture's. */
  async function warrant(id: string, change: object): Promise<void> {
    const text = JSON.parse(readFileSync(join(whatsApp, 'warrant.json'), 'utf8')) as object;
    const file = lab.path(`${id}.json`);
    writeFileSync(file, JSON.stringify({ ...text, ...change, id }));
    await lab.json('warrant', '--case', path, 'add', file);
  }

  it.each([
    ['under no authority', 'W-UNKNOWN', {}, []],
    ['acquired after the authority ended', WHATSAPP_WARRANT, null, ['--acquired-at', '2026-01-01T00:00:00Z']],
    ['by somebody it does not grant', 'W-GRANTED', { grantees: ['Somebody Else'] }, []],
    ['after the time for examination', 'W-LATE', { examineUntil: '2024-12-31' }, []],
  ])('%s: exit 4, one line, recorded with the reason', async (_name, id, change, flags) => {
    if (change !== null && Object.keys(change).length > 0) await warrant(id, change);
    const before = await refusals();
    const { code, stderr } = await ingest('--warrant', id, ...flags);
    expect(code).toBe(4);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    const after = await refusals();
    expect(after).toHaveLength(before.length + 1);
    expect(after.at(-1)).toMatchObject({ subject: { act: 'ingest' }, detail: { why: expect.stringContaining(id) } });
  });

  it('of a disclosure is recorded, too', async () => {
    const acts = (await refusals()).map(({ subject }) => subject?.act);
    expect(acts.filter((act) => act === 'exhibit').length).toBeGreaterThanOrEqual(3);
  });

  it('a look is recorded with its reason before it is shown', async () => {
    await lab.lines('items', '--case', path, '--kind', 'call', '--reason', 'chasing the harbour calls');
    expect((await log()).filter(({ reason }) => reason === 'chasing the harbour calls')).toMatchObject([
      { kind: 'access' },
    ]);
  });
});
