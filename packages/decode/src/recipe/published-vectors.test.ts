import { expect, it } from 'vitest';
import { decodeProfile } from '../testing/decode-profile.ts';
import type { Step } from './recipe.ts';

const hex = (field: string) => ({ field, encoding: 'hex' }) as const;
const password = { password: { field: 'password' }, salt: { field: 'salt' } } as const;
const Z = '96c05619d56c328ab95fe84b18264b08725b85e33fd34f08';
/** RFC 7518, appendix C: AlgorithmID, PartyUInfo, PartyVInfo and SuppPubInfo, as one text in hex. */
const CONCAT_INFO = '000000074131323847434d00000005416c69636500000003426f6200000080';

interface Published {
  readonly source: string;
  readonly steps: readonly Step[];
  readonly record: Readonly<Record<string, string>>;
  readonly expected: string;
}

/** What a profile can name and Wycheproof has no vectors for. */
const published: readonly Published[] = [
  {
    source: 'AES-256-CTR: NIST SP 800-38A, F.5.6, first block',
    steps: [{ do: 'decrypt', as: 't', cipher: 'aes-ctr', key: hex('key'), iv: hex('iv'), ciphertext: hex('ct') }],
    record: {
      key: '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
      iv: 'f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff',
      ct: '601ec313775789a5b7a7f504bbf3d228',
    },
    expected: '6bc1bee22e409f96e93d7e117393172a',
  },
  {
    source: 'HMAC-SHA-224: RFC 4231, 4.2',
    steps: [{ do: 'hmac', as: 't', hash: 'sha224', key: hex('key'), over: hex('data') }],
    record: { key: '0b'.repeat(20), data: '4869205468657265' },
    expected: '896fb1128abbdf196832107cd49df33f47b4b1169912ba4f53684b22',
  },
  {
    source: 'HMAC-SHA-224 as a MAC: RFC 4231, 4.2',
    steps: [
      { do: 'verify-mac', mac: 'hmac-sha224', key: hex('key'), over: hex('data'), tag: hex('tag') },
      { do: 'take', as: 't', from: hex('data') },
    ],
    record: {
      ...{ key: '0b'.repeat(20), data: '4869205468657265' },
      tag: '896fb1128abbdf196832107cd49df33f47b4b1169912ba4f53684b22',
    },
    expected: '4869205468657265',
  },
  {
    source: 'SHA-384: FIPS 180-4, "abc"',
    steps: [{ do: 'hash', as: 't', hash: 'sha384', over: hex('data') }],
    record: { data: '616263' },
    expected: 'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
  },
  {
    source: 'scrypt: RFC 7914, 12, the second',
    steps: [{ do: 'scrypt', as: 't', ...password, cost: 1024, blockSize: 8, parallel: 16, length: 64 }],
    record: { password: 'password', salt: 'NaCl' },
    expected:
      'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
  },
  {
    source: 'Argon2id: phc-winner-argon2, src/test.c, version 1.3, two passes, 256 KiB',
    steps: [{ do: 'argon2id', as: 't', ...password, passes: 2, memoryKiB: 256, parallel: 1, length: 32 }],
    record: { password: 'password', salt: 'somesalt' },
    expected: '9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe',
  },
  {
    source: 'Concat KDF: RFC 7518, appendix C',
    steps: [{ do: 'concat-kdf', as: 't', hash: 'sha256', secret: hex('z'), info: hex('info'), length: 16 }],
    record: { z: '9e56d91d817135d372834283bf84269cfb316ea3da806a48f6daa7798cfe90c4', info: CONCAT_INFO },
    expected: '56aa8deaf8236d205c2228cd71a7101a',
  },
  {
    source: 'X9.63 KDF: NIST CAVP, ANS X9.63, SHA-256, 128 bits',
    steps: [{ do: 'x963-kdf', as: 't', hash: 'sha256', secret: hex('z'), length: 16 }],
    record: { z: Z },
    expected: '443024c3dae66b95e6f5670601558f71',
  },
];

it.each(published)('$source', async ({ steps, record, expected }) => {
  const profile = {
    ...{ name: 'published', title: 'Published vectors', basedOn: 'the sources named', platform: 'vectors' },
    container: { kind: 'ndjson' as const },
    records: [{ kind: 'message' as const, recipe: { steps, inner: { kind: 'hex' as const } } }],
  };
  const { items } = await decodeProfile(profile, `${JSON.stringify(record)}\n`);
  expect(items.map(({ body }) => Buffer.from(body ?? []).toString())).toEqual([expected]);
  // The same with one digit changed gives another text, or none.
  const [name] = Object.keys(record) as [string];
  const changed = { ...record, [name]: `${record[name]?.slice(0, -1)}${record[name]?.endsWith('1') ? '2' : '1'}` };
  const other = await decodeProfile(profile, `${JSON.stringify(changed)}\n`);
  expect(other.items.map(({ body }) => Buffer.from(body ?? []).toString())).not.toContain(expected);
});
