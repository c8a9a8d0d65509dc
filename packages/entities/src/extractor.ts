import { ALNUM, byteClass, DIGIT, HIGH, LETTER, TRIGGER } from './byte-class.ts';
import { type MentionSink, Resolver } from './resolve.ts';
import { DIGITS, MIXED, type RunRule, type SignRule } from './rule.ts';
import { runRules, signRules } from './rules/index.ts';
import { matchWord, speltBeginnings } from './rules/spelt-amount.ts';
import { Scan } from './scan.ts';
import { slotOf, WordFilter } from './word-filter.ts';

/** Options of an extractor. `region` is an ISO 3166 code: whose dollars and crowns are meant when a text does not say. */
export interface ExtractorOptions {
  /** ISO 639 code of the language of the texts, where it is known: decides between readings of 1.234. */
  readonly lang?: string;
  readonly region?: string;
}

/** Raised whenever the same text gives other mentions: an index made with another version is made anew. */
export const EXTRACTOR_VERSION = 2;

/** No type has a longer run of letters and digits (Monero integrated addresses have 106). */
const LONGEST_RUN = 128;
/** What ends the skipping: a sign or digit, or the beginning of a word. */
const STOPS = TRIGGER | LETTER | HIGH;
/** Candidates held before they are decided and handed over. */
const BATCH = 1024;

/**
 * Finds entities in UTF-8 text. One pass looks each byte up in a table and stops at digits, `@`, `:` and `.`; a digit
 * leads to the run of letters and digits around it, whose length and make-up choose the rules to ask. Nothing is
 * decoded to strings and no regular expression runs. Each rule reads a bounded neighbourhood and a run is visited once,
 * so time is linear in the length of any text.
 */
export class Extractor {
  readonly #scan: Scan;
  readonly #resolver = new Resolver();

  constructor(options: ExtractorOptions = {}) {
    this.#scan = new Scan((options.region ?? '').toUpperCase(), (options.lang ?? '').toLowerCase().slice(0, 2));
  }

  /**
   * Scans `bytes[start..end)`, one text in UTF-8, and calls `sink` for each mention in order of start. Offsets are
   * those of `bytes`. Invalid UTF-8 is allowed; nothing is read outside the bounds.
   */
  scan(bytes: Uint8Array, start: number, end: number, sink: MentionSink): void {
    const scan = this.#scan;
    scan.bytes = bytes;
    scan.start = start;
    scan.end = end;
    scan.moneyEnd = start;
    scan.noHostBefore = start;
    scan.urlEnd = start;
    scan.found.clear();
    filter ??= new WordFilter(speltBeginnings());
    const words = filter.table;
    let i = start;
    while (i < end) {
      const kind = byteClass[bytes[i] as number] as number;
      if ((kind & STOPS) === 0) i++;
      else if ((kind & TRIGGER) !== 0) {
        i = this.#dispatch(scan, i);
        if (scan.found.count >= BATCH && i >= scan.found.furthest) this.#flush(scan, sink);
      } else if (i + 4 <= bytes.length && words[slotOf(bytes, i)] === 0) {
        i = (kind & HIGH) !== 0 ? afterHigh(bytes, i, end) : afterLetters(bytes, i, end);
      } else {
        const found = matchWord(scan, i);
        i = found > i ? found : (kind & HIGH) !== 0 ? afterHigh(bytes, i, end) : afterLetters(bytes, i, end);
      }
    }
    if (scan.found.count > 0) this.#flush(scan, sink);
  }

  #flush(scan: Scan, sink: MentionSink): void {
    this.#resolver.resolve(scan.found, sink);
    scan.found.clear();
  }

  #dispatch(scan: Scan, i: number): number {
    const byte = scan.bytes[i] as number;
    if (((byteClass[byte] as number) & DIGIT) !== 0) return matchRun(scan, i);
    let next = i + 1;
    for (const rule of signTable[byte] as readonly SignRule[]) next = Math.max(next, rule.match(scan, i));
    return next;
  }
}

let filter: WordFilter | null = null;

/** End of the letters from `i`; what follows them is met next. */
function afterLetters(bytes: Uint8Array, i: number, end: number): number {
  let at = i + 1;
  while (at < end && ((byteClass[bytes[at] as number] as number) & (LETTER | HIGH)) !== 0) at++;
  return at;
}

/** End of a word of letters beyond ASCII; scripts without spaces are met character by character. */
function afterHigh(bytes: Uint8Array, i: number, end: number): number {
  const lead = bytes[i] as number;
  if (lead >= 0xe2) return Math.min(i + 3, end);
  return afterLetters(bytes, i, end);
}

/** `i` is the first digit of its run. Returns the end of the run, or of what was found to begin with it. */
function matchRun(scan: Scan, i: number): number {
  const { bytes, end } = scan;
  const floor = Math.max(scan.start, i - LONGEST_RUN);
  let from = i;
  while (from > floor && ((byteClass[bytes[from - 1] as number] as number) & ALNUM) !== 0) from--;
  let to = i + 1;
  while (to < end && ((byteClass[bytes[to] as number] as number) & DIGIT) !== 0) to++;
  let shape = from === i ? DIGITS : MIXED;
  if (to < end && ((byteClass[bytes[to] as number] as number) & ALNUM) !== 0) {
    shape = MIXED;
    do to++;
    while (to < end && ((byteClass[bytes[to] as number] as number) & ALNUM) !== 0);
  }
  if (to - from > LONGEST_RUN) return to;
  scan.runStart = from;
  scan.runEnd = to;
  const before = scan.found.count;
  const rules = (shape === DIGITS ? digitTable : mixedTable)[to - from] as readonly RunRule[];
  for (const rule of rules) rule.match(scan);
  let next = to;
  for (let row = before; row < scan.found.count; row++) next = Math.max(next, scan.found.end[row] as number);
  return next;
}

function tableFor(shape: number): readonly (readonly RunRule[])[] {
  return Array.from({ length: LONGEST_RUN + 1 }, (_, length) =>
    runRules.filter((r) => (r.shapes & shape) !== 0 && length >= r.minLength && length <= r.maxLength),
  );
}

const digitTable = tableFor(DIGITS);
const mixedTable = tableFor(MIXED);
const signTable = Array.from({ length: 256 }, (_, sign) => signRules.filter((rule) => rule.sign === sign));
