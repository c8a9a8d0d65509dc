const FULL_WIDTH = 1;
const NATIVE_DIGITS = 2;
const INVISIBLE = 4;
const HOMOGLYPH = 8;
const STYLED = 16;

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

/** What `foldPoint` gives for what cannot be seen; and for what is read as several characters, of `severalText`. */
export const NOTHING = -1;
export const SEVERAL = -2;

/** Bits of `foldNames` for the character `foldPoint` was asked about last, 0 where it is itself. */
export let foldOfPoint = 0;
export let severalText = '';

const digits: ReadonlyMap<number, number> = new Map(
  ZEROS.flatMap((zero) => Array.from({ length: 10 }, (_, value) => [zero + value, 0x30 + value] as const)),
);
const lookalikes: ReadonlyMap<number, number> = new Map(
  Object.entries(LOOKALIKES).map(([from, to]) => [from.charCodeAt(0), to.charCodeAt(0)]),
);

/** The character that a character is read as, both as code points, or NOTHING or SEVERAL. Sets `foldOfPoint`. */
export function foldPoint(point: number, besideLatin: boolean): number {
  foldOfPoint = 0;
  if (point < 0x80) return point;
  if (isInvisiblePoint(point)) return folded(NOTHING, INVISIBLE);
  if (point >= 0xff01 && point <= 0xff5e) return folded(point - 0xfee0, FULL_WIDTH);
  if (point === 0x3000) return folded(0x20, FULL_WIDTH);
  if (point === 0x66b || point === 0x66c) return folded(point === 0x66b ? 0x2e : 0x2c, NATIVE_DIGITS);
  const digit = digits.get(point);
  if (digit !== undefined) return folded(digit, NATIVE_DIGITS);
  if ((point >= 0x1d400 && point <= 0x1d7ff) || (point >= 0x2460 && point <= 0x24e9)) return styled(point);
  const latin = besideLatin ? lookalikes.get(point) : undefined;
  return latin === undefined ? point : folded(latin, HOMOGLYPH);
}

function folded(point: number, fold: number): number {
  foldOfPoint = fold;
  return point;
}

/** Zero-width, joining and direction characters, soft hyphen, byte order mark and variation selectors. */
function isInvisiblePoint(point: number): boolean {
  if (point < 0x200b) return point === 0xad || point === 0x61c || point === 0x180e;
  if (point <= 0x206f)
    return point <= 0x200f || (point >= 0x202a && point <= 0x202e) || (point >= 0x2060 && point !== 0x2065);
  return point === 0xfeff || (point >= 0xfe00 && point <= 0xfe0f);
}

/** Mathematical and circled letters and digits. */
function styled(point: number): number {
  const plain = String.fromCodePoint(point).normalize('NFKC');
  if (!/^[A-Za-z0-9]+$/.test(plain)) return point;
  severalText = plain;
  return folded(plain.length === 1 ? plain.charCodeAt(0) : SEVERAL, STYLED);
}

/** Whether the character at `i` is one that `foldPoint` may read otherwise: a quick look at its first bytes. */
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
