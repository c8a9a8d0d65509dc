import { isUtf8 } from 'node:buffer';
import { createCipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../../../test/random.ts';
import { describeWithShared } from '../../../../../test/shared-folder.ts';
import { type BatchKey, batchKey, GcmBatch } from './gcm-batch.ts';

interface Sealed {
  readonly key: BatchKey;
  readonly iv: Uint8Array;
  readonly aad: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

function put(batch: GcmBatch, bytes: Uint8Array): number {
  const at = batch.reserve(bytes.length);
  if (at < 0) throw new Error('no room');
  batch.wasm.memory.set(bytes, at);
  return at;
}

function add(batch: GcmBatch, { key, iv, aad, ciphertext, tag }: Sealed): number {
  const parts = { iv: put(batch, iv), aad: put(batch, aad), text: put(batch, ciphertext), tag: put(batch, tag) };
  return batch.add(key, { ...parts, aadLength: aad.length, textLength: ciphertext.length });
}

/** Plaintexts of one window, null where a message was not opened. `add` is repeated until keys have tables. */
function openAll(batch: GcmBatch, messages: readonly Sealed[]): (Buffer | null)[] {
  for (let round = 0; ; round++) {
    batch.renew();
    const numbers = messages.map((message) => add(batch, message));
    batch.open();
    if (round < 8) continue;
    return numbers.map((n) =>
      batch.opened(n) ? Buffer.from(batch.wasm.memory.subarray(batch.start(n), batch.end(n))) : null,
    );
  }
}

function seal(secret: KeyObject, key: BatchKey, parts: { iv: Uint8Array; aad: Uint8Array; text: Uint8Array }): Sealed {
  const cipher = createCipheriv('aes-256-gcm', secret, parts.iv);
  cipher.setAAD(parts.aad);
  const ciphertext = Buffer.concat([cipher.update(parts.text), cipher.final()]);
  return { key, iv: parts.iv, aad: parts.aad, ciphertext, tag: cipher.getAuthTag() };
}

const batch = GcmBatch.create() as GcmBatch;

describe('GcmBatch', () => {
  it('opens what node:crypto seals, for lengths around every block border, and says what is UTF-8', () => {
    const random = new Random(1);
    const secrets = [1, 2, 3].map(() => createSecretKey(random.bytes(32)));
    const keys = secrets.map(batchKey);
    const texts: Uint8Array[] = [];
    const messages: Sealed[] = [];
    for (let length = 0; length < 70; length++) {
      for (const aadLength of [0, length % 33, 1000]) {
        const which = random.below(3);
        const text = random.bytes(length);
        if (random.below(2) === 0) for (let i = 0; i < length; i++) text[i] = (text[i] as number) & 0x7f;
        texts.push(text);
        messages.push(
          seal(secrets[which] as KeyObject, keys[which] as BatchKey, {
            iv: random.bytes(12),
            aad: random.bytes(aadLength),
            text,
          }),
        );
      }
    }
    const opened = openAll(batch, messages);
    expect(opened.map((text) => text?.toString('hex'))).toEqual(texts.map((text) => Buffer.from(text).toString('hex')));
    texts.forEach((text, n) => {
      expect(batch.isUtf8(n)).toBe(isUtf8(text));
    });
  });

  it('tells UTF-8 as node does, whatever one byte of it is', () => {
    const random = new Random(5);
    const secret = createSecretKey(random.bytes(32));
    const key = batchKey(secret);
    const characters = ['a', '\u00e9', '\u07ff', '\u0800', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'];
    for (let round = 0; round < 12; round++) {
      const texts = Array.from({ length: 200 }, () => {
        const text = Buffer.from(Array.from({ length: 1 + random.below(30) }, () => random.pick(characters)).join(''));
        if (random.below(3) > 0) text[random.below(text.length)] = random.below(256);
        return text.subarray(0, random.below(4) === 0 ? random.below(text.length) : text.length);
      });
      const aad = new Uint8Array(0);
      openAll(
        batch,
        texts.map((text) => seal(secret, key, { iv: random.bytes(12), aad, text })),
      );
      texts.forEach((text, n) => {
        expect(batch.isUtf8(n), text.toString('hex')).toBe(isUtf8(text));
      });
    }
  });

  it('opens nothing and alters nothing where any one bit of text, tag, IV or additional data is flipped', () => {
    const random = new Random(2);
    const secret = createSecretKey(random.bytes(32));
    const key = batchKey(secret);
    const good = seal(secret, key, { iv: random.bytes(12), aad: random.bytes(5), text: random.bytes(19) });
    const bad: Sealed[] = [];
    for (const part of ['iv', 'aad', 'ciphertext', 'tag'] as const) {
      for (let bit = 0; bit < 8 * good[part].length; bit++) {
        const bytes = Uint8Array.from(good[part]);
        bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
        bad.push({ ...good, [part]: bytes });
      }
    }
    for (let from = 0; from < bad.length; from += 200) {
      const some = [good, ...bad.slice(from, from + 200)];
      const [first, ...rest] = openAll(batch, some);
      expect(first).not.toBeNull();
      expect(new Set(rest)).toEqual(new Set([null]));
      some.slice(1).forEach(({ ciphertext }, i) => {
        const [start, end] = [batch.start(i + 1), batch.end(i + 1)];
        expect(batch.wasm.memory.subarray(start, end).equals(ciphertext)).toBe(true);
      });
    }
  });

  it('leaves keys with few messages alone, and takes tables from keys of earlier windows only', () => {
    const random = new Random(3);
    const make = () => {
      const secret = createSecretKey(random.bytes(32));
      return { secret, key: batchKey(secret) };
    };
    const text = random.bytes(40);
    const one = (from: ReturnType<typeof make>) =>
      seal(from.secret, from.key, { iv: random.bytes(12), aad: text, text });
    batch.renew();
    const rare = one(make());
    const n = add(batch, rare);
    batch.open();
    expect(batch.opened(n)).toBe(false);
    for (let round = 0; round < 3; round++) {
      const many = Array.from({ length: batch.wasm.mostKeys }, () => one(make()));
      expect(openAll(batch, many).every((plain) => plain?.equals(text))).toBe(true);
    }
  });

  it('has room for a window of the longest parts and refuses what is beyond it', () => {
    batch.renew();
    let bytes = 0;
    for (let at = batch.reserve(1000); at >= 0; at = batch.reserve(1000)) bytes += 1000;
    expect(bytes).toBeGreaterThan(0.9 * batch.wasm.arenaSize);
    expect(bytes).toBeLessThanOrEqual(batch.wasm.arenaSize);
    batch.renew();
    expect(batch.reserve(1000)).toBe(batch.wasm.arena);
  });
});

interface Vectors {
  readonly testGroups: readonly {
    readonly ivSize: number;
    readonly keySize: number;
    readonly tagSize: number;
    readonly tests: readonly Record<'key' | 'iv' | 'aad' | 'msg' | 'ct' | 'tag' | 'result', string>[];
  }[];
}

describeWithShared('Wycheproof AES-GCM', (folder) => {
  it('opens the valid and none of the invalid cases of 256-bit keys, IVs of 12 bytes and whole tags', () => {
    const path = `${folder}/vectors/wycheproof/aes_gcm_test.json`;
    const { testGroups } = JSON.parse(readFileSync(path, 'utf8')) as Vectors;
    const groups = testGroups.filter(
      ({ ivSize, keySize, tagSize }) => `${keySize} ${ivSize} ${tagSize}` === '256 96 128',
    );
    const cases = groups.flatMap(({ tests }) => tests);
    expect(cases.length).toBeGreaterThan(50);
    const hex = (text: string) => Buffer.from(text, 'hex');
    const messages = cases.map((test) => ({
      key: batchKey(createSecretKey(hex(test.key))),
      iv: hex(test.iv),
      aad: hex(test.aad),
      ciphertext: hex(test.ct),
      tag: hex(test.tag),
    }));
    const opened = openAll(batch, messages).map((plain) => plain?.toString('hex') ?? null);
    expect(opened).toEqual(cases.map(({ result, msg }) => (result === 'valid' ? msg : null)));
  });
});
