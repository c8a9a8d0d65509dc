import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { utf8DecodeLossy } from '@custody/bytes';
import { describe, expect, it } from 'vitest';
import { describeWithShared } from '../../../../test/shared-folder.ts';
import { readArmor } from './armor.ts';
import { readClearSigned } from './clear-signed.ts';
import { readKeyring } from './keyring.ts';
import { type OpenedMessage, openMessage } from './open-message.ts';

/** A message, armoured or not, opened with key files and passphrases. */
function open(message: Uint8Array, keys: readonly Uint8Array[], passphrases: readonly string[]): OpenedMessage {
  const ring = readKeyring(
    keys.map((bytes) => ({ bytes, passphrases, source: 'key' })),
    passphrases,
  );
  const armoured = ((message[0] ?? 0) & 0x80) === 0;
  const bytes = armoured ? (readArmor(utf8DecodeLossy(message))[0]?.bytes ?? new Uint8Array()) : message;
  return openMessage(bytes, ring);
}
const textOf = ({ literal }: OpenedMessage) => (literal === null ? null : utf8DecodeLossy(literal.data));

describeWithShared('OpenPGP messages of other implementations', (shared) => {
  const root = join(shared, 'vectors/openpgp');
  const read = (path: string) => new Uint8Array(readFileSync(path));

  describe('openpgp-interop', () => {
    const folder = join(root, 'rpgp/tests/openpgp-interop/testcases/messages');
    const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
    it.each(names)('%s', (name) => {
      const test = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      const keys = [test.decryptKey, test.verifyKey].filter((path) => typeof path === 'string');
      const opened = open(
        read(join(folder, name.replace('.json', '.asc'))),
        keys.map((path) => read(join(folder, path))),
        [test.passphrase],
      );
      expect([opened.why, textOf(opened)]).toEqual([opened.integrity === 'none' ? opened.why : '', test.textcontent]);
      if (test.filename !== '' && !name.startsWith(test.filename.replace('.asc', '')))
        expect(utf8DecodeLossy(opened.literal?.name ?? new Uint8Array())).toBe(test.filename);
      if (test.timestamp !== undefined) expect(opened.literal?.date).toBe(test.timestamp);
      if (test.verifyKey !== undefined) expect(opened.signatures.map(({ status }) => status)).toEqual(['verified']);
    });
  });

  describe.each(['test_vectors_v1.json', 'test_vectors_v2.json'])('go-crypto %s', (file) => {
    const tests = JSON.parse(readFileSync(join(root, 'go-crypto', file), 'utf8')) as Record<string, string>[];
    it.each(tests.map((test) => [test.name as string, test] as const))('%s', (_name, test) => {
      const keys = [Buffer.from(test.privateKey ?? ''), Buffer.from(test.publicKey ?? '')];
      const opened = open(Buffer.from(test.encryptedSignedMessage ?? ''), keys, [test.password ?? '']);
      expect([opened.why, textOf(opened)?.replace(/\r\n$/, '\n').trim()]).toEqual(['', test.message?.trim()]);
      expect(opened.outcome).toBe('authenticated');
      expect(opened.signatures.map(({ status }) => status)).toEqual(['verified']);
    });
  });

  describe('RFC 9580 appendix', () => {
    const folder = join(root, 'rfc9580-appendix');
    const tests = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as Record<string, string>[];
    // Argon2 with 2 GiB of memory, as the appendix has it.
    const run = tests.filter(
      (test) => process.env.CUSTODY_LONG === '1' || !(test.section as string).includes('Argon2'),
    );
    it.each(run.map((test) => [test.section as string, test] as const))('%s', (_name, test) => {
      const keys = test.key === undefined ? [] : [read(join(folder, test.key))];
      const opened = open(
        read(join(folder, test.msg as string)),
        keys,
        test.password === undefined ? [] : [test.password],
      );
      expect([opened.why, textOf(opened)]).toEqual(['', test.plaintext]);
      expect(opened.outcome).toBe('authenticated');
    });
  });

  describe('rpgp', () => {
    const folder = join(root, 'rpgp/tests');
    const messages = readdirSync(join(folder, 'rfc9580')).flatMap((name) =>
      ['enc-seipdv1.msg', 'enc-seipdv2.msg'].map((file) => join(folder, 'rfc9580', name, file)).filter(existsSync),
    );
    it.each(messages.map((path) => [path.slice(folder.length + 1), path] as const))('%s', (_name, path) => {
      const opened = open(read(path), [read(join(dirname(path), 'tsk.asc'))], []);
      expect(opened.outcome === 'authenticated' || opened.why).toBe(true);
      expect(textOf(opened)).toBe('hello world\n');
      expect(opened.flags.length > 0).toBe(path.includes('illegal'));
    });

    const signed = readdirSync(join(folder, 'rfc9580'))
      .map((name) => join(folder, 'rfc9580', name, 'csf.msg'))
      .filter(existsSync);
    it.each(signed.map((path) => [path.slice(folder.length + 1), path] as const))('%s', (_name, path) => {
      const files = [{ bytes: read(join(dirname(path), 'tsk.asc')), passphrases: [], source: 'key' }];
      const message = readClearSigned(readFileSync(path, 'utf8'), readKeyring(files, []))?.message;
      expect(message?.signatures.map(({ status }) => status)).toEqual(['verified']);
      const changed = readFileSync(path, 'utf8').replace('world', 'World');
      const other = readClearSigned(changed, readKeyring(files, []))?.message;
      expect(other?.signatures.map(({ status }) => status)).toEqual(['failed']);
    });

    it('reads what old versions and other tools wrote', () => {
      const pgp6 = join(folder, 'pgp6');
      const bob = read(join(folder, 'draft-bre-openpgp-samples-00/bob.sec.asc'));
      const tried = [
        open(read(join(pgp6, 'hello.msg')), [read(join(pgp6, 'alice.sec.asc'))], ['password', '']),
        open(read(join(folder, 'gnupg/msg_to_bob.asc')), [bob], []),
        open(read(join(folder, 'gnupg/msg_to_bob_multi_chunk.asc')), [bob], []),
        open(read(join(folder, 'openpgpjs/x25519.asc')), [read(join(folder, 'openpgpjs/x25519.sec.asc'))], ['moon']),
      ];
      expect(tried.map(({ outcome }) => outcome)).toEqual([
        ...['not-authenticated', 'authenticated', 'authenticated', 'authenticated'],
      ]);
    });
  });
});
