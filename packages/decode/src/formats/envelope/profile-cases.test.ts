import { createCipheriv, createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readKeyFiles } from '../../keys/read-key-files.ts';
import { detectFormat, probeOf } from '../../registry.ts';
import { type Decoded, decodeAll } from '../../testing/decode-all.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { envelopeFormat } from './envelope-format.ts';

const key = createHash('sha256').update('an invented key').digest();
const nonce = Buffer.alloc(12, 3);

function seal(text: string): string {
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
  return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString('hex');
}

const good = seal('known');
const altered = `${good.slice(0, -2)}${good.endsWith('00') ? '01' : '00'}`;

function yaml(more: { answer?: string; tampered?: string } = {}): string {
  return `
# An invented layout.
custodyProfile: 2
name: own
title: t
basedOn: invented
platform: own
container: { kind: csv, delimiter: ";", quote: '"', header: true }
records:
  - kind: message
    messageId: id
    sender: { field: who, type: username }
    recipe:
      steps:
        - { do: take, as: env, from: { field: env, encoding: hex } }
        - { do: key, as: k, id: { field: who } }
        - do: decrypt
          as: text
          cipher: chacha20-poly1305
          key: k
          iv: { of: env, to: 12 }
          ciphertext: { of: env, from: 12, to: -16 }
          tag: { of: env, from: -16 }
      inner: { kind: text }
knownAnswers:
  - record: { id: "1", who: AB12CD, env: "${good}" }
    keys: [{ id: AB12CD, hex: ${key.toString('hex')} }]
    expect: { outcome: authenticated, body: ${more.answer ?? 'known'}, messageId: "1", sender: AB12CD }
tampered:
  - record: { id: "1", who: AB12CD, env: "${more.tampered ?? altered}" }
    keys: [{ id: AB12CD, hex: ${key.toString('hex')} }]
    expect: { outcome: authentication-failed }
`;
}

const dump = Buffer.from(`id;who;env\n7;AB12CD;${seal('hello')}\n8;ZZ00ZZ;${seal('hello')}\n`);

async function decode(profile: string): Promise<Decoded> {
  const { keys } = readKeyFiles([{ name: 'own.yaml', bytes: Buffer.from(profile) }], () => null);
  const supplied = { for: 'profile:own', id: 'AB12CD', bytes: key, source: 'keys.json' };
  return decodeAll(envelopeFormat('csv'), { name: 'd.csv', source: memorySource(dump) }, { keys: [...keys, supplied] });
}

async function mistakesOf(profile: string): Promise<readonly string[]> {
  const error = await decode(profile).then(
    () => null,
    (thrown: unknown) => thrown as { code: string; detail: { mistakes: readonly string[] } },
  );
  expect(error?.code).toBe('PROFILE_INVALID');
  return error?.detail.mistakes ?? [];
}

describe('a profile supplied with the keys', () => {
  it('is recognised as one, in YAML, and decodes the dump', async () => {
    const { items, findings } = await decode(yaml());
    expect(items.map(({ body }) => Buffer.from(body ?? []).toString())).toEqual(['hello']);
    expect(items[0]?.authentication).toMatchObject({ mechanism: 'chacha20-poly1305', result: 'verified' });
    expect(findings.map(({ code }) => code)).toEqual(['KEY_MISSING']);
  });

  it('is what a dump is recognised by', () => {
    const { keys } = readKeyFiles([{ name: 'own.yaml', bytes: Buffer.from(yaml()) }], () => null);
    const [claim] = detectFormat(probeOf('delivery.csv', memorySource(dump), { keyring: { keys } }));
    expect(claim?.format.name).toBe('envelope-csv');
    expect(detectFormat(probeOf('delivery.csv', memorySource(dump)))).toEqual([]);
    expect(detectFormat(probeOf('own.yaml', memorySource(Buffer.from(yaml())), { keyring: { keys } }))).toEqual([]);
  });

  it('is refused where a case of its own goes otherwise', async () => {
    expect(await mistakesOf(yaml({ answer: 'unknown', tampered: good }))).toEqual([
      '/knownAnswers/0/expect/body: it is "known"',
      '/tampered/0/expect/outcome: it is "authenticated"',
    ]);
  });

  it('is refused without cases, and where it is neither JSON nor YAML', async () => {
    expect(await mistakesOf(yaml().replace(/knownAnswers[\s\S]*/, ''))).toHaveLength(2);
    expect(await mistakesOf(yaml().replace('name: own', 'name: own\nname: twice'))).toEqual([
      expect.stringContaining('neither JSON nor YAML'),
    ]);
    expect(await mistakesOf(yaml().replace('custodyProfile: 2', 'custodyProfile: 1'))).toEqual([
      '/records/0/recipe: needs "custodyProfile": 2, and cases',
    ]);
  });
});
