import { ByteLexicon } from '../amounts/byte-lexicon.ts';
import { byteClass, DIGIT, isAlnum, LETTER, lowerByte } from '../byte-class.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CONTEXT } from '../vocabulary.ts';

const WICKR = knownType('wickr');
const THREEMA = knownType('threema');
const EOS = knownType('eos');
/** Messengers, and a chain, whose names for persons look like any other word: the filter stops at the messenger's name. */
const TYPES: ReadonlyMap<string, number> = new Map([
  ['wickr', WICKR],
  ['threema', THREEMA],
  ['eos', EOS],
]);
export const handleWords: readonly string[] = [...TYPES.keys()];

/** Between the messenger and the name. Those of the second list say that a name follows. */
const LINKS = 'me my pro app account wallet address op on auf en su met mit';
const IS = 'is ist est es è é to';
const NAMING = 'id ids name naam user username handle nick nickname nom nombre kennung ид';
const OWN = 'my mijn mijne mein meine mon mi meu minha mio benim moj moje mój min mitt im his her zijn sein add me';
const LINK = 1;
const IS_WORD = 2;
const NAMES = 4;
const OWNS = 8;
const words: ByteLexicon<number> = lexiconOf([LINKS, IS, NAMING, OWN]);

/** Bits of each word: one a list, in order. */
function lexiconOf(lists: readonly string[]): ByteLexicon<number> {
  const bits = new Map<string, number>();
  lists.forEach((list, k) => {
    for (const word of list.split(' ')) bits.set(word, (bits.get(word) ?? 0) | (1 << k));
  });
  return new ByteLexicon(bits);
}

const MOST_LINKS = 3;
const SHORTEST = 3;
const LONGEST = 32;
const THREEMA_LENGTH = 8;
const EOS_LENGTH = 12;
const ASTERISK = 0x2a;

/** `wickr: name`, `my threema is ECHOECHO`: the name after a messenger's. Returns where it ends, or `at`. */
export function matchNamedHandle(scan: Scan, at: number): number {
  const word = handleWordAt(scan, at);
  if (word === null) return at;
  const type = TYPES.get(word);
  const end = at + word.length;
  if (isAlnum(scan.at(end)) || scan.at(end) >= 0x80) return at;
  const place = nameAfter(scan, end);
  if (place === null) return at;
  if (type === EOS) return reportEos(scan, place) ? place.end : at;
  return type === THREEMA
    ? reportThreema(scan, place.start, at)
    : reportWickr(scan, place, isOwn(scan, at))
      ? place.end
      : at;
}

function handleWordAt(scan: Scan, at: number): string | null {
  for (const word of handleWords) {
    let k = 0;
    while (k < word.length && lowerByte(scan.at(at + k)) === word.charCodeAt(k)) k++;
    if (k === word.length) return word;
  }
  return null;
}

interface Place {
  readonly start: number;
  readonly end: number;
  /** Whether a colon, an at sign or a word such as `id` says that a name follows. */
  readonly certain: boolean;
  /** Whether `is` stands before it. */
  readonly linked: boolean;
}

/** Steps over up to three linking words and signs. */
function nameAfter(scan: Scan, from: number): Place | null {
  let i = from;
  let certain = false;
  let linked = false;
  for (let links = 0; links <= MOST_LINKS; links++) {
    while (isSign(scan.at(i))) {
      if (scan.at(i) === 0x3a || scan.at(i) === 0x3d || scan.at(i) === 0x40) certain = true;
      if (scan.at(i) === 0x2e || scan.at(i) === 0x2c || scan.at(i) === 0x0a) return null;
      i++;
    }
    const end = nameEnd(scan, i);
    if (end === i) return null;
    const bits = words.find(scan.bytes, i, end) ?? 0;
    if ((bits & NAMES) !== 0) certain = true;
    else if ((bits & IS_WORD) !== 0) linked = true;
    else if ((bits & LINK) === 0) return { start: i, end, certain, linked };
    i = end;
  }
  return null;
}

function isSign(byte: number): boolean {
  return (
    byte === 0x20 ||
    byte === 0x3a ||
    byte === 0x3d ||
    byte === 0x2d ||
    byte === 0x40 ||
    byte === 0x3e ||
    byte === 0x2e ||
    byte === 0x2c ||
    byte === 0x0a
  );
}

/** Letters, digits, `_`, full stops and hyphens inside, and an asterisk first. */
function nameEnd(scan: Scan, from: number): number {
  let i = scan.at(from) === ASTERISK ? from + 1 : from;
  while (i < scan.end && i - from <= LONGEST) {
    const byte = scan.at(i);
    const inside = (byte === 0x2e || byte === 0x2d) && isAlnum(scan.at(i + 1)) && i > from;
    if (!isAlnum(byte) && byte !== 0x5f && byte < 0x80 && !inside) break;
    i++;
  }
  return i;
}

/** Eight capitals or digits. */
function reportThreema(scan: Scan, start: number, at: number): number {
  for (let k = 0; k < THREEMA_LENGTH; k++) {
    const byte = scan.at(start + k);
    const isCapital = byte >= 0x41 && byte <= 0x5a;
    if (!isCapital && !scan.isDigitAt(start + k) && !(k === 0 && byte === ASTERISK)) return at;
  }
  const end = start + THREEMA_LENGTH;
  if (isAlnum(scan.at(end)) || scan.at(end) >= 0x80) return at;
  scan.found.begin();
  scan.found.putRange(scan.bytes, start, end);
  scan.found.report(THREEMA, TIER_CONTEXT, start, end);
  return end;
}

/** `eos: binancecleos`, `eos account is …`: twelve of a to z and 1 to 5, where a sign or a word says that a name follows. */
function reportEos(scan: Scan, { start, end, certain, linked }: Place): boolean {
  if (end - start !== EOS_LENGTH || !(certain || linked)) return false;
  for (let i = start; i < end; i++) {
    const byte = scan.at(i);
    if (!(byte >= 0x61 && byte <= 0x7a) && !(byte >= 0x31 && byte <= 0x35)) return false;
  }
  scan.found.begin();
  scan.found.putRange(scan.bytes, start, end);
  scan.found.report(EOS, TIER_CONTEXT, start, end);
  return true;
}

/** Any name where something says that one follows; else one that is no word: with a digit, `_` or a full stop. */
function reportWickr(scan: Scan, { start, end, certain, linked }: Place, own: boolean): boolean {
  const length = end - start;
  if (length < SHORTEST || length > LONGEST) return false;
  let isWord = true;
  for (let i = start; i < end; i++) {
    const byte = scan.at(i);
    if (byte >= 0x80) return false;
    if (((byteClass[byte] as number) & DIGIT) !== 0 || ((byteClass[byte] as number) & LETTER) === 0) isWord = false;
  }
  if (isWord && !certain && !(linked && own)) return false;
  scan.found.begin();
  for (let i = start; i < end; i++) scan.found.put(lowerByte(scan.at(i)));
  scan.found.report(WICKR, TIER_CONTEXT, start, end);
  return true;
}

/** `my wickr`, `add me on wickr`. */
function isOwn(scan: Scan, at: number): boolean {
  let end = at - 1;
  for (let count = 0; count < 2 && scan.at(end) === 0x20; count++) {
    let start = end;
    while (end - start < LONGEST && (isAlnum(scan.at(start - 1)) || scan.at(start - 1) >= 0x80)) start--;
    if (((words.find(scan.bytes, start, end) ?? 0) & OWNS) !== 0) return true;
    end = start - 1;
  }
  return false;
}
