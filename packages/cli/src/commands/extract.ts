import { createInterface } from 'node:readline';
import { extractText } from '@custody/entities';
import { Command } from 'commander';
import { Output } from '../output.ts';

interface Line {
  readonly id: string | number;
  readonly text: string;
  readonly region?: string;
  readonly lang?: string;
}

export function extractCommand(): Command {
  return new Command('extract')
    .description(
      'entities of texts on stdin: each line plain text or {"id","text","region"?,"lang"?}; one JSON line each on stdout',
    )
    .option('--region <cc>', 'country of telephone numbers in national form')
    .option('--lang <code>', 'language of the texts (ISO 639), where it decides between readings of 1.234')
    .option('--json', 'accepted for uniformity: the output is always JSON')
    .action(run);
}

async function run(flags: { region?: string; lang?: string }): Promise<void> {
  const out = new Output(true);
  let number = 0;
  for await (const raw of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    const line = readLine(raw, ++number);
    const region = line.region ?? flags.region;
    const lang = line.lang ?? flags.lang;
    const options = { ...(region === undefined ? {} : { region }), ...(lang === undefined ? {} : { lang }) };
    const mentions = extractText(line.text, options);
    await out.line({ id: line.id, mentions }, () => '');
  }
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
