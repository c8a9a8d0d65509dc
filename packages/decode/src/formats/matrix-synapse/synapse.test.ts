import type { Finding, Item } from '@custody/evidence';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SuppliedKey } from '../../keyring.ts';
import { detectFormat, probeOf } from '../../registry.ts';
import { decodeAll } from '../../testing/decode-all.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { writeKeyExport } from '../matrix/testing/write-keys.ts';
import { openBackups } from './backup-keys.ts';
import { matrixSynapse } from './index.ts';
import { STORAGE_PASSPHRASE, TOKEN, writeDump } from './testing/write-dump.ts';

const IS_LONG = process.env.CUSTODY_LONG === '1';
const written = writeDump('copy');
const passphrase = (value: string = STORAGE_PASSPHRASE): SuppliedKey[] => [
  { for: 'matrix-passphrase', passphrase: value, source: 'keyring.json' },
];

function decode(bytes: Uint8Array, keys: readonly SuppliedKey[] = passphrase()) {
  return decodeAll(matrixSynapse, { name: 'synapse.sql', source: memorySource(bytes) }, { keys, combine: true });
}

const texts = (items: readonly Item[]) =>
  items.flatMap(({ kind, body }) =>
    (kind === 'message' || kind === 'edit') && body !== null ? [new TextDecoder().decode(body)] : [],
  );
const codes = (findings: readonly Finding[]) =>
  findings
    .filter(
      (one) => one.code !== 'NOT_COVERED' && one.code !== 'CREDENTIAL_WITHHELD' && one.code !== 'REFERENCED_BUT_ABSENT',
    )
    .map(({ code }) => code);
const ALL = ['Hello Bob', 'Hello, Bob', 'Hello Ann \u{1f44b}', 'photo.jpg', 'In the thread', 'To be taken back'];

it.each(['copy', 'insert', 'sqlite'] as const)(
  'opens a dump (%s) with nothing but the passphrase of secret storage',
  async (form) => {
    const dump = writeDump(form);
    expect(detectFormat(probeOf('any.sql', memorySource(dump.bytes)))[0]).toMatchObject({
      format: { name: 'matrix-synapse' },
      claim: { confidence: 'certain' },
    });
    const { items, findings, counts } = await decode(dump.bytes);
    expect(texts(items)).toEqual(ALL);
    expect(codes(findings)).toEqual([]);
    expect(counts).toEqual({ records: 15, decoded: 15, lost: 0, notCovered: 0 });
    const events = items.filter(({ fields }) => fields?.get('table') === 'event_json');
    expect(events.map(({ messageId }) => messageId)).toEqual(dump.room.events.map(({ id }) => id));
    for (const { fields } of events) {
      expect(fields?.get('event_id_check')).toBe('equal');
      expect(fields?.get('content_hash_check')).toBe('equal');
      // SQLite's binary value is read as text.
      if (form !== 'sqlite') expect(fields?.get('server_signature_check')).toBe('verified');
    }
    const [hello] = items.filter(({ messageId }) => messageId === dump.room.ids.hello);
    expect(hello?.fields?.get('key_source')).toBe('backup');
    expect(hello?.authentication?.result).toBe('verified');
    expect(items.find(({ messageId }) => messageId === dump.room.ids.thread)?.fields?.get('rejected')).toBe(
      'auth_error',
    );
  },
);

it('shows accounts and devices, and no token or password', async () => {
  const { items, findings } = await decode(written.bytes);
  expect(items.find(({ kind }) => kind === 'device')).toMatchObject({
    owner: { type: 'matrix', value: '@ann:chat.example' },
  });
  expect(items.find(({ kind }) => kind === 'device')?.fields?.get('display_name')).toBe("Ann's\tphone");
  expect(items.find(({ kind }) => kind === 'account')?.fields?.has('password_hash')).toBe(false);
  expect(JSON.stringify([items.map(({ fields }) => [...(fields ?? [])]), findings])).not.toContain(TOKEN);
  expect(findings.filter(({ code }) => code === 'CREDENTIAL_WITHHELD').map(({ records }) => records)).toEqual([1, 0]);
  const notCovered = findings
    .filter(({ code }) => code === 'NOT_COVERED')
    .reduce((sum, { records }) => sum + (records ?? 0), 0);
  expect(notCovered).toBe(1 + 3 + 2 + 1 + 12 + 1 + 1 + 1);
});

it('opens with the recovery key, the key of the backup, or an export, as well', async () => {
  const { backup, room, bytes } = written;
  const ways: SuppliedKey[] = [
    { for: 'matrix-recovery-key', passphrase: backup.recoveryKey, source: 'keyring.json' },
    { for: 'matrix-backup-key', bytes: backup.secret, source: 'keyring.json' },
    { for: 'matrix-backup-key', passphrase: backup.secret.toString('base64'), source: 'keyring.json' },
    {
      for: 'matrix-key-export',
      bytes: Buffer.from(writeKeyExport(room.sessions, 'x')),
      passphrase: 'x',
      source: 'keys.txt',
    },
    { ...(passphrase()[0] as SuppliedKey), id: '@ann:chat.example' },
  ];
  for (const key of ways) expect(texts((await decode(bytes, [key])).items), key.for).toEqual(ALL);
});

