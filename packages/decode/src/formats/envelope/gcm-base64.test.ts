import { describe, expect, it } from 'vitest';
import { type GcmWasm, gcmWasm } from './gcm-wasm.ts';

const wasm = gcmWasm() as GcmWasm;
const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => (i * 167 + 13) & 0xff));

/** What the module makes of `text`; null: it holds a character that is no digit. */
function decode(text: string): Buffer | null {
  wasm.memory.fill(0xee, wasm.arena, wasm.arena + 512);
  wasm.memory.write(text, wasm.source, 'latin1');
  const length = wasm.base64(wasm.source, wasm.source + text.length, wasm.arena);
  if (length < 0) return null;
  // More than 4 bytes beyond may belong to the next field.
  expect(wasm.memory.subarray(wasm.arena + length + 5, wasm.arena + length + 40).every((byte) => byte === 0xee)).toBe(
    true,
  );
  return Buffer.from(wasm.memory.subarray(wasm.arena, wasm.arena + length));
}

describe('base64 in WebAssembly', () => {
  it('gives the bytes of every length, in both alphabets', () => {
    for (let length = 0; length <= bytes.length; length++) {
      const plain = bytes.subarray(0, length);
      expect(decode(plain.toString('base64').replaceAll('=', ''))?.equals(plain)).toBe(true);
      expect(decode(plain.toString('base64url'))?.equals(plain)).toBe(true);
    }
  });

  it('refuses each character that is no digit, at each place', () => {
    const text = bytes.subarray(0, 42).toString('base64');
    for (let place = 0; place < text.length; place++) {
      for (let code = 0; code < 256; code++) {
        const character = String.fromCharCode(code);
        const isDigit = /[A-Za-z0-9+/_-]/.test(character);
        const one = decode(text.slice(0, place) + character + text.slice(place + 1));
        expect(one !== null).toBe(isDigit);
      }
    }
  });

  it('refuses a single digit that is left over', () => {
    expect(decode('QUFBQ')).toBeNull();
    expect(decode(`${'QUFB'.repeat(8)}Q`)).toBeNull();
  });
});
