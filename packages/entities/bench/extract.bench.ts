/**
 * Speed of the extractor and the tokeniser on one core: `node --conditions=source packages/entities/bench/extract.bench.ts`.
 * Text is made here from a seed; a corpus can be named as argument, one message a line.
 */
import { readFileSync } from 'node:fs';
import { Extractor, Tokeniser } from '../src/index.ts';
import { best } from './best-time.ts';
import { type Batch, batchOf, denseMessages, quietMessages } from './messages.ts';
import { peerSpeeds } from './peer-speed.ts';

const BATCH_BYTES = 8_000_000;
const encoder = new TextEncoder();

function report(name: string, { bytes, ends }: Batch): void {
  const extractor = new Extractor();
  const tokeniser = new Tokeniser();
  let found = 0;
  let tokens = 0;
  const seconds = best(5, () => {
    found = 0;
    let start = 0;
    for (const end of ends) {
      extractor.scan(bytes, start, end, () => found++);
      start = end;
    }
  });
  const wordSeconds = best(5, () => {
    tokens = 0;
    let start = 0;
    for (const end of ends) {
      tokeniser.tokenise(bytes, start, end, () => tokens++);
      start = end;
    }
  });
  const rate = (time: number): string =>
    `${(bytes.length / 1e6 / time).toFixed(0)} MB/s, ${((time / ends.length) * 1e6).toFixed(2)} µs a message`;
  console.log(`${name}: ${ends.length} messages, ${found} mentions, ${tokens} words`);
  console.log(`  extract ${rate(seconds)}; words ${rate(wordSeconds)}`);
}

function adversarial(name: string, text: string): void {
  const bytes = encoder.encode(text.repeat(Math.ceil(4_000_000 / text.length)));
  report(`adversarial ${name}`, { bytes, ends: [bytes.length] });
}

const only = process.argv.slice(2).filter((word) => word.startsWith('--'));
const wants = (name: string): boolean => only.length === 0 || only.includes(`--${name}`);
if (wants('quiet')) report('quiet', quietMessages(BATCH_BYTES));
if (wants('dense')) report('dense', denseMessages(BATCH_BYTES));
for (const path of process.argv.slice(2)) {
  if (!path.startsWith('--')) report(path, batchOf(readFileSync(path, 'utf8').split('\n')));
}
if (wants('peers')) for (const line of peerSpeeds()) console.log(line);
if (wants('adversarial')) {
  adversarial('digits', '1');
  adversarial('digits in groups', '12 ');
  adversarial('at signs', '@');
  adversarial('a@', 'a@');
  adversarial('dots', 'a.');
  adversarial('colons', 'a:');
  adversarial('letters', 'a');
  adversarial('plus', '+1 ');
  adversarial('slashes', 'a://');
  adversarial('number words', 'one two ');
  adversarial('ideographs', '一二三');
  adversarial('dollars', '$ a dollar ');
  adversarial('dotted noughts', '0.0.');
  adversarial('short decimals', '1.1 ');
  adversarial('spelt at signs', '(at)');
  adversarial('spelt dots', 'dot ');
  adversarial('sums', '€1');
}
