import {
  createCipheriv,
  createECDH,
  createHash,
  createHmac,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  scryptSync,
} from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { xsalsa20poly1305 } from '@noble/ciphers/salsa.js';
import { describe, expect, it } from 'vitest';
import type { SuppliedKey } from '../keyring.ts';
import type { Profile } from '../profile/profile.ts';
import { readProfile } from '../profile/read-profile.ts';
import type { Decoded } from '../testing/decode-all.ts';
import { decodeProfile } from '../testing/decode-profile.ts';
import type { Inner, Step } from './recipe.ts';

const b64 = (field: string, from?: number, to?: number) => ({
  field,
  encoding: 'base64' as const,
  ...(from !== undefined && { from }),
  ...(to !== undefined && { to }),
});
const key = (text: string, length = 32): Buffer => createHash('sha512').update(text).digest().subarray(0, length);
const iv = Buffer.alloc(16, 7);

function profile(steps: readonly Step[], inner: Inner = { kind: 'text' }): Omit<Profile, 'custodyProfile'> {
  return {
    name: 'own',
    title: 't',
    basedOn: 'invented',
    platform: 'own',
    container: { kind: 'ndjson' },
    records: [{ kind: 'message', messageId: 'id', recipe: { steps, inner } }],
  };
}

function supplied(bytes: Buffer, id?: string): SuppliedKey {
  return { for: 'profile:own', bytes, source: 'keys.json', ...(id !== undefined && { id }) };
}

function decode(
  steps: readonly Step[],
  records: readonly object[],
  more: { keys?: SuppliedKey[]; inner?: Inner } = {},
): Promise<Decoded> {
  const dump = records.map((record) => `${JSON.stringify(record)}\n`).join('');
  return decodeProfile(profile(steps, more.inner), dump, more.keys);
}

const told = ({ items, findings }: Decoded): string[] => [
  ...items.map(
    ({ body, authentication }) => `${authentication?.result} ${new TextDecoder().decode(body ?? new Uint8Array())}`,
  ),
  ...findings.map(({ code }) => code),
];

function cbc(secret: Buffer, text: string): Buffer {
  const cipher = createCipheriv('aes-256-cbc', secret, iv);
  return Buffer.concat([cipher.update(text), cipher.final()]);
}

/** Bernstein, Cryptography in NaCl, sections 3 to 10. */
const naclBox = {
  alice: '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a',
  bobPrivate: '5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb',
  nonce: '69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37',
  text: 'be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f937763848645e0705',
  boxed:
    'f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5',
} as const;

describe('the five outcomes', () => {
  const macKey = key('mac');
  const steps = (over: 'ct' | 'iv+ct'): Step[] => [
    { do: 'key', as: 'k', id: { field: 'kid' }, length: 32 },
    { do: 'hkdf', as: 'mk', hash: 'sha256', secret: 'k', info: { text: 'mac' }, length: 32 },
    {
      do: 'verify-mac',
      mac: 'hmac-sha256',
      key: 'mk',
      over: over === 'ct' ? b64('ct') : [b64('iv'), b64('ct')],
      tag: b64('mac'),
      truncate: 10,
    },
    { do: 'decrypt', as: 'text', cipher: 'aes-cbc', key: 'k', iv: b64('iv'), ciphertext: b64('ct') },
  ];
  const record = (over: 'ct' | 'iv+ct', text = 'meet at nine') => {
    const mk = Buffer.from(hkdfSync('sha256', macKey, '', 'mac', 32));
    const ct = cbc(macKey, text);
    const mac = createHmac('sha256', mk)
      .update(over === 'ct' ? ct : Buffer.concat([iv, ct]))
      .digest()
      .subarray(0, 10);
    return { id: '1', kid: 'a', iv: iv.toString('base64'), ct: ct.toString('base64'), mac: mac.toString('base64') };
  };
  const keys = [supplied(macKey, 'a')];

  it('says that a text was authenticated only where the MAC covers text and IV', async () => {
    expect(told(await decode(steps('iv+ct'), [record('iv+ct')], { keys }))).toEqual(['verified meet at nine']);
    expect(told(await decode(steps('ct'), [record('ct')], { keys }))).toEqual([
      'not-verified meet at nine',
      'UNIT_UNVERIFIED',
    ]);
  });

  it('loses a record whose MAC is wrong, whose key is missing, or whose version nobody described', async () => {
    const good = record('iv+ct');
    const told1 = await decode(steps('iv+ct'), [good, { ...good, mac: 'AAAAAAAAAAAAAA==' }, { ...good, kid: 'b' }], {
      keys,
    });
    expect(told(told1)).toEqual(['verified meet at nine', 'AUTHENTICATION_FAILED', 'KEY_MISSING']);
    expect(told1.counts).toEqual({ records: 3, decoded: 1, lost: 2, notCovered: 0 });
    expect(told1.findings[1]?.detail).toContain('"b"');
  });

  it('takes wrong padding for what it is, and noise for no text', async () => {
    const plain: Step[] = [
      { do: 'key', as: 'k' },
      { do: 'decrypt', as: 'text', cipher: 'aes-cbc', key: 'k', iv: b64('iv'), ciphertext: b64('ct') },
    ];
    const wrong = await decode(plain, [record('ct')], { keys: [supplied(key('other'))] });
    expect(told(wrong)[0]).toBe('KEY_NOT_VERIFIED');
    const two = await decode(plain, [record('ct')], {
      keys: [supplied(macKey), supplied(Buffer.from(macKey).reverse())],
    });
    expect(two.items).toEqual([]);
  });

  it('finds the right one of several keys by the tag, and refuses too many', async () => {
    const some = Array.from({ length: 16 }, (_, i) => supplied(i === 11 ? key('mac') : key(`k${i}`)));
    const first = record('iv+ct');
    const sealed = {
      ...first,
      mac: createHmac('sha256', Buffer.from(hkdfSync('sha256', key('mac'), '', 'mac', 32)))
        .update(Buffer.concat([iv, cbc(key('mac'), 'x')]))
        .digest()
        .subarray(0, 10)
        .toString('base64'),
      ct: cbc(key('mac'), 'x').toString('base64'),
    };
    expect(told(await decode(steps('iv+ct'), [sealed], { keys: some }))).toEqual(['verified x']);
    const more = [...some, supplied(key('k99'))];
    expect(told(await decode(steps('iv+ct'), [sealed], { keys: more }))).toEqual(['KEY_MISSING']);
  });
});

