import { createCipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { utf8Decode } from '@custody/bytes';
import { describe, expect, it } from 'vitest';
import { describeWithShared } from '../../../../test/shared-folder.ts';
import { type OmemoPayload, openAesgcmFile, openPayload, readAesgcmLink } from './open-payload.ts';

interface Vector {
  readonly plaintext: string;
  readonly iv?: string;
  readonly payload: string;
  readonly key: string;
  readonly key_element_plain: string;
  readonly auth_tag: string;
}

const bytes = (text: string) => Buffer.from(text, 'base64');

describeWithShared('OMEMO payloads of other implementations', (folder) => {
  const file = readFileSync(join(folder, 'vectors/xmpp/omemo-payload-vectors.json'), 'utf8');
  const vectors = JSON.parse(file) as { legacy_0_3: readonly Vector[]; omemo2: readonly Vector[] };
  const cases = [
    ...vectors.legacy_0_3.map((vector) => ['legacy', vector] as const),
    ...vectors.omemo2.map((vector) => ['omemo2', vector] as const),
  ];

  it.each(cases)('%s', (version, vector) => {
    const iv = vector.iv === undefined ? null : bytes(vector.iv);
    const sealed: OmemoPayload = { version, iv, payload: bytes(vector.payload) };
    const opened = openPayload(sealed, bytes(vector.key_element_plain));
    expect(opened.outcome === 'verified' && utf8Decode(opened.plaintext)).toBe(vector.plaintext);
    for (const at of [0, sealed.payload.length - 1]) {
      const payload = Uint8Array.from(sealed.payload);
      payload[at] = (payload[at] as number) ^ 1;
      expect(openPayload({ ...sealed, payload }, bytes(vector.key_element_plain)).outcome).toBe('failed');
    }
    if (version === 'omemo2') return;
    const older = { ...sealed, payload: Buffer.concat([sealed.payload, bytes(vector.auth_tag)]) };
    expect(openPayload(older, bytes(vector.key)).outcome).toBe('verified');
  });
});

describe('aesgcm links', () => {
  const link = `aesgcm://files.example/a.bin#${'0a'.repeat(12)}${'0b'.repeat(32)}`;

  it('opens a file with the key of its link', () => {
    const found = readAesgcmLink(link);
    if (found === null) throw new Error('no link');
    const cipher = createCipheriv('aes-256-gcm', found.key, found.iv);
    const file = Buffer.concat([cipher.update('hello'), cipher.final(), cipher.getAuthTag()]);
    const opened = openAesgcmFile(file, found);
    expect(opened.outcome === 'verified' && utf8Decode(opened.plaintext)).toBe('hello');
    expect(openAesgcmFile(file.subarray(1), found).outcome).toBe('failed');
    expect(found.url).toBe('aesgcm://files.example/a.bin');
  });

  it('takes IVs of 16 bytes, and no other text', () => {
    expect(readAesgcmLink(`aesgcm://x/y#${'0a'.repeat(48)}`)?.iv).toHaveLength(16);
    expect(readAesgcmLink(`see ${link}`)).toBeNull();
    expect(readAesgcmLink(`aesgcm://x/y#${'0a'.repeat(43)}`)).toBeNull();
  });
});
