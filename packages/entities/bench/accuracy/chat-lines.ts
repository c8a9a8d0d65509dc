import { readdirSync, readFileSync } from 'node:fs';
import { extractText } from '../../src/index.ts';
import { Tally } from './tally.ts';

const FOLDER = new URL('chat-lines/', import.meta.url);
const REGION = /^@([A-Z]{2}) /;
const MARK = /\[\[(\??)([a-z]+) ([^|]*)\|([^\]]*)\]\]/g;

/** A mention that a line should give; several values where more than one reading is right. */
export interface WantedMention {
  readonly type: string;
  readonly values: readonly string[];
  readonly start: number;
  readonly end: number;
  /** Neither asked for nor wrong. */
  readonly isOptional: boolean;
}

export interface ChatLine {
  readonly language: string;
  readonly region: string | null;
  readonly text: string;
  readonly wanted: readonly WantedMention[];
}

/**
 * Lines of chat invented and labelled by us, a file for each language. A line may begin with `@` and its region; a mention
 * is written `[[money GBP 450|£450]]`, with ` / ` between values that are both right, and `[[?` where it may be left out.
 */
export function chatLines(): ChatLine[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .flatMap((name) =>
      readFileSync(new URL(name, FOLDER), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => parse(name.slice(0, -4), line)),
    );
}

function parse(language: string, line: string): ChatLine {
  const region = REGION.exec(line)?.[1] ?? null;
  const marked = region === null ? line : line.slice(4);
  const wanted: WantedMention[] = [];
  let text = '';
  let at = 0;
  for (const [whole, optional, type = '', values = '', span = ''] of marked.matchAll(MARK)) {
    const from = marked.indexOf(whole, at);
    text += marked.slice(at, from);
    const list = values.split(' / ').map((value) => value.replace(`${type} `, ''));
    wanted.push({
      type,
      values: list,
      start: text.length,
      end: text.length + span.length,
      isOptional: optional === '?',
    });
    text += span;
    at = from + whole.length;
  }
  return { language, region, text: text + marked.slice(at), wanted };
}

/** What is wrong with what was found in a line: `missed …` and `not there: …`; empty where all is right. */
export function faultsOf({ region, text, wanted }: ChatLine): string[] {
  const left = [...extractText(text, region === null ? {} : { region })];
  const faults: string[] = [];
  for (const { type, values, start, end, isOptional } of wanted) {
    const at = left.findIndex(
      (one) => one.type === type && values.includes(one.value) && one.start === start && one.end === end,
    );
    if (at >= 0) left.splice(at, 1);
    else if (!isOptional) faults.push(`missed ${type} ${values[0]} «${text.slice(start, end)}»`);
  }
  return [...faults, ...left.map(({ type, value, text: span }) => `not there: ${type} ${value} «${span}»`)];
}

/** One measure a language: the share of lines read without a fault. */
export function chatTallies(showUnseen: boolean): Tally[] {
  const tallies = new Map<string, Tally>();
  for (const line of chatLines()) {
    const tally = tallies.get(line.language) ?? new Tally(`chat lines of ours ${line.language}`, showUnseen);
    const faults = faultsOf(line);
    tally.row(line.text, faults.length === 0, faults.join('; '));
    tallies.set(line.language, tally);
  }
  return [...tallies.values()];
}
