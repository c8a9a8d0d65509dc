import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { expectSchema } from '../../../test/schema-of.ts';
import { program } from './program.ts';

const scenario = fileURLToPath(new URL('../../../fixtures/sky-like/', import.meta.url));
let folder = '';
let said: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'custody-profile-'));
  said = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = 0;
  rmSync(folder, { recursive: true });
});

async function custody(...args: string[]): Promise<{ lines: string[]; exit: unknown }> {
  await program().parseAsync(args, { from: 'user' });
  return { lines: said.join('').trimEnd().split('\n'), exit: process.exitCode };
}

it('checks a profile, and lists every mistake of a broken one', async () => {
  const good = await custody('profile', 'check', join(scenario, 'delivery-1/delivery-1.sql.profile.json'), '--json');
  expect(JSON.parse(good.lines[0] as string)).toMatchObject({ profile: 'sky-like-sql', mistakes: [] });
  expectSchema(
    'profile-check',
    good.lines.map((line) => JSON.parse(line)),
  );
  const text = readFileSync(join(scenario, 'delivery-1/delivery-1.sql.profile.json'), 'utf8');
  const broken = join(folder, 'p.json');
  writeFileSync(broken, text.replace('"sha256"', '"sha0"').replace('"aes-gcm"', '"rot13"'));
  said = [];
  const bad = await custody('profile', 'check', broken);
  expect(bad.exit).toBe(1);
  expect(bad.lines.join('\n')).toContain('/records/0/recipe/steps/3/hash: must be one of sha1');
  expect(bad.lines.join('\n')).toContain('/records/0/recipe/steps/4/cipher: must be one of aes-gcm');
});

it('tries a profile on a dump: outcomes, the first row that disagrees, what nobody reads', async () => {
  const keys = join(scenario, 'keyring.json');
  const dump = join(scenario, 'delivery-2/delivery-2.csv');
  const profile = join(scenario, 'delivery-2/delivery-2.csv.profile.json');
  const tried = await custody('profile', 'try', profile, dump, '--keys', keys, '--rows', '100', '--json');
  const end = JSON.parse(tried.lines.at(-1) as string);
  expect(tried.lines).toHaveLength(101);
  expectSchema(
    'profile-try',
    tried.lines.map((line) => JSON.parse(line)),
  );
  expect(end).toMatchObject({
    records: 100,
    outcomes: { authenticated: 99, 'authentication-failed': 1 },
    firstDisagreement: { row: 81, outcome: 'authentication-failed' },
    unused: [],
  });
  expect(tried.exit).toBe(2);
});

it('drafts a profile that says what is still to be said, and writes over nothing', async () => {
  const dump = join(folder, 'd.csv');
  writeFileSync(dump, 'id;from;to;time;env\n1;A;B;2024-01-01 10:00:00;AAAA\n');
  const out = join(folder, 'new.json');
  await custody('profile', 'new', dump, '--out', out);
  expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({
    custodyProfile: 2,
    container: { kind: 'csv', delimiter: ';' },
  });
  await expect(custody('profile', 'new', dump, '--out', out)).rejects.toThrow('is there already');
  said = [];
  const { lines } = await custody('profile', 'new', dump, '--json');
  expectSchema(
    'profile-new',
    lines.map((line) => JSON.parse(line)),
  );
  said = [];
  expect((await custody('profile', 'check', out)).lines.join('\n')).toContain(
    '/knownAnswers: give at least one record',
  );
});