it('tells a wrong passphrase, a mistyped recovery key and a damaged secret from one another', async () => {
  const wrong = await decode(written.bytes, passphrase('another'));
  expect(texts(wrong.items)).toEqual([]);
  expect(codes(wrong.findings)).toEqual(['KEY_NOT_VERIFIED', 'KEY_MISSING', 'KEY_MISSING']);
  expect(wrong.counts.lost).toBe(6);
  const mistyped = written.backup.recoveryKey.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'));
  const typo = await decode(written.bytes, passphrase(mistyped));
  expect(typo.findings[0]?.detail).toContain('parity');
  const text = written.bytes.toString();
  const secret = /"m.megolm_backup.v1"|m\.megolm_backup\.v1\t.*?"ciphertext":"(.)/.exec(text);
  const at = (secret?.index ?? 0) + (secret?.[0].length ?? 0) - 1;
  const damaged = Buffer.from(text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1));
  expect(codes((await decode(damaged)).findings)[0]).toBe('KEY_PROVEN_THEN_DAMAGE');
});

it('cut anywhere says so, and gives what stands before', async () => {
  const { bytes } = written;
  const whole = texts((await decode(bytes)).items);
  const from = bytes.indexOf('COPY public.event_json');
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: from, max: bytes.length - 60 }), async (end) => {
      const keys = [
        {
          for: 'matrix-key-export',
          bytes: Buffer.from(writeKeyExport(written.room.sessions, 'x', 1)),
          passphrase: 'x',
          source: 'k',
        },
      ];
      const { items, findings, counts } = await decode(bytes.subarray(0, end), keys);
      expect(codes(findings)).toContain('TRUNCATED');
      expect(counts.records).toBe(counts.decoded + (counts.lost ?? 0));
      expect(whole.slice(0, texts(items).length)).toEqual(texts(items));
    }),
    { numRuns: IS_LONG ? 200 : 10, seed: 8 },
  );
}, 120_000);

it.each(['copy', 'insert'] as const)(
  'with any bit flipped (%s) gives nothing that was not written, and does not hang',
  async (form) => {
    const { bytes } = form === 'copy' ? written : writeDump(form);
    // A changed relation makes a message of an edit: its text for clients that know no edits was written as well.
    const whole = new Set([...ALL, '* Hello, Bob']);
    const rows = bytes.indexOf(form === 'copy' ? 'COPY public.event_json' : 'INSERT INTO public.event_json');
    const from = bytes.indexOf('\n', rows) + 1;
    const until = bytes.indexOf('CREATE TABLE public.event_edges');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: from, max: until }), fc.nat(7), async (at, bit) => {
        const damaged = Buffer.from(bytes);
        damaged[at] = (damaged[at] as number) ^ (1 << bit);
        const { items, findings } = await decode(damaged);
        for (const text of texts(items)) expect(whole).toContain(text);
        // A changed line end costs two rows, a changed end of a table what follows in it.
        expect(texts(items).length).toBeGreaterThanOrEqual(ALL.length - 2);
        if (texts(items).length < ALL.length) expect(findings.some((one) => one.class !== 'note')).toBe(true);
      }),
      { numRuns: IS_LONG ? 500 : 12, seed: 8 },
    );
  },
  120_000,
);

it('takes the passphrase of an export apart from the file, and says which table is what', async () => {
  const keys: SuppliedKey[] = [
    { for: 'file', bytes: Buffer.from(writeKeyExport(written.room.sessions, 'x')), source: 'keys.txt' },
    { for: 'matrix-key-export', passphrase: 'x', source: 'keyring.json' },
  ];
  const { items, findings } = await decode(written.bytes, keys);
  expect(texts(items)).toEqual(ALL);
  expect(codes(findings)).toEqual([]);
  expect(findings.find(({ locator }) => locator?.path.endsWith('!event_edges'))?.detail).toContain('beside them');
});

it('bounds what a dump can make it compute', () => {
  const description = {
    algorithm: 'm.secret_storage.v1.aes-hmac-sha2',
    passphrase: { algorithm: 'm.pbkdf2', iterations: 1000, salt: 'x' },
  };
  const data = new Map(Array.from({ length: 5000 }, (_, i) => [`m.secret_storage.key.${i}`, description]));
  const accounts = new Map([['@ann:chat.example', data]]);
  const secrets = [{ value: 'x', user: null, source: 'keyring.json' }];
  const { findings } = openBackups('x.sql', secrets, { accounts, versions: new Map(), mostIterations: 20_000 });
  expect(codes(findings)).toEqual(['LIMIT_EXCEEDED', 'KEY_NOT_VERIFIED']);
});
