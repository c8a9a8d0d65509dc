import { utf8Encode } from '@custody/bytes';
import { describe, expect, it } from 'vitest';
import { findResidue } from './find-residue.ts';
import type { Needle } from './needles.ts';

const SECRET = 'Größe 42 & <b>Quai "Nord"</b> слово';
const needle: Needle = { text: SECRET, field: 'body', index: 7, rule: 0 };

function encodingOf(content: Uint8Array): string | undefined {
  return findResidue(new Map([['some.member', content]]), [needle])[0]?.encoding;
}

const buffer = Buffer.from(SECRET);
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
    ['in UTF-16, big end first', Buffer.from(SECRET, 'utf16le').swap16()],
  ])('%s', (_, content) => {
    expect(encodingOf(content)).toBeDefined();
  });

  it('and nothing else is', () => {
    expect(encodingOf(around('Größe 43 & <b>Quai'))).toBeUndefined();
    expect(findResidue(new Map([['a', around('text')]]), [])).toEqual([]);
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
