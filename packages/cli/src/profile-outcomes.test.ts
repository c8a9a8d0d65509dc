import { createCipheriv } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { program } from './program.ts';

const key = Buffer.alloc(32, 9);
const b64 = (field: string) => ({ field, encoding: 'base64' });
const decrypt = (cipher: string, more: object) => ({
  supported: { field: 'alg', values: ['one'] },
  steps: [
    { do: 'key', as: 'key', id: { field: 'kid' }, length: 32 },
    { do: 'decrypt', as: 'text', cipher, key: 'key', iv: b64('iv'), ciphertext: b64('ct'), ...more },
  ],
  inner: { kind: 'text' },
});
const record = (t: string, recipe: object) => ({
  kind: 'message',
  when: { field: 't', equals: t },
  messageId: 'id',
  recipe,
});

function sealed(t: 'gcm' | 'ctr', text: string): Record<string, string> {
  const iv = Buffer.alloc(t === 'gcm' ? 12 : 16, 3);
  const fields = { id: text, t, alg: 'one', kid: 'k', iv: iv.toString('base64') };
  if (t === 'gcm') {
    const gcm = createCipheriv('aes-256-gcm', key, iv);
    const ct = Buffer.concat([gcm.update(text), gcm.final()]).toString('base64');
    return { ...fields, ct, tag: gcm.getAuthTag().toString('base64') };
  }
  const ctr = createCipheriv('aes-256-ctr', key, iv);
  return { ...fields, ct: Buffer.concat([ctr.update(text), ctr.final()]).toString('base64') };
}

const good = sealed('gcm', 'good');
const altered = { ...good, id: 'altered', tag: Buffer.alloc(16).toString('base64') };
const keys = [{ id: 'k', hex: key.toString('hex') }];
const profile = {
  custodyProfile: 2,
  ...{ name: 'five', title: 'Five outcomes', basedOn: 'invented', platform: 'five' },
  container: { kind: 'ndjson' },
  records: [record('gcm', decrypt('aes-gcm', { tag: b64('tag') })), record('ctr', decrypt('aes-ctr', {}))],
  knownAnswers: [{ record: good, keys, expect: { outcome: 'authenticated', body: 'good' } }],
  tampered: [{ record: altered, keys, expect: { outcome: 'authentication-failed' } }],
};

let folder = '';
let said: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'custody-outcomes-'));
  said = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = 0;
  rmSync(folder, { recursive: true });
});

it('says one of five outcomes of each record', async () => {
  const rows = [
    good,
    sealed('ctr', 'nobody authenticated it'),
    altered,
    { ...good, id: 'closed', kid: 'another' },
    { ...good, id: 'newer', alg: 'two' },
  ];
  const at = (name: string, value: string) => {
    writeFileSync(join(folder, name), value);
    return join(folder, name);
  };
  const files = [
    at('five.json', JSON.stringify(profile)),
    at('dump.ndjson', rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
    at('keys.json', JSON.stringify({ keys: keys.map((one) => ({ for: 'profile:five', ...one })) })),
  ] as const;
  await program().parseAsync(['profile', 'try', files[0], files[1], '--keys', files[2], '--json'], { from: 'user' });
  const lines = said
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.slice(0, -1).map(({ row, outcome }) => [row, outcome])).toEqual([
    [1, 'authenticated'],
    [2, 'not-authenticated'],
    [3, 'authentication-failed'],
    [4, 'key-missing'],
    [5, 'unsupported'],
  ]);
  expect(lines.at(-1)).toMatchObject({ mistakes: [], firstDisagreement: { row: 3 } });
  expect(process.exitCode).toBe(2);
});
