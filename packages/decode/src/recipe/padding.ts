import { fail } from './step-failure.ts';

const BLOCK = 16;

/** The text without its padding. A wrong one says that the key or the record is wrong: nothing else checks it. */
export function unpad(text: Buffer, padding: 'pkcs7' | 'zero' | 'iso7816' | 'none'): Buffer {
  switch (padding) {
    case 'none':
      return text;
    case 'zero':
      return text.subarray(0, lastBut(text, 0) + 1);
    case 'iso7816': {
      const mark = lastBut(text, 0);
      if (text[mark] !== 0x80 || text.length - mark > BLOCK) wrong();
      return text.subarray(0, mark);
    }
    case 'pkcs7': {
      const count = text.at(-1) ?? 0;
      if (count < 1 || count > BLOCK || count > text.length) wrong();
      if (!text.subarray(text.length - count).every((byte) => byte === count)) wrong();
      return text.subarray(0, text.length - count);
    }
  }
}

function lastBut(text: Buffer, byte: number): number {
  let at = text.length - 1;
  while (at >= 0 && text[at] === byte) at--;
  return at;
}

function wrong(): never {
  fail(
    'noise',
    'the padding of what the key gives is wrong: the record was altered or damaged, or the key is not its key',
  );
}
