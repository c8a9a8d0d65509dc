import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWithShared } from '../../../../test/shared-folder.ts';
import type { Profile } from '../profile/profile.ts';
import { decodeProfile } from '../testing/decode-profile.ts';
import type { Step } from './recipe.ts';
import { recipeSchema } from './recipe-schema.ts';

type Test = Readonly<Record<string, unknown>> & {
  readonly result: 'valid' | 'invalid' | 'acceptable';
  readonly tcId: number;
};
type Group = Readonly<Record<string, unknown>> & { readonly tests: readonly Test[] };

interface StepSchema {
  readonly properties: Readonly<Record<string, { readonly enum?: readonly string[]; readonly const?: string }>>;
}

/** One algorithm: the steps of a profile's recipe, and what a test's plaintext is. Fields of a record are a test's, in hex. */
interface Case {
  readonly file: string;
  readonly steps: readonly Step[];
  /** Name of the expected result in a test. Where `check` is set the recipe has a MAC only, and the text is `msg`. */
  readonly expected: string;
  /** Tests whose refusal is a stated limit of the engine, by the words of the finding. */
  readonly limit?: RegExp;
  readonly group?: (group: Group) => object;
  /** Tests that have this field: others are about something else. They state no plaintext. */
  readonly only?: string;
}

const hex = (field: string) => ({ field, encoding: 'hex' }) as const;
const json = (field: string) => ({ field: [field] }) as const;
const aead = (cipher: Extract<Step, { do: 'decrypt' }>['cipher']): Step[] => [
  {
    do: 'decrypt',
    as: 'text',
    cipher,
    key: hex('key'),
    iv: hex('iv'),
    ciphertext: hex('ct'),
    tag: hex('tag'),
    aad: hex('aad'),
  },
];
const hkdf = (hash: 'sha1' | 'sha256' | 'sha384' | 'sha512'): Step[] => [
  { do: 'hkdf', as: 'okm', hash, secret: hex('ikm'), salt: hex('salt'), info: hex('info'), length: { field: 'size' } },
];
const pbkdf2 = (hash: 'sha1' | 'sha256' | 'sha512'): Step[] => [
  {
    do: 'pbkdf2',
    as: 'dk',
    hash,
    password: hex('password'),
    salt: hex('salt'),
    iterations: { field: 'iterationCount' },
    length: { field: 'dkLen' },
  },
];
const agree = (curve: Extract<Step, { do: 'agree' }>['curve'], form: typeof hex | typeof json = hex): Step[] => [
  { do: 'agree', as: 'shared', curve, private: form('private'), public: form('public') },
];
const mac = (name: Extract<Step, { do: 'verify-mac' }>['mac']): Step[] => [
  { do: 'verify-mac', mac: name, key: hex('key'), over: hex('msg'), tag: hex('tag') },
  { do: 'take', as: 'text', from: hex('msg') },
];
const truncated = (steps: readonly Step[], bytes: number): Step[] =>
  steps.map((step) => (step.do === 'verify-mac' ? { ...step, truncate: bytes } : step));
const unwrap = (wrap: Extract<Step, { do: 'unwrap' }>['wrap'], more: object = {}): Step[] => [
  { do: 'unwrap', as: 'key', wrap, key: hex('key'), wrapped: hex('ct'), ...more },
];
const rsa = ({ privateKeyPkcs8 }: Group): object => ({ key: privateKeyPkcs8 });

