import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWithShared } from '../../../test/shared-folder.ts';
import { corpusReports, labelledLines } from '../bench/accuracy/corpus-measures.ts';
import { generatedTallies } from '../bench/accuracy/generated-measures.ts';
import { currencyTallies, ducklingTallies } from '../bench/accuracy/money-measures.ts';
import {
  coinTally,
  exampleTallies,
  presidioTallies,
  sequenceTallies,
  standardNumberTallies,
} from '../bench/accuracy/sequence-measures.ts';
import { canonicalValue } from './canonical-value.ts';
import { extractText } from './extract-text.ts';

/** Floors below what was measured: `npm run accuracy` prints the numbers and every miss. */
const FLOORS: Readonly<Record<string, number>> = {
  ...{ 'money English': 0.97, 'money Spanish': 0.96, 'money French': 0.97, 'money Portuguese': 0.97 },
  ...{ 'money Chinese': 0.97, 'money German': 0.95, 'money Italian': 0.95, 'money Dutch': 0.95, 'money Turkish': 0.95 },
  ...{ 'money Swedish': 0.95, 'money Japanese': 0.95, 'money Korean': 0.95, 'money Hindi': 0.95 },
  ...{ 'duckling money EN': 0.95, 'phone (possible)': 0.975, 'libphonenumber examples +': 0.997 },
  ...{ 'crypto addresses': 0.985, 'corpus lines labelled by hand': 0.98, 'generated imei': 1, 'generated iccid': 1 },
  ...{ 'generated imei, check digit wrong': 1, 'generated imsi': 1, 'generated mass': 0.99 },
  ...{ 'libphonenumber matcher: impossible': 1, ip: 0.98, url: 0.98, email: 0.95, mention: 1, 'presidio iban': 0.99 },
};

/** Types that chat about computers is full of, and that are right there. */
const USUAL = ['url', 'email', 'username', 'ip', 'mac', 'matrix'];

describeWithShared('the labelled sets', (folder) => {
  it('are read at least as well as promised', () => {
    const tallies = [
      ...currencyTallies(true),
      ...ducklingTallies(true),
      ...sequenceTallies(true),
      ...exampleTallies(true),
      ...presidioTallies(true),
      ...standardNumberTallies(true),
      coinTally(true),
      labelledLines(true),
      ...generatedTallies(true),
    ];
    const named = tallies.filter((tally) => FLOORS[tally.name] !== undefined);
    expect(named.length).toBe(Object.keys(FLOORS).length);
    const below = named.filter((tally) => tally.score() < (FLOORS[tally.name] as number));
    expect(below.map((tally) => tally.line())).toEqual([]);
  });

  it('give values that are canonical', () => {
    const rows = readFileSync(join(folder, 'labelled', 'recognizers_text.jsonl'), 'utf8')
      .trim()
      .split('\n');
    const mentions = rows.flatMap((row) => extractText((JSON.parse(row) as { input: string }).input));
    expect(mentions.length).toBeGreaterThan(1000);
    const wrong = mentions.filter(({ type, value }) => canonicalValue(type, value) !== value);
    expect(wrong.map(({ type, value }) => `${type} ${value} is ${canonicalValue(type, value)}`)).toEqual([]);
  });

  it('hold next to nothing that is not there: lines of chat', () => {
    const [irc] = corpusReports().filter(({ corpus }) => corpus === 'ubuntu-irc');
    const doubtful = (irc?.unlabelled ?? []).filter(({ mention }) => !USUAL.includes(mention.type));
    expect((doubtful.length / (irc?.lines ?? 0)) * 1000).toBeLessThanOrEqual(0.5);
  });
});
