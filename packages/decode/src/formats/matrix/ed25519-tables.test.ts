import { generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromLittleEndian, L } from './ed25519-curve.ts';
import { Ed25519Tables } from './ed25519-tables.ts';
import { KeyVerifier } from './key-verifier.ts';

interface Build {
  readonly ED25519: object;
  compileWasm(module: object): Promise<Uint8Array>;
  wrapWasm(binary: Uint8Array, module: object): string;
}

const IS_LONG = process.env.CUSTODY_LONG === '1';
const publicBytes = (key: KeyObject) => new Uint8Array(key.export({ format: 'der', type: 'spki' }).subarray(-32));
const pairs = Array.from({ length: 3 }, () => generateKeyPairSync('ed25519'));
const tables = Ed25519Tables.load() as Ed25519Tables;
const owners = pairs.map(({ publicKey }) => ({ publicKey: publicBytes(publicKey) }));
for (const owner of owners) tables.add(owner);

it('accepts what OpenSSL signs, for any key and message', () => {
  fc.assert(
    fc.property(fc.nat(2), fc.uint8Array({ maxLength: 300 }), (i, message) => {
      const { privateKey } = pairs[i] as (typeof pairs)[0];
      const signature = sign(null, message, privateKey);
      owners.forEach((owner, j) => {
        expect(tables.accepts(owner, message, signature)).toBe(i === j);
      });
    }),
    { numRuns: IS_LONG ? 2000 : 60 },
  );
});

it('agrees with OpenSSL about altered signatures and messages', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 100 }),
      fc.nat(),
      fc.nat(7),
      fc.boolean(),
      (message, at, bit, inMessage) => {
        const [{ privateKey, publicKey }] = pairs as [(typeof pairs)[0]];
        const signature = new Uint8Array(sign(null, message, privateKey));
        const altered = inMessage ? message : signature;
        altered[at % altered.length] = (altered[at % altered.length] as number) ^ (1 << bit);
        expect(tables.accepts(owners[0] as (typeof owners)[0], message, signature)).toBe(
          verify(null, message, publicKey, signature),
        );
      },
    ),
    { numRuns: IS_LONG ? 2000 : 60 },
  );
});

it('refuses S beyond L, other lengths, and keys that are no point', () => {
  const [{ privateKey }] = pairs as [(typeof pairs)[0]];
  const message = new Uint8Array(10);
  const signature = new Uint8Array(sign(null, message, privateKey));
  const larger = fromLittleEndian(signature.subarray(32)) + L;
  const malleated = signature.slice();
  for (let i = 0; i < 32; i++) malleated[32 + i] = Number((larger >> BigInt(8 * i)) & 255n);
  const [owner] = owners as [(typeof owners)[0]];
  expect([signature, malleated, signature.subarray(0, 63)].map((one) => tables.accepts(owner, message, one))).toEqual([
    true,
    false,
    false,
  ]);
  const y = (last: number) => ({
    publicKey: Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 2 : i === 31 ? last : 0)),
  });
  expect([tables.add(y(0)), tables.add({ publicKey: new Uint8Array(32).fill(255) })]).toEqual([false, false]);
});

it('takes no keys of small order, for which signatures can be made without a private key', () => {
  const order8 = 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa';
  const keys = ['00'.repeat(32), `01${'00'.repeat(31)}`, `ec${'ff'.repeat(30)}7f`, order8];
  for (const key of keys) expect(tables.add({ publicKey: new Uint8Array(Buffer.from(key, 'hex')) })).toBe(false);
});

it('a session of many messages is verified alike before and after it has tables, and beside many others', () => {
  const sessions = Array.from({ length: 60 }, () => generateKeyPairSync('ed25519'));
  const verifiers = sessions.map(({ publicKey }) => new KeyVerifier(publicBytes(publicKey)));
  for (let round = 0; round < 30; round++) {
    const message = Buffer.from(`${round}`);
    for (const [i, { privateKey }] of sessions.entries()) {
      const signature = sign(null, message, privateKey);
      if (verifiers[i]?.verifies(message, signature) !== true) throw new Error(`session ${i}, round ${round}`);
      if (round % 10 === 0) expect(verifiers[(i + 1) % 60]?.verifies(message, signature)).toBe(false);
    }
  }
});

it.skipIf(!IS_LONG || findPackageJSON('assemblyscript', import.meta.url) === undefined)(
  'ed25519-wasm.wasm.ts is what assembly/ed25519 compiles to',
  async () => {
    const build = (await import(new URL('../../../build-wasm.mjs', import.meta.url).href)) as Build;
    const generated = readFileSync(new URL('./ed25519-wasm.wasm.ts', import.meta.url), 'utf8');
    expect(build.wrapWasm(await build.compileWasm(build.ED25519), build.ED25519)).toBe(generated);
  },
);
