import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { UsageError } from '@custody/bytes';
import { Dictionary, type ExtractorOptions, eachMention, explainMention } from '@custody/entities';
import { Command } from 'commander';
import { Output } from '../output.ts';

/** Characters of an answer that are put together before they become bytes. */
const PIECE = 1 << 16;

interface Line {
  readonly id: string | number;
  readonly text: string;
  readonly region?: string;
  readonly lang?: string;
}

interface Flags {
  readonly region?: string;
  readonly lang?: string;
  readonly explain?: boolean;
  readonly dictionary?: string;
}

export function extractCommand(): Command {
  return new Command('extract')
    .description(
      'entities of texts on stdin: each line plain text or {"id","text","region"?,"lang"?}; one JSON line each on stdout',
    )
    .option('--region <cc>', 'country of telephone numbers in national form')
    .option('--lang <code>', 'language of the texts (ISO 639), where it decides between readings of 1.234')
    .option('--explain', 'say of each mention why it is believed: rule, validator, cue word, reading, folds')
    .option('--dictionary <file>', 'code words, measures and watched values of the case, as JSON')
    .option('--json', 'accepted for uniformity: the output is always JSON')
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const out = new Output(true);
  const dictionary = flags.dictionary === undefined ? undefined : await readDictionary(flags.dictionary);
  let number = 0;
  for await (const raw of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    const line = readLine(raw, ++number);
    const answer = new LongLine();
    answer.add(`{"id":${JSON.stringify(line.id)},"mentions":[`);
    let comma = '';
    eachMention(line.text, optionsOf(line, flags, dictionary), (mention) => {
      const shown = flags.explain === true ? { ...mention, explain: explainMention(line.text, mention) } : mention;
      answer.add(comma + JSON.stringify(shown));
      comma = ',';
    });
    answer.add(']}\n');
    for (const piece of answer.pieces()) await out.bytes(piece);
  }
}

/** One line of the answer: a text of 100 MB may have more mentions than one string can hold. */
class LongLine {
  readonly #pieces: Buffer[] = [];
  #waiting = '';

  add(text: string): void {
    this.#waiting += text;
    if (this.#waiting.length < PIECE) return;
    this.#pieces.push(Buffer.from(this.#waiting));
    this.#waiting = '';
  }

  pieces(): readonly (Buffer | string)[] {
    return [...this.#pieces, this.#waiting];
  }
}

function optionsOf(line: Line, flags: Flags, dictionary: Dictionary | undefined): ExtractorOptions {
  const region = line.region ?? flags.region;
  const lang = line.lang ?? flags.lang;
  return {
    ...(region === undefined ? {} : { region }),
    ...(lang === undefined ? {} : { lang }),
    ...(dictionary === undefined ? {} : { dictionary }),
  };
}

async function readDictionary(path: string): Promise<Dictionary> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError('DICTIONARY_UNREADABLE', `the dictionary ${path} cannot be read: ${why}`);
  }
  return Dictionary.parse(text);
}

/** A line that is no such object is text itself, braces and all. */
function readLine(raw: string, number: number): Line {
  if (raw.startsWith('{')) {
    try {
      const value = JSON.parse(raw) as Partial<Line>;
      if (typeof value.text === 'string') {
        const region = typeof value.region === 'string' ? { region: value.region } : {};
        const lang = typeof value.lang === 'string' ? { lang: value.lang } : {};
        return { id: value.id ?? number, text: value.text, ...region, ...lang };
      }
    } catch {
      return { id: number, text: raw };
    }
  }
  return { id: number, text: raw };
}
