import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { describeWithShared } from '../../../../test/shared-folder.ts';
import type { Profile } from '../profile/profile.ts';
import { decodeProfile } from '../testing/decode-profile.ts';
import { openAge } from './open-age.ts';
import type { BytesOf, StandardName } from './recipe.ts';

/** Opens one envelope through the decoder: the text in hex, or `!` and the finding. */
async function open(
  standard: StandardName,
  sealed: Uint8Array,
  key: Uint8Array,
  aad?: Uint8Array,
  password?: Uint8Array,
): Promise<string> {
  const hex = (field: string): BytesOf => ({ field, encoding: 'hex' });
  const step = { do: 'open' as const, as: 'text', standard, from: hex('sealed'), key: hex('key') };
  const more = { ...(aad !== undefined && { aad: hex('aad') }), ...(password && { password: hex('password') }) };
  const steps = [{ ...step, ...more }];
  const profile: Omit<Profile, 'custodyProfile'> = {
    name: 'vectors',
    title: 'Test vectors',
    basedOn: 'published vectors',
    platform: 'vectors',
    container: { kind: 'ndjson' },
    records: [{ kind: 'message', recipe: { steps, inner: { kind: 'hex' } } }],
  };
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  const record = {
    sealed: text(sealed),
    key: text(key),
    ...(aad !== undefined && { aad: text(aad) }),
    ...(password && { password: text(password) }),
  };
  const { items, findings } = await decodeProfile(profile, `${JSON.stringify(record)}\n`);
  const [item] = items;
  if (item === undefined) return `!${findings[0]?.code}: ${findings[0]?.detail}`;
  return `${item.authentication?.result} ${Buffer.from(item.body ?? []).toString()}`;
}

const hexOf = (text: string) => Buffer.from(text, 'utf8').toString('hex');

/**
 * What is not in a message cannot be used: names of the parties that were not sent, an IV of which a part was sent, a
 * static sender key that only its id stands for. HKDF with AES-CBC-MAC is not built. All are refused.
 */
function statedLimit(message: { readonly unsent?: object; readonly recipients: readonly object[] }): boolean {
  const text = JSON.stringify(message);
  return (
    /"(apu_id|apv_id|apu_nonce_hex|apv_nonce_hex|apu_other|apv_other|pub_other|priv_other|IV_hex)":/.test(
      unsentOf(text),
    ) || /spk_kid|HKDF-AES/.test(text)
  );
}

function unsentOf(text: string): string {
  return [...text.matchAll(/"unsent":\{[^}]*\}/g)].map(([found]) => found).join();
}

