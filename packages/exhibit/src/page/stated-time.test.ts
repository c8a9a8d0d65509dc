import { describe, expect, it } from 'vitest';
import { statedTime } from './stated-time.ts';

const time = (text: string) => [0x18, text.length, ...Buffer.from(text)];

describe('the time that a token states', () => {
  it('is its first GeneralizedTime', () => {
    const token = Uint8Array.from([0x30, 0x18, 0x02, ...time('20260102030405Z'), ...time('20270102030405Z')]);
    expect(statedTime(token)).toBe('2026-01-02 03:04:05 UTC');
  });

  it('is null where there is none, wherever the token is cut', () => {
    const token = Uint8Array.from([0x30, 0x11, ...time('20260102030405Z')]);
    for (let end = 0; end < token.length; end++) expect(statedTime(token.subarray(0, end))).toBeNull();
    expect(statedTime(Uint8Array.from(time('<b>60102030405Z')))).toBeNull();
  });
});
