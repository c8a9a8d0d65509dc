/**
 * Speed of the extractor and the tokeniser on one core: `node --conditions=source packages/entities/bench/extract.bench.ts`.
 * Text is made here from a seed; a corpus can be named as argument, one message a line.
 */
import { readFileSync } from 'node:fs';
import { Extractor, Tokeniser } from '../src/index.ts';

const WORDS =
  'the a to you i and it is that of in for my on me have do be not with are can just will so at if your we get what ' +
  'know when like how good think tomorrow tonight later maybe house street car money friend phone meeting please thanks';
const DENSE = [
  'call +31 6 12345678 ok',
  'send EUR 1.250,00 to NL91 ABNA 0417 1643 00',
  'mail jan.jansen@example.nl',
  'imei 35-209900-176148-1',
  'see https://example.com/a/b?c=d',
  'from 192.168.12.7 or 2001:db8::7',
  'price $1.2m or 50 quid for 2 kg',
  'btc bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq',
  '@somebody at 52.3702,4.8952',
];
const BATCH_BYTES = 8_000_000;
/** The processor's time is counted in ticks of some milliseconds. */
const ROUNDS = 4;
const encoder = new TextEncoder();

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** Messages of about 150 bytes; in dense text every one holds an entity, in quiet text one in fifty. */
function messages(dense: boolean): string[] {
  const next = random(7);
  const words = WORDS.split(' ');
  const list: string[] = [];
  for (let bytes = 0; bytes < BATCH_BYTES; ) {
    let text = '';
    while (text.length < 130) text += `${words[Math.floor(next() * words.length)]}${next() < 0.08 ? '. ' : ' '}`;
    if (next() < 0.3) text += `at ${Math.floor(next() * 12)} o'clock`;
    if (dense || next() < 0.02) text += ` ${DENSE[Math.floor(next() * DENSE.length)]}`;
    list.push(text);
    bytes += text.length;
  }
  return list;
}

interface Batch {
  readonly bytes: Uint8Array;
  readonly ends: number[];
}

function batchOf(list: readonly string[]): Batch {
  const parts = list.map((text) => encoder.encode(text));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  const ends: number[] = [];
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
    ends.push(at);
  }
  return { bytes, ends };
}

/** Least processor time of five runs, in seconds: other work on the machine does not count. */
function best(run: () => void): number {
  let fastest = Number.POSITIVE_INFINITY;
  for (let k = 0; k < 5; k++) {
    const before = process.threadCpuUsage();
    for (let r = 0; r < ROUNDS; r++) run();
    const { user, system } = process.threadCpuUsage(before);
    fastest = Math.min(fastest, user + system);
  }
  return fastest / 1e6 / ROUNDS;
}

function report(name: string, { bytes, ends }: Batch): void {
  const extractor = new Extractor();
  const tokeniser = new Tokeniser();
  let found = 0;
  let tokens = 0;
  const seconds = best(() => {
    found = 0;
    let start = 0;
    for (const end of ends) {
      extractor.scan(bytes, start, end, () => found++);
      start = end;
    }
  });
  const wordSeconds = best(() => {
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
if (wants('quiet')) report('quiet', batchOf(messages(false)));
if (wants('dense')) report('dense', batchOf(messages(true)));
for (const path of process.argv.slice(2)) {
  if (!path.startsWith('--')) report(path, batchOf(readFileSync(path, 'utf8').split('\n')));
}
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
