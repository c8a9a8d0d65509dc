/** What stands in front of a message: date, time, and how both are written. */
export interface LineHead {
  /** The text of date and time as found. */
  readonly raw: string;
  /** The three numbers of the date in the order found. */
  readonly parts: readonly [number, number, number];
  /** Which of them has four digits: the year; null where none has. */
  readonly yearAt: 0 | 2 | null;
  readonly separator: string;
  /** Minutes since midnight; null where the words for morning and afternoon are none that this build knows. */
  readonly minutes: number | null;
  readonly seconds: number | null;
  /** `[…] Name: text` (iPhone), `…: Name: text` (iPhone until about 2018) or `… - Name: text` (Android). */
  readonly shape: 'bracket' | 'colon' | 'dash';
  /** Text behind the head begins here, in characters of the line. */
  readonly end: number;
}

const MARKS = '[\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufeff]*';
const SPACE = '[ \\u00a0\\u202f]';
/** Words before or behind the time of twelve hours, as CLDR has them for the languages of the app. */
const MORNING = ['am', 'a.m.', '上午', '午前', '오전', 'ص', 'ق.ظ.', 'πμ', 'de.', 'vorm.', 'fm', 'पूर्वाह्न'];
const AFTERNOON = ['pm', 'p.m.', '下午', '午後', '오후', 'م', 'ب.ظ.', 'μμ', 'du.', 'nachm.', 'em', 'अपराह्न'];
const WORD = `\\p{L}[\\p{L}\\p{M}. \\u00a0\\u202f]{0,14}`;

const HEAD: RegExp = new RegExp(
  `^${MARKS}(?<open>\\[)?${MARKS}(?<raw>` +
    `(?<a>\\p{Nd}{1,4})(?<sep>[./\\-]|\\.${SPACE}|年|년${SPACE}?)(?<b>\\p{Nd}{1,2})(?:[./\\-]|\\.${SPACE}|月|월${SPACE}?)(?<c>\\p{Nd}{1,4})(?:\\.|日|일)?` +
    `(?:,|،)?${SPACE}+${MARKS}` +
    `(?:(?<before>${WORD}?)${SPACE}?)?` +
    `(?<h>\\p{Nd}{1,2})[:.](?<m>\\p{Nd}{2})(?:[:.](?<s>\\p{Nd}{2}))?` +
    `(?:${SPACE}?(?<after>${WORD}?))?)` +
    `${MARKS}(?:(?<bracket>\\])${SPACE}?|(?<colon>:)${SPACE}|${SPACE}+[-–]${SPACE}+|(?<=년.*),${SPACE})`,
  'u',
);

/** Longest head looked at. */
const LONGEST_HEAD = 80;

/** The head of a line that begins a message; null for a line that goes on. */
export function lineHead(line: string): LineHead | null {
  const found = HEAD.exec(line.slice(0, LONGEST_HEAD));
  const groups = found?.groups;
  if (found === null || groups === undefined) return null;
  const isBracket = groups.open !== undefined;
  const isColon = groups.colon !== undefined;
  if (isBracket !== (groups.bracket !== undefined) || (isColon && groups.s === undefined)) return null;
  const [a, b, c] = [groups.a as string, groups.b as string, groups.c as string];
  const [hour, minute] = [number(groups.h as string), number(groups.m as string)];
  const seconds = groups.s === undefined ? null : number(groups.s);
  if (hour > 24 || minute > 59 || (seconds ?? 0) > 60 || a.length === 3 || c.length === 3) return null;
  return {
    raw: groups.raw as string,
    parts: [number(a), number(b), number(c)],
    yearAt: a.length === 4 ? 0 : c.length === 4 ? 2 : null,
    separator: (groups.sep as string).trim(),
    minutes: minutesOf(hour, minute, `${groups.before ?? ''}${groups.after ?? ''}`),
    ...{ seconds, shape: isBracket ? 'bracket' : isColon ? 'colon' : 'dash', end: found[0].length },
  };
}

function minutesOf(hour: number, minute: number, word: string): number | null {
  const folded = word.toLowerCase().replaceAll(/[\s\u00a0\u202f]/gu, '');
  if (folded === '') return hour * 60 + minute;
  const isMorning = MORNING.includes(folded);
  if ((!isMorning && !AFTERNOON.includes(folded)) || hour > 12 || hour === 0) return null;
  return ((hour % 12) + (isMorning ? 0 : 12)) * 60 + minute;
}

/** Digits of any script (Unicode general category Nd): each script's ten stand in a row from its zero. */
function number(text: string): number {
  let value = 0;
  for (const digit of text) value = value * 10 + digitOf(digit.codePointAt(0) as number);
  return value;
}

function digitOf(code: number): number {
  if (code < 0x80) return code - 0x30;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return code - zero;
}
