const FULL_WIDTH = 1;
const NATIVE_DIGITS = 2;
const INVISIBLE = 4;
const HOMOGLYPH = 8;
const STYLED = 16;

/** Zero-width, joining and direction characters, soft hyphen and byte order mark. */
const INVISIBLES = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]|[\ufe00-\ufe0f]/u;
/** Zeros of the scripts whose digits stand in a row of ten (Unicode, general category Nd). */
const ZEROS = [
  ...[0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20],
  ...[0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0],
];
/** Letters of Cyrillic and Greek that look like Latin ones; read so only beside Latin letters or digits. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  ...{
    а: 'a',
    е: 'e',
    о: 'o',
    р: 'p',
    с: 'c',
    х: 'x',
    у: 'y',
    і: 'i',
    ѕ: 's',
    ј: 'j',
    ԁ: 'd',
    һ: 'h',
    ѵ: 'v',
    ԛ: 'q',
    ԝ: 'w',
  },
  ...{
    А: 'A',
    В: 'B',
    Е: 'E',
    К: 'K',
    М: 'M',
    Н: 'H',
    О: 'O',
    Р: 'P',
    С: 'C',
    Т: 'T',
    Х: 'X',
    У: 'Y',
    І: 'I',
    Ѕ: 'S',
    Ј: 'J',
    З: '3',
  },
  ...{
    ο: 'o',
    α: 'a',
    ν: 'v',
    ι: 'i',
    κ: 'k',
    Α: 'A',
    Β: 'B',
    Ε: 'E',
    Ζ: 'Z',
    Η: 'H',
    Ι: 'I',
    Κ: 'K',
    Μ: 'M',
    Ν: 'N',
    Ο: 'O',
    Ρ: 'P',
    Τ: 'T',
    Υ: 'Y',
    Χ: 'X',
  },
};

/** What a character is read as (nothing for what cannot be seen), and the bit of the fold, 0 where it is itself. */
export function foldCharacter(
  character: string,
  besideLatin: boolean,
): { readonly text: string; readonly fold: number } {
  const point = character.codePointAt(0) as number;
  if (point < 0x80) return { text: character, fold: 0 };
  if (INVISIBLES.test(character)) return { text: '', fold: INVISIBLE };
  if (point >= 0xff01 && point <= 0xff5e) return { text: String.fromCharCode(point - 0xfee0), fold: FULL_WIDTH };
  if (point === 0x3000) return { text: ' ', fold: FULL_WIDTH };
  const zero = ZEROS.find((first) => point >= first && point < first + 10);
  if (zero !== undefined) return { text: String(point - zero), fold: NATIVE_DIGITS };
  if (point === 0x66b) return { text: '.', fold: NATIVE_DIGITS };
  if (point === 0x66c) return { text: ',', fold: NATIVE_DIGITS };
  if ((point >= 0x1d400 && point <= 0x1d7ff) || (point >= 0x2460 && point <= 0x24e9)) return styled(character);
  if (besideLatin && Object.hasOwn(LOOKALIKES, character))
    return { text: LOOKALIKES[character] as string, fold: HOMOGLYPH };
  return { text: character, fold: 0 };
}

/** Mathematical and circled letters and digits. */
function styled(character: string): { readonly text: string; readonly fold: number } {
  const plain = character.normalize('NFKC');
  return /^[A-Za-z0-9]+$/.test(plain) ? { text: plain, fold: STYLED } : { text: character, fold: 0 };
}

/** Whether the character at `i` is one that `foldCharacter` may read otherwise: a quick look at its first bytes. */
export function mayFold(bytes: Uint8Array, i: number, end: number): boolean {
  const lead = bytes[i] as number;
  const next = i + 1 < end ? (bytes[i + 1] as number) : 0;
  const third = i + 2 < end ? (bytes[i + 2] as number) : 0;
  if (lead === 0xd9) return (next >= 0xa0 && next <= 0xac) || next === 0x9c;
  if (lead === 0xdb) return next >= 0xb0 && next <= 0xb9;
  if (lead === 0xef) return next === 0xbc || next === 0xbd || (next === 0xbb && third === 0xbf);
  if (lead === 0xf0) return next === 0x9d;
  if (lead === 0xe0) return isIndicDigit(next, third);
  if (lead === 0xe2) return isInvisible(next, third) || (next >= 0x91 && next <= 0x93);
  if (lead === 0xc2) return next === 0xad || (next >= 0xbc && next <= 0xbe);
  const isMixed = isLatin(i > 0 ? (bytes[i - 1] as number) : 0) || isLatin(third);
  return (lead === 0xd0 || lead === 0xd1 || lead === 0xce || lead === 0xcf) && isMixed;
}

/** Second halves of the rows of Indic scripts, Thai and Lao. */
function isIndicDigit(next: number, third: number): boolean {
  if (next === 0xb9 || next === 0xbb) return third >= 0x90 && third <= 0x99;
  return (next & 1) === 1 && next >= 0xa5 && next <= 0xb7 && third >= 0xa6 && third <= 0xaf;
}

function isInvisible(next: number, third: number): boolean {
  if (next === 0x80) return (third >= 0x8b && third <= 0x8f) || (third >= 0xaa && third <= 0xae);
  return next === 0x81 && third >= 0xa0 && third <= 0xaf;
}

function isLatin(byte: number): boolean {
  const lower = byte | 32;
  return (byte >= 0x30 && byte <= 0x39) || (lower >= 0x61 && lower <= 0x7a);
}