describe('chains of steps', () => {
  it('opens an ECDH envelope: agreement, KDF, wrapped session key, compressed JSON inside', async () => {
    const recipient = createECDH('prime256v1');
    recipient.setPrivateKey(key('recipient'));
    const ephemeral = createECDH('prime256v1');
    ephemeral.setPrivateKey(key('ephemeral'));
    const z = ephemeral.computeSecret(recipient.getPublicKey());
    const kek = createHash('sha256')
      .update(Buffer.of(0, 0, 0, 1))
      .update(z)
      .update('wrap')
      .digest();
    const wrap = createCipheriv('id-aes256-wrap', kek, Buffer.alloc(8, 0xa6));
    const wrapped = Buffer.concat([wrap.update(key('session')), wrap.final()]);
    const gcm = createCipheriv('aes-256-gcm', key('session'), iv.subarray(0, 12));
    gcm.setAAD(Buffer.from('AB12CD'));
    const ct = Buffer.concat([gcm.update(gzipSync('{"m":{"t":"bonjour"},"lat":"51.5"}')), gcm.final()]);
    const steps: Step[] = [
      { do: 'take', as: 'env', from: b64('env') },
      { do: 'key', as: 'sk', id: [{ text: 'dev-' }, { field: 'to' }] },
      { do: 'agree', as: 'z', curve: 'p-256', private: 'sk', public: { of: 'env', to: 65 } },
      { do: 'concat-kdf', as: 'kek', hash: 'sha256', secret: 'z', info: { text: 'wrap' }, length: 32 },
      { do: 'unwrap', as: 'cek', wrap: 'aes-kw', key: 'kek', wrapped: { of: 'env', from: 65, to: 105 } },
      {
        do: 'decrypt',
        as: 'packed',
        cipher: 'aes-gcm',
        key: 'cek',
        iv: { of: 'env', from: 105, to: 117 },
        ciphertext: { of: 'env', from: 117, to: -16 },
        tag: { of: 'env', from: -16 },
        aad: { field: 'to' },
      },
      { do: 'decompress', as: 'text', compression: 'gzip', from: 'packed' },
    ];
    const env = Buffer.concat([ephemeral.getPublicKey(), wrapped, iv.subarray(0, 12), ct, gcm.getAuthTag()]).toString(
      'base64',
    );
    const inner: Inner = { kind: 'json', body: ['m', 't'], fields: { latitude: { field: 'lat' } } };
    const decoded = await decode(steps, [{ id: '1', to: 'AB12CD', env }], {
      keys: [supplied(key('recipient'), 'dev-AB12CD')],
      inner,
    });
    expect(told(decoded)).toEqual(['verified bonjour']);
    expect(decoded.items[0]?.fields).toEqual(new Map([['latitude', '51.5']]));
    expect(decoded.items[0]?.authentication?.proves).toContain('Anybody who knew the public key');
    const swapped = await decode(steps, [{ id: '1', to: 'AB12CE', env }], {
      keys: [supplied(key('recipient'))],
      inner,
    });
    expect(told(swapped)[0]).toBe('AUTHENTICATION_FAILED');
  });

  it('opens NaCl secret boxes under a key from a passphrase', async () => {
    const secret = scryptSync('correct horse', 'salt-of-user', 32, { N: 1024, r: 8, p: 1 });
    const sealed = xsalsa20poly1305(secret, key('n', 24)).encrypt(Buffer.from('boxed'));
    const steps: Step[] = [
      { do: 'key', as: 'pass' },
      {
        do: 'scrypt',
        as: 'k',
        password: 'pass',
        salt: { field: 'salt' },
        cost: 1024,
        blockSize: 8,
        parallel: 1,
        length: 32,
      },
      { do: 'decrypt', as: 'text', cipher: 'secretbox', key: 'k', iv: b64('nonce'), ciphertext: b64('ct') },
    ];
    const record = {
      id: '1',
      salt: 'salt-of-user',
      nonce: key('n', 24).toString('base64'),
      ct: Buffer.from(sealed).toString('base64'),
    };
    const keys = [{ for: 'profile:own', passphrase: 'correct horse', source: 'keys.json' }];
    expect(told(await decode(steps, [record], { keys }))).toEqual(['verified boxed']);
    expect(told(await decode(steps, [{ ...record, salt: 'salt' }], { keys }))).toEqual([
      'AUTHENTICATION_FAILED',
      'KEY_NOT_VERIFIED',
    ]);
  });

  it('opens the box of the NaCl paper, and no altered one', async () => {
    const steps: Step[] = [
      { do: 'key', as: 'sk' },
      {
        do: 'decrypt',
        as: 'text',
        cipher: 'box',
        key: 'sk',
        iv: { hex: naclBox.nonce },
        public: { field: 'from', encoding: 'hex' },
        ciphertext: { field: 'ct', encoding: 'hex' },
      },
    ];
    const record = { id: '1', from: naclBox.alice, ct: naclBox.boxed };
    const keys = [supplied(Buffer.from(naclBox.bobPrivate, 'hex'))];
    expect(told(await decode(steps, [record], { keys, inner: { kind: 'hex' } }))).toEqual([`verified ${naclBox.text}`]);
    const broken = { ...record, ct: naclBox.boxed.replace('f3ff', 'f3fe') };
    expect(told(await decode(steps, [broken], { keys }))[0]).toBe('AUTHENTICATION_FAILED');
  });

  it('agrees with node on X25519', async () => {
    const a = generateKeyPairSync('x25519');
    const b = generateKeyPairSync('x25519');
    const z = diffieHellman({ privateKey: a.privateKey, publicKey: b.publicKey });
    const steps: Step[] = [
      { do: 'key', as: 'own' },
      { do: 'agree', as: 'z', curve: 'x25519', private: 'own', public: b64('pub') },
    ];
    const record = { id: '1', pub: b.publicKey.export({ format: 'der', type: 'spki' }).toString('base64') };
    const keys = [supplied(Buffer.from(a.privateKey.export({ format: 'pem', type: 'pkcs8' })))];
    expect(told(await decode(steps, [record], { keys, inner: { kind: 'hex' } }))[0]).toBe(
      `not-verified ${z.toString('hex')}`,
    );
  });
});

