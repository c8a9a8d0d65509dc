import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { extractText, type TextMention } from '../../src/index.ts';
import { labelledFolder } from './labelled-rows.ts';
import { Tally } from './tally.ts';

/** What a person said about a mention in a corpus; the text is named by line number and hash, never quoted. */
export interface CorpusLabel {
  readonly corpus: string;
  readonly line: number;
  readonly hash: string;
  /** `type value` of the mentions that are right in that line. */
  readonly right: readonly string[];
  /** Whether the person read the whole line: what is not listed is wrong, what is listed and not found is missed. */
  readonly whole?: boolean;
}

const CORPORA: Readonly<Record<string, string>> = {
  'ubuntu-irc': 'ubuntu-irc/dev_test.raw.txt',
  'uci-sms': 'uci-sms/SMSSpamCollection.tsv',
};

const labelsFile = fileURLToPath(new URL('./corpus-labels.jsonl', import.meta.url));

export interface CorpusReport {
  readonly corpus: string;
  readonly lines: number;
  readonly mentions: number;
  /** Mentions that nobody has labelled as right. */
  readonly unlabelled: readonly { line: number; hash: string; mention: TextMention; text: string }[];
}

/** Precision and recall on the lines that a person read whole. */
export function labelledLines(showUnseen: boolean): Tally {
  const tally = new Tally('corpus lines labelled by hand', showUnseen);
  const texts = new Map(
    Object.entries(CORPORA).map(([corpus, path]) => [
      corpus,
      readFileSync(join(labelledFolder(), 'corpora', path), 'utf8').split('\n'),
    ]),
  );
  for (const { corpus, line, hash, right, whole } of labelList()) {
    const text = texts.get(corpus)?.[line - 1] ?? '';
    if (whole !== true || lineHash(text) !== hash) continue;
    const found = extractText(text, corpus === 'uci-sms' ? { region: 'GB' } : {}).map(({ type, value }) => ({
      text: `${type} ${value}`,
      value,
    }));
    const distinct = [...new Map(found.map((one) => [one.text, one])).values()];
    tally.spans(
      `${corpus} ${line}`,
      right.map((label) => ({ text: label, label: null })),
      distinct,
    );
  }
  return tally;
}

/**
 * False mentions a thousand lines of a corpus: the share of false ones among the mentions of lines that a person read
 * whole, times all its mentions.
 */
export function falsePositives(corpus: string): number {
  const texts = readFileSync(join(labelledFolder(), 'corpora', CORPORA[corpus] as string), 'utf8').split('\n');
  const mentionsOf = (text: string): string[] => extractText(text).map(({ type, value }) => `${type} ${value}`);
  let checked = 0;
  let wrong = 0;
  for (const label of labelList()) {
    const text = texts[label.line - 1] ?? '';
    if (label.corpus !== corpus || label.whole !== true || lineHash(text) !== label.hash) continue;
    const mentions = mentionsOf(text);
    checked += mentions.length;
    wrong += mentions.filter((mention) => !label.right.includes(mention)).length;
  }
  const all = texts.reduce((count, text) => count + mentionsOf(text).length, 0);
  return ((wrong / checked) * all * 1000) / texts.length;
}

/** Every mention in the corpora that no label calls right. */
export function corpusReports(): CorpusReport[] {
  const labels = readLabels();
  return Object.entries(CORPORA).map(([corpus, path]) => {
    const lines = readFileSync(join(labelledFolder(), 'corpora', path), 'utf8').split('\n');
    const unlabelled: { line: number; hash: string; mention: TextMention; text: string }[] = [];
    let mentions = 0;
    lines.forEach((text, at) => {
      for (const mention of extractText(text, corpus === 'uci-sms' ? { region: 'GB' } : {})) {
        mentions++;
        const hash = lineHash(text);
        const right = labels.get(`${corpus} ${at + 1} ${hash}`);
        if (right?.includes(`${mention.type} ${mention.value}`)) continue;
        unlabelled.push({ line: at + 1, hash, mention, text });
      }
    });
    return { corpus, lines: lines.length, mentions, unlabelled };
  });
}

export function lineHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function readLabels(): Map<string, readonly string[]> {
  return new Map(labelList().map((label) => [`${label.corpus} ${label.line} ${label.hash}`, label.right]));
}

function labelList(): CorpusLabel[] {
  if (!existsSync(labelsFile)) return [];
  const lines = readFileSync(labelsFile, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as CorpusLabel);
}
