import { utf8Encode } from '@custody/bytes';
import { describe, expect, it } from 'vitest';
import { syntheticExhibit } from '../../../../test/synthetic-exhibit.ts';
import type { ExhibitLeaf } from '../model.ts';
import { writeDocument } from '../write-document.ts';
import { findResidue } from './find-residue.ts';
import { isSearchable, isSearched, type Needle } from './needles.ts';

const SECRET = 'Größe 42 & <b>Quai "Nord"</b> слово';
const needle: Needle = { text: SECRET, field: 'body', index: 7, rule: 0 };

function encodingOf(content: Uint8Array): string | undefined {
  return findResidue(new Map([['some.member', content]]), [needle])[0]?.encoding;
}

const buffer = Buffer.from(SECRET);
const hex2 = (byte: number) => byte.toString(16).padStart(2, '0');
const BASE32 = 'I5ZMHNWDT5SSANBSEATCAPDCHZIXKYLJEARE433SMQRDYL3CHYQNDAOQXPIL5UFS2C7A====';
const around = (text: string) => utf8Encode(`{"before": "${text}", "after": 1}`);
const escaped = [...SECRET].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const html = SECRET.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

describe('a withheld value is found', () => {
  it.each<[string, Uint8Array]>([
    ['as it stands', around(SECRET)],
    ['in other letters', around(SECRET.replace('Quai', 'QUAI'))],
    ['in hex', around(buffer.toString('hex'))],
    ['in hex in capitals', around(buffer.toString('hex').toUpperCase())],
    ['in hex within more hex', around(`00ff1${buffer.toString('hex')}7`)],
    ['in base64', around(buffer.toString('base64'))],
    ['in base64 within something longer', around(Buffer.from(`ab${SECRET}cd`).toString('base64'))],
    ['in base64url', around(buffer.toString('base64url'))],
    ['in JSON escapes', around(escaped)],
    ['in JSON quotes', utf8Encode(JSON.stringify({ a: SECRET }))],
    ['in HTML references', around(html)],
    ['in numbered references', around([...SECRET].map((char) => `&#${char.codePointAt(0)};`).join(''))],
    ['in percent encoding', around(encodeURIComponent(SECRET))],
    ['in UTF-16', Buffer.concat([Buffer.from('x\0'), Buffer.from(SECRET, 'utf16le')])],
    ['in capitals, marks and all', around(SECRET.toUpperCase())],
    ['with its marks apart', around(SECRET.normalize('NFD'))],
    ['letter by letter', around([...SECRET].join(' '))],
    ['with what cannot be seen in between', around([...SECRET].join('\u200b'))],
    ['in wide letters', around(SECRET.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)))],
    ['with other spaces', around(SECRET.replaceAll(' ', '\u00a0\n'))],
    ['in named references', around(html.replace('ö', '&ouml;').replace('ß', '&szlig;'))],
    ['in percent encoding, twice', around(encodeURIComponent(encodeURIComponent(SECRET)))],
    ['in quoted-printable', around([...buffer].map((byte) => `=${hex2(byte).toUpperCase()}`).join(''))],
    ['in escapes of C', around([...buffer].map((byte) => `\\x${hex2(byte)}`).join(''))],
    ['in octal escapes', around([...buffer].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join(''))],
    ['in hex with spaces', around([...buffer].map(hex2).join(' '))],
    ['in hex of UTF-16', around(Buffer.from(SECRET, 'utf16le').toString('hex'))],
    ['in base64 of UTF-16', around(Buffer.from(`x${SECRET}`, 'utf16le').toString('base64'))],
    ['in lines of base64', utf8Encode(buffer.toString('base64').replace(/.{12}/g, '$&\r\n'))],
    ['in base64, the end of it', around(Buffer.from(`abcd${SECRET}`).toString('base64').replace(/=+$/, ''))],
    ['in base32', around(BASE32)],
    ['from its end to its beginning', around([...SECRET].toReversed().join(''))],
    ['in UTF-16, big end first', Buffer.from(SECRET, 'utf16le').swap16()],
  ])('%s', (_, content) => {
    expect(encodingOf(content)).toBeDefined();
  });

  it('and nothing else is', () => {
    expect(encodingOf(around('Größe 43 & <b>Quai'))).toBeUndefined();
    expect(findResidue(new Map([['a', around('text')]]), [])).toEqual([]);
  });

  it('if it is two characters of Chinese or one emoji, and not as other letters that UTF-16 would make of it', () => {
    const one = (text: string): Needle => ({ text, field: 'value', index: null, rule: 0 });
    const search = (content: Uint8Array, text: string) => findResidue(new Map([['a', content]]), [one(text)]);
    expect(search(around('与芦名见面'), '芦名')).toHaveLength(1);
    expect(search(around('a 🧯'), '🧯')).toHaveLength(1);
    const letters = Buffer.from('杮扥', 'utf16le').toString();
    expect(letters).toBe('ngeb');
    expect(search(around(`${letters} `), '杮扥')).toEqual([]);
    const isLong = ['芦名', '김철수', '🧯', 'Jans', 'слов'].map(isSearchable);
    expect(isLong).toEqual([true, true, true, true, true]);
    expect(['Jan', '名', '❤️', 'か な', '©'].map(isSearchable)).toEqual([false, false, false, false, false]);
    expect(isSearched({ ...one('👍🏻'), field: 'body' })).toBe(false);
    expect(isSearched({ ...one('芦名'), field: 'sender' })).toBe(true);
  });

  it('in Latin-1', () => {
    const one: Needle = { text: 'Größe 42', field: 'value', index: null, rule: 0 };
    expect(findResidue(new Map([['a', Buffer.from('die Größe 42', 'latin1')]]), [one])).toHaveLength(1);
  });

  it('in what somebody wrote in a document, and a short one not in its hashes', () => {
    const { document } = syntheticExhibit(['call 4815', 'another', 'third']);
    const members = new Map([['data/exhibit.json', writeDocument(document)]]);
    const found = (text: string) => findResidue(members, [{ text, field: 'value', index: null, rule: 0 }], document);
    expect(found('4815')).toMatchObject([{ member: 'data/exhibit.json' }]);
    expect(found('c0ffee')).toEqual([]);
    const digest = (document.leaves[0] as ExhibitLeaf).previous;
    expect(found(digest.slice(0, 6))).toEqual([]);
    expect(found(digest)).toHaveLength(1);
  });

  it('among 20,000 others', () => {
    const many = Array.from(
      { length: 20_000 },
      (_, i): Needle => ({ text: `value ${i} of many`, field: 'body', index: i, rule: 0 }),
    );
    const content = utf8Encode('nothing of it here '.repeat(20_000));
    expect(findResidue(new Map([['a', content]]), many)).toEqual([]);
    const found = findResidue(new Map([['a', Buffer.concat([content, Buffer.from('VALUE 777 of many')])]]), many);
    expect(found.map((one) => one.needle.index)).toEqual([777]);
  });
});
