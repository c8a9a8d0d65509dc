import { expect, it } from 'vitest';
import { MemoryScratch } from '../../testing/memory-scratch.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { checkProfile } from './check-profile.ts';
import { tryProfile } from './try-profile.ts';

const record = {
  kind: 'message',
  messageId: 'id',
  conversation: 'chat',
  sender: { field: 'who', type: 'username' },
  sentAt: { field: 'at', format: 'iso8601', zone: 'UTC', clock: 'server' },
  body: 'text',
};
const sound = {
  custodyProfile: 2,
  name: 'own',
  title: 't',
  basedOn: 'invented',
  platform: 'own',
  container: { kind: 'ndjson' },
  records: [record],
  knownAnswers: [{ record: { id: '1', text: 'x' }, expect: { outcome: 'unsealed', body: 'x' } }],
};

const check = (profile: object) => checkProfile(Buffer.from(JSON.stringify(profile)));

it('tells mistakes of form, of meaning and of the cases in one pass', () => {
  const recipe = {
    steps: [
      { do: 'take', as: 'env', from: { field: 'env', encoding: 'base46' } },
      { do: 'decrypt', as: 'text', cipher: 'aes-gcm', key: 'key', ciphertext: 'env' },
    ],
    inner: { kind: 'text' },
  };
  const broken = {
    ...sound,
    extra: 1,
    records: [
      { ...record, when: { field: 't', equals: 'a' }, sentAt: { ...record.sentAt, zone: 'Europe/Nowhere' } },
      { ...record, body: undefined, recipe },
    ],
    knownAnswers: undefined,
  };
  const { mistakes, usable } = check(broken);
  const paths = mistakes.map((line) => line.slice(0, line.indexOf(':')));
  for (const path of [
    ...['/', '/knownAnswers', '/tampered', '/records/0/sentAt/zone'],
    ...['/records/1/recipe/steps/0/from/encoding', '/records/1/recipe/steps/1', '/records/1/recipe/steps/1/key'],
  ]) {
    expect(paths).toContain(path);
  }
  expect(new Set(mistakes).size).toBe(mistakes.length);
  expect(usable).toBeNull();
});

it('runs the cases whatever else is wrong, and passes over those that have mistakes of their own', () => {
  const { mistakes, usable } = check({
    ...sound,
    extra: 1,
    knownAnswers: [
      { record: { id: '1', text: 'x' }, expect: { outcome: 'unsealed', body: 'y' } },
      { record: { id: '1', text: 'x' }, expect: { outcome: 'good' } },
    ],
  });
  expect(mistakes.map((line) => line.replace(/one of.*/, 'one of'))).toEqual([
    '/: unknown key "extra"',
    '/knownAnswers/1/expect/outcome: must be one of',
    '/knownAnswers/0/expect/body: it is "x"',
  ]);
  expect(usable).not.toBeNull();
});

it('never falls over a profile, whatever stands where a part should', () => {
  const wrong = [null, 1, 'x', [], {}, [null], [{}], { kind: 'csv' }, { steps: null }];
  const places = ['container', 'records', 'knownAnswers', 'tampered', 'custodyProfile', 'name'] as const;
  for (const place of places) {
    for (const value of wrong) expect(Array.isArray(check({ ...sound, [place]: value }).mistakes)).toBe(true);
  }
  for (const name of ['recipe', 'sealed', 'sentAt', 'sender', 'recipients', 'when', 'inner', 'sequence']) {
    for (const value of wrong) {
      const records = [{ ...record, [name]: value }];
      expect(check({ ...sound, records, container: { kind: 'xlsx' } }).hash).toBeNull();
      const recipe = { steps: [{ do: 'take', as: 'a', from: value }, value], inner: value, [name]: value };
      expect(check({ ...sound, records: [{ ...record, recipe }] }).mistakes.length).toBeGreaterThan(0);
    }
  }
});

it('tries a profile that has mistakes in its cases, and names what no row and which first row does not bear out', async () => {
  const { usable } = check({ ...sound, knownAnswers: undefined });
  const rows = ['2024-01-01T10:00:00Z', '31/12/2023', '1.1.24'].map((at, i) =>
    JSON.stringify({ id: `${i}`, who: 'A', text: 't', at }),
  );
  const source = memorySource(Buffer.from(`${rows.join('\n')}\n`));
  const context = { keyring: { keys: [] }, scratch: new MemoryScratch() };
  if (usable === null) throw new Error('refused');
  const { disagreements } = await tryProfile({ name: 'd', source }, usable, { rows: 100, context });
  expect(disagreements).toEqual([
    { path: '/records/0/conversation', row: null, detail: 'none of 3 record(s) has a value in "chat"' },
    {
      path: '/records/0/sentAt/format',
      row: 2,
      detail: '2 of 3 time(s) are not read as iso8601; the first is "31/12/2023"',
    },
  ]);
});
