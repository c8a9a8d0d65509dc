/**
 * Accuracy on the labelled sets beside this repository: `npm run accuracy [-- WORD] [-- --unseen]`. Prints a line for
 * each measure, seen and unseen half apart, and every miss of the seen half; a word limits it to measures so named.
 */

import { peerSpeeds } from '../peer-speed.ts';
import { chatTallies } from './chat-lines.ts';
import { corpusReports, falsePositives, labelledLines } from './corpus-measures.ts';
import { generatedTallies } from './generated-measures.ts';
import { markLines } from './marks.ts';
import { currencyTallies, ducklingTallies } from './money-measures.ts';
import { peerTallies } from './peer-measures.ts';
import { recognizersTallies } from './recognizers-peer.ts';
import {
  coinTally,
  exampleTallies,
  presidioTallies,
  sequenceTallies,
  standardNumberTallies,
  syntheticTallies,
} from './sequence-measures.ts';

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const showUnseen = process.argv.includes('--unseen');
const isBrief = process.argv.includes('--brief');

const tallies = [
  ...currencyTallies(showUnseen),
  ...ducklingTallies(showUnseen),
  ...sequenceTallies(showUnseen),
  ...exampleTallies(showUnseen),
  ...presidioTallies(showUnseen),
  ...syntheticTallies(showUnseen),
  coinTally(showUnseen),
  ...standardNumberTallies(showUnseen),
  ...generatedTallies(showUnseen),
  ...chatTallies(showUnseen),
  labelledLines(showUnseen),
  ...peerTallies(showUnseen),
  ...recognizersTallies(showUnseen),
].filter((tally) => words.length === 0 || words.some((word) => tally.name.includes(word)));

console.log('measure                            F1 or share right, seen / unseen half');
for (const tally of tallies) {
  console.log(tally.line());
  if (!isBrief) for (const miss of tally.misses) console.log(`    ${miss}`);
}
if (words.length === 0 || words.includes('corpora')) {
  for (const { corpus, lines, mentions, unlabelled } of corpusReports()) {
    const rate = ((unlabelled.length / lines) * 1000).toFixed(2);
    console.log(
      `${corpus}: ${lines} lines, ${mentions} mentions, ${unlabelled.length} not labelled right (${rate} per 1,000)`,
    );
    if (isBrief) continue;
    for (const { line, mention, text } of unlabelled) {
      const around = text.slice(Math.max(0, mention.start - 25), mention.end + 25);
      console.log(`    ${line}: ${mention.type} ${mention.value} (${mention.tier})  …${around}…`);
    }
  }
}
if (words.length === 0 || words.includes('marks')) {
  console.log('\nmarks, over both halves of the shared sets');
  for (const line of markLines(tallies, falsePositives('ubuntu-irc'))) console.log(line);
}
if (words.length === 0 || words.includes('speed')) {
  console.log('\nspeed on one core, processor time, the same texts');
  for (const line of peerSpeeds()) console.log(line);
}
