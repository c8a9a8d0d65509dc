import { hexDecode, hexEncode, sha256, UsageError, utf8Encode } from '@custody/bytes';
import { describe, expect, it } from 'vitest';
import { MOST_CANDIDATES } from '../keyring.ts';
import { candidatesFor } from './candidates.ts';
import { keyIdOf } from './key-id.ts';
import { readKeyFiles } from './read-key-files.ts';
import { readWhatsAppKey } from './whatsapp-key-file.ts';

const HEX = '0f'.repeat(32);
const JAVA = hexDecode('aced0005757200025b42acf317f8060854e00200007870');

function javaFile(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from([...JAVA, 0, 0, bytes.length >> 8, bytes.length & 0xff, ...bytes]);
}

function keyRecord(): Uint8Array {
  const record = new Uint8Array(131).map((_, i) => i);
  record.set([0, 1, 2]);
  record.set(sha256(record.subarray(35, 51)), 51);
  return record;
}

const noFiles = () => null;
const json = (value: unknown) => utf8Encode(JSON.stringify(value));

describe('key files', () => {
  it('knows the platform files by their bytes', () => {
    const { keys } = readKeyFiles(
      [
        { name: 'key', bytes: javaFile(keyRecord()) },
        { name: 'encrypted_backup.key', bytes: javaFile(new Uint8Array(32).fill(7)) },
        { name: 'digits.txt', bytes: utf8Encode(`${HEX.match(/.{8}/g)?.join(' ')}\n`) },
        { name: 'ring.gpg', bytes: Uint8Array.of(0x99, 1, 2) },
      ],
      noFiles,
    );
    expect(keys.map((key) => [key.for, key.bytes?.length, key.source])).toEqual([
      ['whatsapp-key', 131, 'key'],
      ['whatsapp-crypt15', 32, 'encrypted_backup.key'],
      ['file', 32, 'digits.txt'],
      ['file', 3, 'ring.gpg'],
    ]);
    const key = readWhatsAppKey(keys[0]?.bytes as Uint8Array);
    expect(key).toMatchObject({ cipherVersion: 1, keyVersion: 2, intact: true });
  });

  it('reads a keyring, with files relative to it, and keeps the keys of other formats', () => {
    const asked: string[] = [];
    const files = (keyring: string, path: string) => {
      asked.push(`${keyring} > ${path}`);
      return path === 'key' ? javaFile(keyRecord()) : utf8Encode('-----BEGIN MEGOLM SESSION DATA-----');
    };
    const { keys } = readKeyFiles(
      [
        {
          name: 'case/keys.json',
          bytes: json({
            keys: [
              { for: 'whatsapp-crypt15', hex: HEX },
              { for: 'whatsapp-key', file: 'key' },
              { for: 'signal-backup', passphrase: '00000' },
              { for: 'matrix-key-export', file: 'keys.txt', passphrase: 'p' },
              { for: 'profile:invented', id: 'k1', hex: HEX.toUpperCase() },
            ],
          }),
        },
      ],
      files,
    );
    expect(asked).toEqual(['case/keys.json > key', 'case/keys.json > keys.txt']);
    expect(keys.map((key) => key.for)).toEqual([
      'whatsapp-crypt15',
      'whatsapp-key',
      'signal-backup',
      'matrix-key-export',
      'profile:invented',
    ]);
    expect(hexEncode(keys[4]?.bytes as Uint8Array)).toBe(HEX);
    expect(keys[3]).toMatchObject({ passphrase: 'p', source: 'keys.txt' });
  });

  it('reports every mistake at once and shows no key', () => {
    const secret = 'c0ffee'.repeat(11);
    const bytes = json({
      keys: [
        { for: 'whatsapp-crypt15', hex: secret },
        { hex: `${secret}x` },
        { for: 'a', file: 'gone' },
        7,
        { for: 'b', [secret]: 1 },
      ],
      more: 1,
    });
    const error = caught(() =>
      readKeyFiles(
        [
          { name: 'k.json', bytes },
          { name: 'empty', bytes: new Uint8Array() },
        ],
        noFiles,
      ),
    );
    expect(error.code).toBe('KEYRING_INVALID');
    expect(error.detail.mistakes).toHaveLength(9);
    expect(error.message).not.toContain(secret);
    expect(error.message).toContain('keys[2]: file "gone" cannot be read');
  });

  it('does not quote a broken keyring', () => {
    const error = caught(() =>
      readKeyFiles([{ name: 'k.json', bytes: utf8Encode(`{"keys": [{"hex": "${HEX}" oops`) }], noFiles),
    );
    expect(error.message).not.toContain('0f0f');
    expect(error.cause).toBeUndefined();
  });

  it('refuses more candidates than supplied keys can be', () => {
    const keys = Array.from({ length: MOST_CANDIDATES + 1 }, (_, i) => ({
      for: 'whatsapp-crypt15',
      bytes: new Uint8Array(32).fill(i),
      source: 'test',
    }));
    const any = () => true;
    expect(candidatesFor({ keys }, ['whatsapp-crypt15'], any)).toEqual({ keys: [], tooMany: MOST_CANDIDATES + 1 });
    expect(candidatesFor({ keys: keys.slice(1) }, ['whatsapp-crypt15'], any).keys).toHaveLength(MOST_CANDIDATES);
    const twice = [...keys.slice(1), ...keys.slice(1)];
    expect(candidatesFor({ keys: twice }, ['whatsapp-crypt15'], any).keys).toHaveLength(MOST_CANDIDATES);
  });

  it('names a key by a fingerprint of its hash', () => {
    expect(keyIdOf(new Uint8Array(32))).toBe(hexEncode(sha256(sha256(new Uint8Array(32)))).slice(0, 16));
  });
});

function caught(act: () => unknown): UsageError {
  try {
    act();
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