const cases: readonly Case[] = [
  ...(['aes_gcm', 'aes_ccm', 'aes_gcm_siv', 'chacha20_poly1305', 'xchacha20_poly1305'] as const).map((name) => ({
    file: name,
    steps: aead(name.replaceAll('_', '-') as 'aes-gcm'),
    expected: 'msg',
    ...(name === 'aes_gcm' && { limit: /an IV of \d+ bytes/ }),
  })),
  ...(['a128cbc_hs256', 'a192cbc_hs384', 'a256cbc_hs512'] as const).map((name) => ({
    file: name,
    steps: aead(name.replaceAll('_', '-') as 'a128cbc-hs256'),
    expected: 'msg',
  })),
  { file: 'aead_aes_siv_cmac', steps: aead('aes-siv'), expected: 'msg' },
  {
    file: 'aes_siv_cmac',
    steps: [{ do: 'decrypt', as: 'text', cipher: 'aes-siv', key: hex('key'), ciphertext: hex('ct'), aad: hex('aad') }],
    expected: 'msg',
  },
  {
    file: 'aes_cbc_pkcs5',
    steps: [{ do: 'decrypt', as: 'text', cipher: 'aes-cbc', key: hex('key'), iv: hex('iv'), ciphertext: hex('ct') }],
    expected: 'msg',
  },
  { file: 'aes_wrap', steps: unwrap('aes-kw'), expected: 'msg' },
  { file: 'aes_kwp', steps: unwrap('aes-kwp'), expected: 'msg' },
  ...(['sha1', 'sha256', 'sha384', 'sha512'] as const).flatMap((hash) => [
    { file: `hkdf_${hash}`, steps: hkdf(hash), expected: 'okm' },
    { file: `hmac_${hash}`, steps: mac(`hmac-${hash}`), expected: 'msg' },
  ]),
  { file: 'aes_cmac', steps: mac('aes-cmac'), expected: 'msg' },
  ...(['sha1', 'sha256', 'sha512'] as const).map((hash) => ({
    file: `pbkdf2_hmac${hash}`,
    steps: pbkdf2(hash),
    expected: 'dk',
    limit: /PBKDF2 with 16777216 iterations/,
  })),
  ...(['sha256', 'sha512'] as const).map((hash) => ({
    file: `pbes2_hmac${hash}_aes_256`,
    steps: [
      ...pbkdf2(hash).map((step) => ({ ...step, length: 32 }) as Step),
      { do: 'decrypt', as: 'text', cipher: 'aes-cbc', key: 'dk', iv: hex('iv'), ciphertext: hex('ct') } as const,
    ],
    expected: 'msg',
  })),
  { file: 'x25519', steps: agree('x25519'), expected: 'shared' },
  { file: 'x25519_jwk', steps: agree('x25519', json), expected: 'shared' },
  { file: 'x448', steps: agree('x448'), expected: 'shared' },
  { file: 'ecdh_secp256r1', steps: agree('p-256'), expected: 'shared' },
  { file: 'ecdh_secp256r1_ecpoint', steps: agree('p-256'), expected: 'shared' },
  { file: 'ecdh_secp384r1', steps: agree('p-384'), expected: 'shared' },
  { file: 'ecdh_secp521r1', steps: agree('p-521'), expected: 'shared' },
  { file: 'ecdh_secp256k1', steps: agree('secp256k1'), expected: 'shared' },
  { file: 'ecdh_brainpoolP256r1', steps: agree('brainpool-p256r1'), expected: 'shared' },
  {
    file: 'rsa_oaep_2048_sha1_mgf1sha1',
    steps: unwrap('rsa-oaep', { hash: 'sha1', label: hex('label') }),
    expected: 'msg',
    group: rsa,
  },
  {
    file: 'rsa_oaep_2048_sha256_mgf1sha256',
    steps: unwrap('rsa-oaep', { hash: 'sha256', label: hex('label') }),
    expected: 'msg',
    group: rsa,
  },
  {
    file: 'json_web_encryption',
    steps: [{ do: 'open', as: 'text', standard: 'jwe', from: json('jwe'), key: json('key') }],
    expected: 'pt',
    group: (group) => ({ key: group.private, enc: null }),
  },
  {
    file: 'json_web_crypto',
    steps: [{ do: 'open', as: 'text', standard: 'jwe', from: json('jwe'), key: json('key') }],
    expected: 'pt',
    group: (group) => ({ key: group.private, enc: null }),
    only: 'jwe',
  },
  { file: 'rsa_pkcs1_2048', steps: unwrap('rsa-pkcs1'), expected: 'msg', group: rsa },
];

function profile(steps: readonly Step[]): Omit<Profile, 'custodyProfile'> {
  return {
    name: 'vectors',
    title: 'Test vectors',
    basedOn: 'C2SP/wycheproof',
    platform: 'vectors',
    container: { kind: 'ndjson' },
    records: [{ kind: 'message', messageId: 'tcId', recipe: { steps, inner: { kind: 'hex' } } }],
  };
}

/** What the decoder says of each test, as a dump with one record a test: the text in hex, or the words of the finding. */
async function decide(steps: readonly Step[], records: readonly object[]): Promise<Map<number, string>> {
  const dump = records.map((record) => `${JSON.stringify(record)}\n`).join('');
  const { items, findings, counts } = await decodeProfile(profile(steps), dump);
  const told = new Map(
    items.map(({ messageId, body }) => [Number(messageId), `=${Buffer.from(body ?? []).toString()}`]),
  );
  expect([told.size, counts.records]).toEqual([counts.decoded, records.length]);
  let refused = 0;
  for (const { class: fate, locator, records: count, detail } of findings) {
    if (fate !== 'lost' || locator?.row === null || locator?.row === undefined) continue;
    refused += count ?? 0;
    for (let i = 0; i < (count ?? 0); i++) {
      told.set((records[locator.row - 1 + i] as { tcId: number }).tcId, `!${detail}`);
    }
  }
  expect(refused).toBe(counts.lost);
  return told;
}