describeWithShared('whole standards through the profile engine', (shared) => {
  const folder = join(shared, 'vectors/envelopes');
  const jose = globSync('jose-cookbook/**/*.json', { cwd: folder }).filter((path) => /jwe|ecdh-es/.test(path));

  it.each(jose)('%s', async (path) => {
    const { input, output } = JSON.parse(readFileSync(join(folder, path), 'utf8'));
    const keys = [input.key ?? input.pwd].flat();
    for (const [i, key] of keys.entries()) {
      const bytes = Buffer.from(typeof key === 'string' ? key : JSON.stringify({ ...key, alg: undefined }));
      const text = hexOf(input.plaintext);
      if (output.compact !== undefined)
        expect(await open('jwe', Buffer.from(output.compact), bytes), `${i}`).toBe(`verified ${text}`);
      for (const form of [output.json, output.json_flat]) {
        if (form === undefined) continue;
        const sealed = Buffer.from(JSON.stringify(form));
        expect(await open('jwe-json', sealed, bytes), `${basename(path)} ${i}`).toBe(`verified ${text}`);
      }
    }
  });

  const cose = globSync('cose/**/*.json', { cwd: folder }).sort();

  it.each(cose)('%s', async (path) => {
    const { input, output, fail: mustFail } = JSON.parse(readFileSync(join(folder, path), 'utf8'));
    const message = input.enveloped ?? input.encrypted;
    if (message === undefined) return;
    const limit = statedLimit(message) || output.cbor_diag.includes(', {-3: ');
    const aad = Buffer.from(message.external ?? '', 'hex');
    const sealed = Buffer.from(output.cbor, 'hex');
    for (const outer of message.recipients) {
      const recipient = outer.key === undefined ? outer.recipients[0] : outer;
      const raw = recipient.key?.d_hex ?? recipient.key?.k_hex;
      const key = raw === undefined ? Buffer.from(JSON.stringify(recipient.key)) : Buffer.from(raw, 'hex');
      const told = await open('cose', sealed, key, aad);
      if (mustFail === true || limit) expect(told).toMatch(/^!/);
      else expect(told).toBe(`verified ${hexOf(input.plaintext)}`);
    }
  });

  it('CMS: every kind of recipient, and no altered message', async () => {
    const read = (name: string) => readFileSync(join(folder, 'cms', name));
    const kek = Buffer.from(Array.from({ length: 32 }, (_, i) => i));
    const keyOf = (name: string) =>
      name.includes('rsa')
        ? read('rsa.key')
        : name.includes('ecdh')
          ? read('ec.key')
          : name.includes('kekri')
            ? kek
            : Buffer.from('hunter2');
    const text = read('plain.txt').toString('hex');
    for (const name of globSync('*.der', { cwd: join(folder, 'cms') })) {
      const sealed = read(name);
      const result = name.startsWith('auth') ? 'verified' : 'not-verified';
      expect(await open('cms', sealed, keyOf(name)), name).toBe(`${result} ${text}`);
      for (let end = 1; end < sealed.length; end += 7) {
        expect(await open('cms', sealed.subarray(0, end), keyOf(name))).toMatch(
          /^!(RECORD_MALFORMED|UNSUPPORTED|AUTH|KEY)/,
        );
      }
      if (result !== 'verified') continue;
      const altered = Buffer.from(sealed);
      altered[altered.length - 20] = (altered[altered.length - 20] as number) ^ 1;
      expect(await open('cms', altered, keyOf(name))).toMatch(/^!AUTHENTICATION_FAILED/);
    }
  });

  it('OpenPGP: messages of go-crypto, armoured, with a locked key; wrong passwords and altered messages', async () => {
    const tests = JSON.parse(readFileSync(join(shared, 'vectors/openpgp/go-crypto/test_vectors_v2.json'), 'utf8'));
    for (const { privateKey, password, encryptedSignedMessage, message } of tests as Record<string, string>[]) {
      const [sealed, key] = [Buffer.from(encryptedSignedMessage ?? ''), Buffer.from(privateKey ?? '')];
      const told = await open('openpgp', sealed, key, undefined, Buffer.from(password ?? ''));
      const [result, hex = ''] = told.split(' ');
      expect([result, Buffer.from(hex, 'hex').toString().trim()]).toEqual(['verified', message?.trim()]);
    }
    const { privateKey, encryptedSignedMessage } =
      (tests as Record<string, string>[]).find(({ password }) => password) ?? {};
    const [sealed, key] = [Buffer.from(encryptedSignedMessage ?? ''), Buffer.from(privateKey ?? '')];
    expect(await open('openpgp', sealed, key, undefined, Buffer.from('wrong'))).toMatch(/^!KEY_MISSING/);
    expect(await open('openpgp', sealed.subarray(0, 600), key)).toMatch(/^!/);
  });

  it('age: the C2SP vectors', async () => {
    const wrong: string[] = [];
    for (const name of globSync('age-cctv/age/testdata/*', { cwd: folder })) {
      const bytes = readFileSync(join(folder, name));
      const end = bytes.indexOf('\n\n');
      const facts = new Map(
        bytes
          .toString('latin1', 0, end)
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const),
      );
      const key = facts.get('passphrase') ?? facts.get('identity') ?? '';
      const body = bytes.subarray(end + 2);
      const sealed = facts.get('compressed') === 'zlib' ? inflateSync(body) : body;
      // Longer than a record may be: opened without the decoder, and in a long run only.
      const isLong = sealed.length > 12_000_000;
      if (isLong && process.env.CUSTODY_LONG !== '1') continue;
      const told = isLong
        ? `verified ${openAge(sealed, Buffer.from(key)).toString('hex')}`
        : await open('age', sealed, Buffer.from(key));
      const isOpen = told.startsWith('verified ');
      // Post-quantum identities are not built: their files are refused.
      const mayOpen = facts.get('expect') === 'success' && !key.startsWith('AGE-SECRET-KEY-PQ');
      const sha256 = isOpen
        ? createHash('sha256')
            .update(Buffer.from(told.slice(9), 'hex'))
            .digest('hex')
        : null;
      if (mayOpen ? sha256 !== facts.get('payload') : isOpen)
        wrong.push(`${basename(name)} (${facts.get('expect')}): ${told.slice(0, 100)}`);
    }
    expect(wrong).toEqual([]);
  });
});
