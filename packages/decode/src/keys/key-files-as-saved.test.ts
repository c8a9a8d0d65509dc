import { describe, expect, it } from 'vitest';
import { passwordOf } from './password-of.ts';
import { readKeyFiles } from './read-key-files.ts';

const hex = '6730a595a1484d0c39c101dc0ac82ec5e401bb6f0e1b8ee2dc104a6b3687f017'.replace(/[67]/g, '5');
const one = (bytes: Uint8Array | string) =>
  readKeyFiles([{ name: 'k', bytes: new Uint8Array(Buffer.from(bytes as string)) }], () => null).keys[0];
const inUtf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');

describe('a key file is read as people save it', () => {
  it.each([
    ['in capitals, with a line end of Windows', `${hex.toUpperCase()}\r\n`],
    ['in groups', hex.replace(/.{4}/g, '$& ')],
    ['over two lines', `${hex.slice(0, 32)}\n${hex.slice(32)}\n`],
    ['with colons', hex.replace(/..(?=.)/g, '$&:')],
    ['with 0x before it', `0x${hex}`],
    ['with hyphens', hex.replace(/.{8}(?=.)/g, '$&-')],
    ['behind a label', `\ufeffBackup key: ${hex.replace(/.{4}/g, '$& ')}\r\n`],
    ['in quotes behind a label', `key = "${hex}"\n`],
    ['as base64', `${Buffer.from(hex, 'hex').toString('base64')}\r\n`],
    ['behind a byte order mark', `\ufeff${hex}`],
    ['in UTF-16', inUtf16(`${hex}\r\n`)],
    ['in UTF-16 of the other order', Buffer.from(inUtf16(hex)).swap16()],
  ])('hex digits %s', (_, bytes) => {
    expect(Buffer.from(one(bytes)?.bytes ?? []).toString('hex')).toBe(hex);
  });

  it.each([
    ['with a byte order mark', `\ufeff{"keys": [{"for": "sqlcipher", "hex": "${hex}"}]}`],
    ['in UTF-16', inUtf16(` {"keys": [{"for": "sqlcipher", "hex": "${hex}"}]}`)],
  ])('a keyring %s', (_, bytes) => {
    expect(one(bytes)).toMatchObject({ for: 'sqlcipher', source: 'k' });
  });

  it.each([
    ['superS3cret pässword', 'superS3cret pässword'],
    ['0000\r\n', '0000'],
    ['\ufeffwith a mark\n', 'with a mark'],
    [inUtf16('wide\r\n'), 'wide'],
    [' kept ', ' kept '],
  ])('a password alone: %j', (bytes, password) => {
    expect(passwordOf(one(bytes) as never)).toBe(password);
  });

  it.each([['two\nlines'], ['\n'], [Uint8Array.of(0xc3, 0x28)], [Uint8Array.of(1, 2, 3)], [hex]])(
    'no password in %j',
    (bytes) => {
      expect(passwordOf(one(bytes) as never)).toBe(null);
    },
  );
});
