import type { Encoding } from './recipe.ts';

/** The bytes that a text stands for; null where not every character of it counts. */
export function decodeText(encoding: Encoding, text: Buffer): Buffer | null {
  switch (encoding) {
    case 'utf8':
      return text;
    case 'hex':
      return wholly(Buffer.from(text.toString('latin1'), 'hex'), text.length / 2);
    case 'base64':
    case 'base64url': {
      let end = text.length;
      while (end > 0 && end > text.length - 2 && text[end - 1] === 0x3d) end--;
      if (end % 4 === 1) return null;
      // node takes both alphabets, and skips what is in neither: the length shows it.
      return wholly(Buffer.from(text.toString('latin1', 0, end), 'base64'), Math.floor((end * 3) / 4));
    }
  }
}

function wholly(bytes: Buffer, length: number): Buffer | null {
  return bytes.length === length ? bytes : null;
}