describe('a recipe with mistakes', () => {
  it('is refused with all of them, each with its place', () => {
    const steps = [
      {
        do: 'decrypt',
        as: 'text',
        cipher: 'aes-ccm',
        key: 'k',
        iv: { field: 'iv' },
        ciphertext: { of: 'raw', to: -16 },
      },
      { do: 'take', as: 'text', from: [{ field: 'x' }, 'later'] },
      { do: 'unwrap', as: 'u', wrap: 'aes-kw', key: 'text', wrapped: 'text', label: { text: 'l' } },
    ] as Step[];
    let mistakes: readonly string[] = [];
    try {
      readProfile({ ...profile(steps), custodyProfile: 2 });
    } catch (error) {
      mistakes = (error as { detail: { mistakes: readonly string[] } }).detail.mistakes;
    }
    expect(mistakes).toEqual([
      '/knownAnswers: give at least one record that the profile must open',
      '/tampered: give at least one altered record, and what it must become',
      '/records/0/recipe/steps/0/key: no step before makes "k"',
      '/records/0/recipe/steps/0/ciphertext/of: no step before makes "raw"',
      '/records/0/recipe/steps/0: aes-ccm needs "tag"',
      '/records/0/recipe/steps/1/from/1: no step before makes "later"',
      '/records/0/recipe/steps/1/as: "text" is made twice',
      '/records/0/recipe/steps/2/label: only RSA-OAEP has one',
    ]);
  });
});
