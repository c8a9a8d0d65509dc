import { constants, createHash, generateKeyPairSync, publicEncrypt } from 'node:crypto';
import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import sodium from 'libsodium-wrappers-sumo';
import { describe, expect, it } from 'vitest';
import { decodeProfile } from '../testing/decode-profile.ts';
import type { Step } from './recipe.ts';
import { rsaPrivateKey } from './rsa-decrypt.ts';
import { StepFailure } from './step-failure.ts';

const b64 = (field: string) => ({ field, encoding: 'base64' }) as const;

/** The text of one record with these fields, or the code and words of the finding. */
async function told(steps: readonly Step[], record: object, key?: Buffer | string): Promise<string> {
  const profile = {
    ...{ name: 'odd', title: 'Odd keys', basedOn: 'invented', platform: 'odd' },
    container: { kind: 'ndjson' as const },
    records: [{ kind: 'message' as const, recipe: { steps, inner: { kind: 'text' as const } } }],
  };
  const keys = key === undefined ? [] : [{ for: 'profile:odd', bytes: Buffer.from(key as string), source: 'keys' }];
  const { items, findings } = await decodeProfile(profile, `${JSON.stringify(record)}\n`, keys);
  const body = items[0]?.body;
  const lost = findings.find(({ class: fate }) => fate === 'lost');
  return body === undefined || body === null ? `${lost?.code}: ${lost?.detail}` : Buffer.from(body).toString();
}

describe('RSA keys of odd sizes', () => {
  const unwrap = (wrap: 'rsa-oaep' | 'rsa-pkcs1'): Step[] => [
    { do: 'key', as: 'own' },
    { do: 'unwrap', as: 'text', wrap, key: 'own', wrapped: b64('ct') },
  ];

  it.each([1024, 1025, 1031, 1100, 1536, 2047])('%i bits', async (modulusLength) => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength });
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' });
    const pkcs1 = privateKey.export({ format: 'der', type: 'pkcs1' });
    const oaep = publicEncrypt({ key: publicKey, oaepHash: 'sha1' }, Buffer.from('odd'));
    expect(await told(unwrap('rsa-oaep'), { ct: oaep.toString('base64') }, pem)).toBe('odd');
    const padding = constants.RSA_PKCS1_PADDING;
    const old = publicEncrypt({ key: publicKey, padding }, Buffer.from('odd')).toString('base64');
    expect(await told(unwrap('rsa-pkcs1'), { ct: old }, pkcs1)).toBe('odd');
    const short = oaep.subarray(1).toString('base64');
    expect(await told(unwrap('rsa-oaep'), { ct: short }, pem)).toContain('not as long as the RSA modulus');
  });

  it('are refused below 1024 bits, and what is no key is refused in words', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 768 });
    const small = privateKey.export({ format: 'pem', type: 'pkcs8' });
    expect(await told(unwrap('rsa-oaep'), { ct: 'AAAA' }, small)).toContain('an RSA key of 768 bits');
    const locked = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({
      ...{ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'not supplied' },
    });
    const bad = ['{', '{}', '{"kty":"RSA","n":"AQAB","e":"AQAB"}', '-----BEGIN PRIVATE KEY-----\n', '0', locked];
    for (const key of bad) {
      expect(() => rsaPrivateKey(Buffer.from(key))).toThrow(StepFailure);
      expect(await told(unwrap('rsa-oaep'), { ct: 'AAAA' }, key)).toContain('no RSA private key');
    }
  });
});

describe('passphrases', () => {
  it('that are wrong fail by the tag, and say so', async () => {
    await sodium.ready;
    const steps: Step[] = [
      { do: 'key', as: 'pass' },
      {
        do: 'pbkdf2',
        as: 'key',
        hash: 'sha256',
        password: 'pass',
        salt: { text: 'invented' },
        iterations: 10,
        length: 32,
      },
      { do: 'decrypt', as: 'text', cipher: 'secretbox', key: 'key', iv: b64('iv'), ciphertext: b64('ct') },
    ];
    const { pbkdf2Sync } = await import('node:crypto');
    const key = pbkdf2Sync('right', 'invented', 10, 32, 'sha256');
    const iv = Buffer.alloc(24, 5);
    const ct = Buffer.from(sodium.crypto_secretbox_easy('a text', iv, key)).toString('base64');
    const record = { iv: iv.toString('base64'), ct };
    expect(await told(steps, record, 'right')).toBe('a text');
    expect(await told(steps, record, 'wrong')).toContain('AUTHENTICATION_FAILED');
    expect(await told(steps, record)).toContain('KEY_MISSING');
  });
});

describe('sealed boxes of libsodium', () => {
  it('open, and no altered one does', async () => {
    await sodium.ready;
    const own = sodium.crypto_box_seed_keypair(createHash('sha256').update('invented').digest());
    const sealed = Buffer.from(sodium.crypto_box_seal('for you only', own.publicKey));
    const steps: Step[] = [
      { do: 'key', as: 'own', length: 32 },
      { do: 'decrypt', as: 'text', cipher: 'sealed-box', key: 'own', ciphertext: b64('ct') },
    ];
    const key = Buffer.from(own.privateKey);
    expect(await told(steps, { ct: sealed.toString('base64') }, key)).toBe('for you only');
    for (const at of [0, 33, sealed.length - 1]) {
      const altered = Buffer.from(sealed);
      altered[at] = (altered[at] as number) ^ 1;
      expect(await told(steps, { ct: altered.toString('base64') }, key)).toContain('AUTHENTICATION_FAILED');
    }
    expect(await told(steps, { ct: 'AAAA' }, key)).toMatch(/RECORD_MALFORMED|AUTHENTICATION_FAILED/);
  });
});

describe('compression', () => {
  const packers = { gzip: gzipSync, deflate: deflateSync, 'deflate-raw': deflateRawSync, zstd: zstdCompressSync };

  it.each(Object.keys(packers) as (keyof typeof packers)[])(
    '%s: opens, is bounded, and says what it is not',
    async (name) => {
      const steps: Step[] = [{ do: 'decompress', as: 'text', compression: name, from: b64('ct') }];
      const packed = (bytes: Buffer) => ({ ct: packers[name](bytes).toString('base64') });
      expect(await told(steps, packed(Buffer.from('a text')))).toBe('a text');
      expect(await told(steps, packed(Buffer.alloc(17 << 20, 0x61)))).toContain('LIMIT_EXCEEDED');
      expect(await told(steps, { ct: 'AAAAAAAA' })).toContain('RECORD_MALFORMED');
    },
  );
});
