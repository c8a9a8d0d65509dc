import { closed, path } from '../profile/schema-parts.ts';
import { standardNames } from './standard-names.ts';

const names = { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_-]{0,39}$' } as const;
const offset = { type: 'integer', minimum: -16_777_216, maximum: 16_777_216 } as const;
const hash = { enum: ['sha1', 'sha224', 'sha256', 'sha384', 'sha512'] } as const;
const bytes = { $ref: '#/$defs/bytes' } as const;
const number = (most: number) => ({
  anyOf: [{ type: 'integer', minimum: 1, maximum: most }, closed(['field'], { field: path })],
});
const length = number(65_536);
const whole = (least: number, most: number) => ({ type: 'integer', minimum: least, maximum: most });

/** The forms of `BytesOf`. */
export const bytesSchema: Readonly<Record<string, unknown>> = {
  anyOf: [
    names,
    closed(['field'], {
      field: path,
      encoding: { enum: ['base64', 'base64url', 'hex', 'utf8'] },
      from: offset,
      to: offset,
    }),
    closed(['of'], { of: names, from: offset, to: offset }),
    closed(['text'], { text: { type: 'string', maxLength: 10_000 } }),
    closed(['hex'], { hex: { type: 'string', pattern: '^([0-9a-fA-F]{2}){0,10000}$' } }),
    closed(['lengthOf', 'size'], {
      lengthOf: bytes,
      unit: { enum: ['bytes', 'bits'] },
      size: { enum: [1, 2, 4, 8] },
      endian: { enum: ['big', 'little'] },
    }),
    { type: 'array', maxItems: 32, items: bytes },
  ],
};

function step(kind: string | readonly string[], required: readonly string[], more: object): Record<string, unknown> {
  const kinds = typeof kind === 'string' ? { const: kind } : { enum: kind };
  return closed(['do', ...required], { do: kinds, ...more });
}

function making(kind: string | readonly string[], required: readonly string[], more: object): Record<string, unknown> {
  return step(kind, ['as', ...required], { as: names, ...more });
}

const password = { password: bytes, salt: bytes, length };
const ciphers = [
  ...['aes-gcm', 'aes-ccm', 'aes-cbc', 'aes-ctr', 'a128cbc-hs256', 'a192cbc-hs384', 'a256cbc-hs512'],
  ...['aes-gcm-siv', 'aes-siv', 'chacha20-poly1305', 'xchacha20-poly1305', 'secretbox', 'box', 'sealed-box'],
];
const macs = ['hmac-sha1', 'hmac-sha224', 'hmac-sha256', 'hmac-sha384', 'hmac-sha512', 'aes-cmac'];
const curves = ['x25519', 'x448', 'p-256', 'p-384', 'p-521', 'secp256k1', 'brainpool-p256r1'];

const steps = [
  making('take', ['from'], { from: bytes }),
  making('key', [], { id: bytes, length: whole(1, 65_536) }),
  making('hash', ['hash', 'over'], { hash, over: bytes }),
  making('hmac', ['hash', 'key', 'over'], { hash, key: bytes, over: bytes }),
  making('hkdf', ['hash', 'secret', 'length'], { hash, secret: bytes, salt: bytes, info: bytes, length }),
  making('pbkdf2', ['hash', 'password', 'salt', 'iterations', 'length'], {
    hash,
    ...password,
    iterations: number(10_000_000),
  }),
  making('scrypt', ['password', 'salt', 'cost', 'blockSize', 'parallel', 'length'], {
    ...password,
    cost: { enum: Array.from({ length: 22 }, (_, i) => 2 ** (i + 1)) },
    blockSize: whole(1, 64),
    parallel: whole(1, 64),
  }),
  making('argon2id', ['password', 'salt', 'passes', 'memoryKiB', 'parallel', 'length'], {
    ...password,
    passes: whole(1, 100),
    memoryKiB: whole(8, 1_048_576),
    parallel: whole(1, 64),
  }),
  making(['concat-kdf', 'x963-kdf'], ['hash', 'secret', 'length'], { hash, secret: bytes, info: bytes, length }),
  making('agree', ['curve', 'private', 'public'], { curve: { enum: curves }, private: bytes, public: bytes }),
  making('unwrap', ['wrap', 'key', 'wrapped'], {
    wrap: { enum: ['aes-kw', 'aes-kwp', 'rsa-oaep', 'rsa-pkcs1'] },
    key: bytes,
    wrapped: bytes,
    hash,
    mgf1Hash: hash,
    label: bytes,
  }),
  step('verify-mac', ['mac', 'key', 'over', 'tag'], {
    mac: { enum: macs },
    key: bytes,
    over: bytes,
    tag: bytes,
    truncate: whole(4, 64),
  }),
  making('decrypt', ['cipher', 'key', 'ciphertext'], {
    cipher: { enum: ciphers },
    key: bytes,
    iv: bytes,
    ciphertext: bytes,
    tag: bytes,
    aad: bytes,
    padding: { enum: ['pkcs7', 'zero', 'iso7816', 'none'] },
    public: bytes,
  }),
  making('open', ['standard', 'from', 'key'], {
    standard: { enum: [...standardNames] },
    from: bytes,
    key: bytes,
    aad: bytes,
    password: bytes,
  }),
  making('decompress', ['compression', 'from'], {
    compression: { enum: ['gzip', 'deflate', 'deflate-raw', 'zstd'] },
    from: bytes,
  }),
];

/** JSON Schema of a recipe, for the profile's. */
export const recipeSchema: Readonly<Record<string, unknown>> = closed(['steps', 'inner'], {
  steps: {
    type: 'array',
    minItems: 1,
    maxItems: 64,
    items: { type: 'object', required: ['do'], discriminator: { propertyName: 'do' }, oneOf: steps },
  },
  supported: closed(['field', 'values'], {
    field: path,
    values: { type: 'array', minItems: 1, maxItems: 32, items: { type: 'string', minLength: 1, maxLength: 200 } },
  }),
  inner: {
    type: 'object',
    required: ['kind'],
    discriminator: { propertyName: 'kind' },
    oneOf: [
      closed(['kind'], { kind: { enum: ['text', 'hex'] } }),
      closed(['kind'], {
        kind: { const: 'json' },
        body: path,
        fields: {
          type: 'object',
          maxProperties: 100,
          propertyNames: { type: 'string', minLength: 1, maxLength: 200 },
          additionalProperties: closed(['field'], { field: path, as: { enum: ['text', 'integer'] } }),
        },
      }),
    ],
  },
});
