import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { generateIdentity, readIdentities, readIdentity, readRecipient } from './age-key.ts';
import { openSealed, openSealedStream } from './open-sealed.ts';
import { seal, sealedLength, sealStream } from './seal.ts';

const CHUNK = 65_536;
const SIZES = [
  0,
  1,
  2,
  1000,
  CHUNK - 1,
  CHUNK,
  CHUNK + 1,
  2 * CHUNK - 1,
  2 * CHUNK,
  2 * CHUNK + 1,
  16 * CHUNK,
  16 * CHUNK + 1,
  40 * CHUNK + 7,
];

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

describe('sealing', () => {
  const me = generateIdentity();
  const other = generateIdentity();

  it.each(SIZES)('opens what it sealed: %i bytes', async (size) => {
    const plain = randomBytes(size);
    const sealed = seal(plain, [me.recipient, readRecipient(other.recipient)]);
    expect(sealed.length).toBe(sealedLength(size, 2));
    expect(plain.equals(openSealed(sealed, [me]))).toBe(true);
    expect(plain.equals(openSealed(sealed, [other.secret]))).toBe(true);
    const streamed = await collect(sealStream(pieces(plain, 10_007), [me.recipient]));
    expect(streamed.length).toBe(sealedLength(size, 1));
    expect(plain.equals(openSealed(streamed, [other, me]))).toBe(true);
    for (const piece of [997, CHUNK, 2_000_000]) {
      expect(plain.equals(await collect(openSealedStream(pieces(streamed, piece), [me])))).toBe(true);
    }
  });

  it('says so when it was sealed to others', () => {
    const sealed = seal(Buffer.from('x'), [other.recipient]);
    expect(() => openSealed(sealed, [me])).toThrow(
      expect.objectContaining({ family: 'usage', code: 'SEALED_TO_OTHERS' }),
    );
    expect(() => openSealed(sealed, [])).toThrow(expect.objectContaining({ code: 'SEALED_TO_OTHERS' }));
    expect(() => seal(Buffer.from('x'), [])).toThrow(expect.objectContaining({ code: 'RECIPIENT_INVALID' }));
  });

  it('opens nothing after any one byte changed', () => {
    const sealed = seal(Buffer.from('sixteen bytes in'), [me.recipient]);
    for (let at = 0; at < sealed.length; at++) {
      const bad = Uint8Array.from(sealed);
      bad[at] = (bad[at] as number) ^ 0x01;
      expect(() => openSealed(bad, [me]), `byte ${at}`).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^(SEAL_BROKEN|SEALED_TO_OTHERS)$/) }),
      );
    }
  });

  it('opens nothing that was cut or added to', async () => {
    const sealed = seal(randomBytes(2 * CHUNK + 10), [me.recipient]);
    const broken = expect.objectContaining({ family: 'integrity', code: 'SEAL_BROKEN' });
    const header = sealedLength(0, 1) - 32;
    const cuts = [
      ...Array(header + 40).keys(),
      header + 16 + CHUNK + 16,
      header + 16 + 2 * (CHUNK + 16),
      sealed.length - 1,
    ];
    for (const length of cuts) {
      const cut = sealed.subarray(0, length);
      expect(() => openSealed(cut, [me]), `cut at ${length}`).toThrow(broken);
      await expect(collect(openSealedStream(pieces(cut, 4096), [me])), `stream cut at ${length}`).rejects.toEqual(
        broken,
      );
    }
    expect(() => openSealed(Buffer.concat([sealed, Buffer.alloc(1)]), [me])).toThrow(broken);
  });
});

describe('age keys', () => {
  it('reads an identity file with comments', () => {
    const a = generateIdentity();
    const b = generateIdentity();
    const file = `# created: 2026-01-01T00:00:00Z\n# public key: ${a.recipient}\n${a.secret}\n\n${b.secret}\r\n`;
    expect(readIdentities(file).map((i) => i.recipient)).toEqual([a.recipient, b.recipient]);
    expect(() => readIdentity(file)).toThrow(expect.objectContaining({ code: 'IDENTITY_INVALID' }));
    expect(readIdentity(a.secret).secret).toBe(a.secret);
  });

  it('does not show a secret by accident', () => {
    const a = generateIdentity();
    expect(JSON.stringify(a)).not.toContain(a.secret);
    const typo = a.secret.slice(0, -1) + (a.secret.endsWith('Q') ? 'P' : 'Q');
    let message = '';
    try {
      readIdentity(typo);
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain('line 1');
    expect(message).not.toContain(typo.slice(16, 40));
  });

  it('refuses what is no recipient', () => {
    const { recipient, secret } = generateIdentity();
    for (const bad of [
      '',
      'age1',
      recipient.toUpperCase(),
      recipient.slice(0, -1),
      `${recipient}q`,
      secret,
      `x${recipient}`,
    ]) {
      expect(() => readRecipient(bad), bad.slice(0, 20)).toThrow(
        expect.objectContaining({ code: 'RECIPIENT_INVALID' }),
      );
    }
  });
});
