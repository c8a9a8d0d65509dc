import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readKeyring } from './keyring.ts';
import { openMessage } from './open-message.ts';

/** GnuPG writes what we read; it is an oracle of tests only, as it keeps keys on disk. */
const hasGnupg = spawnSync('gpg', ['--version']).status === 0;
// Its agent and key generation take seconds.
const isLong = process.env.CUSTODY_LONG === '1';
if (isLong && !hasGnupg) console.warn('skipped: OpenPGP messages written by GnuPG: there is no gpg');

describe.skipIf(!hasGnupg || !isLong)('messages written by GnuPG', () => {
  const home = mkdtempSync(join(tmpdir(), 'custody-gpg-'));
  afterAll(() => {
    spawnSync('gpgconf', ['--homedir', home, '--kill', 'all']);
    rmSync(home, { recursive: true, force: true });
  });
  const gpg = (args: readonly string[], input: string | Uint8Array = '') =>
    new Uint8Array(
      execFileSync(
        'gpg',
        ['--homedir', home, '--batch', '--quiet', '--no-tty', '--pinentry-mode', 'loopback', ...args],
        {
          input,
          stdio: ['pipe', 'pipe', 'ignore'],
        },
      ),
    );
  const TEXT = 'bericht ✔ '.repeat(400);

  const runs: readonly (readonly [string, string])[] = [
    ['AES256', 'bzip2'],
    ['TWOFISH', 'zlib'],
    ['CAMELLIA192', 'zip'],
    ['BLOWFISH', 'none'],
    ['CAST5', 'zip'],
    ['3DES', 'zip'],
    ['IDEA', 'zip'],
    ['CAMELLIA256', 'bzip2'],
    ['AES192', 'zip'],
  ];
  it.each(runs)('under a passphrase: %s, %s', (cipher, compression) => {
    const args = [
      '--symmetric',
      '--passphrase',
      'horse',
      '--cipher-algo',
      cipher,
      '--compress-algo',
      compression,
      '--s2k-count',
      '1024',
    ];
    const message = gpg(args, TEXT);
    const opened = openMessage(message, readKeyring([], ['donkey', 'horse']));
    expect([opened.outcome, Buffer.from(opened.literal?.data ?? []).toString()]).toEqual(['authenticated', TEXT]);
    expect(openMessage(message, readKeyring([], ['donkey'])).outcome).toBe('key-missing');
  });

  it('to a key, signed, with its own secret keyring', () => {
    gpg(['--passphrase', 'p', '--quick-generate-key', 'Ann <ann@example.org>', 'future-default', 'default', 'never']);
    const secret = gpg(['--passphrase', 'p', '--export-secret-keys']);
    const message = gpg(
      ['--passphrase', 'p', '--encrypt', '--sign', '--trust-model', 'always', '-r', 'ann@example.org'],
      TEXT,
    );
    const opened = openMessage(message, readKeyring([{ bytes: secret, passphrases: ['p'], source: 'ring' }], []));
    expect([opened.outcome, Buffer.from(opened.literal?.data ?? []).toString()]).toEqual(['authenticated', TEXT]);
    expect(opened.signatures.map(({ status }) => status)).toEqual(['verified']);
    const locked = openMessage(message, readKeyring([{ bytes: secret, passphrases: ['q'], source: 'ring' }], []));
    expect([locked.outcome, locked.why]).toEqual([
      'key-missing',
      'the key it is for was supplied, and no supplied passphrase unlocks it',
    ]);
  });
});