const asJson = (value: unknown) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value);

function recordOf(test: Test, more: object): object {
  const fields = Object.entries({ ...test, ...more }).map(([name, value]) => [name, asJson(value)]);
  return Object.fromEntries(fields);
}

async function wrongDecisions(
  folder: string,
  { file, steps, expected, limit, group: of, only }: Case,
): Promise<string[]> {
  const { testGroups } = JSON.parse(readFileSync(join(folder, `${file}_test.json`), 'utf8')) as {
    testGroups: readonly Group[];
  };
  const wrong: string[] = [];
  const bySteps = new Map<string, { steps: readonly Step[]; records: object[]; tests: Test[] }>();
  for (const group of testGroups) {
    const isMac = steps[0]?.do === 'verify-mac';
    const own = isMac ? truncated(steps, Number(group.tagSize) / 8) : steps;
    const key = JSON.stringify(own);
    const joined = bySteps.get(key) ?? { steps: own, records: [], tests: [] };
    for (const test of group.tests
      .filter((test) => only === undefined || only in test)
      .filter(({ tcId }) => everyTest || !slow.has(file) || tcId % 5 === 0)) {
      joined.records.push(recordOf(test, of?.(group) ?? {}));
      joined.tests.push(test);
    }
    bySteps.set(key, joined);
  }
  for (const joined of bySteps.values()) {
    const told = await decide(joined.steps, joined.records);
    for (const test of joined.tests) {
      const answer = told.get(test.tcId) ?? 'nothing';
      const opened = only === undefined ? answer === `=${test[expected]}` : answer.startsWith('=');
      const refused = answer.startsWith('!');
      const right =
        test.result === 'valid'
          ? opened || (limit?.test(answer) ?? false)
          : test.result === 'invalid'
            ? refused
            : opened || refused;
      if (!right) wrong.push(`${test.tcId} ${test.result} ${test.comment}: ${answer.slice(0, 80)}`);
    }
  }
  return wrong;
}

/** A fifth of these in a short run. */
const slow = new Set(['ecdh_secp384r1', 'ecdh_secp521r1']);
const everyTest = process.env.CUSTODY_LONG === '1';

/** What a profile can name and Wycheproof does not have, and the test that decides it instead. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  'published-vectors.test.ts': [
    'aes-ctr',
    'hmac-sha224',
    'scrypt',
    'argon2id',
    'concat-kdf',
    'x963-kdf',
    'hash',
    'hmac',
  ],
  'recipe.test.ts': ['secretbox', 'box', 'sealed-box', 'decompress'],
  'standards.test.ts': ['jwe-json', 'cose', 'cms', 'age', 'openpgp'],
  'every test here': ['take', 'key'],
};

it('decides every algorithm that a profile can name, here or by other published vectors', () => {
  const decided = new Set(Object.values(ELSEWHERE).flat());
  for (const step of cases.flatMap(({ steps }) => steps)) {
    for (const name of ['do', 'cipher', 'curve', 'wrap', 'mac', 'standard']) {
      const value = (step as unknown as Readonly<Record<string, unknown>>)[name];
      if (typeof value === 'string') decided.add(value);
    }
  }
  const { steps } = recipeSchema.properties as { steps: { items: { oneOf: readonly StepSchema[] } } };
  const nameable = steps.items.oneOf.flatMap(({ properties }) =>
    ['do', 'cipher', 'curve', 'wrap', 'mac', 'standard'].flatMap((name) => {
      const one = properties[name];
      return one?.enum ?? (one?.const === undefined ? [] : [one.const]);
    }),
  );
  expect(nameable.length).toBeGreaterThan(40);
  expect(nameable.filter((name) => !decided.has(name))).toEqual([]);
  expect([...decided].filter((name) => !nameable.includes(name))).toEqual([]);
});

describeWithShared('Wycheproof through the profile engine', (shared) => {
  it.each(cases)('$file', async (one) => {
    expect(await wrongDecisions(join(shared, 'vectors/wycheproof'), one)).toEqual([]);
  });
});
