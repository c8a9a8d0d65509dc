/**
 * Speed on text made against the extractor: `node --conditions=source packages/entities/bench/adversarial.bench.ts [kind …]`.
 * Of each kind 250 kB and four times as much, as one text; dense text beside them, in the same run. Kinds with digits also
 * with other digits each time: what an attacker would write.
 */
import { Extractor } from '../src/index.ts';
import { adversarialKinds } from './adversarial-kinds.ts';
import { best } from './best-time.ts';
import { denseMessages } from './messages.ts';

const SMALL = 250_000;
const TIMES = 4;
/** What the issue asks: a quarter of the speed of dense text. */
const SHARE = 0.25;
const encoder = new TextEncoder();
const extractor = new Extractor();

interface Measured {
  readonly rate: number;
  readonly mentions: number;
}

/** Small and repeatable: the same text each time. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % below;
  };
}

/** The kind again and again with other digits each time, and other letters of those beside digits: nothing repeats itself. */
function varied(kind: string, length: number): Measured {
  const next = random(length);
  let text = '';
  while (text.length < length)
    text += kind
      .replace(/[1-9]/g, () => String(1 + next(9)))
      .replace(/(?<=[0-9])[a-f]|[a-f](?=[0-9:])/g, () => 'abcdef'.charAt(next(6)));
  const bytes = encoder.encode(text);
  return measure(bytes, [bytes.length]);
}

/** MB/s over texts that end at `ends`. */
function measure(bytes: Uint8Array, ends: readonly number[]): Measured {
  let mentions = 0;
  const seconds = best(3, () => {
    mentions = 0;
    let start = 0;
    for (const end of ends) {
      extractor.scan(bytes, start, end, () => mentions++);
      start = end;
    }
  });
  return { rate: bytes.length / 1e6 / seconds, mentions };
}

function repeated(kind: string, length: number): Measured {
  const bytes = encoder.encode(kind.repeat(Math.ceil(length / Buffer.byteLength(kind))));
  return measure(bytes, [bytes.length]);
}

const { bytes, ends } = denseMessages(1_000_000);
const dense = measure(bytes, ends).rate;
console.log(`dense ${dense.toFixed(0)} MB/s; a quarter is ${(dense * SHARE).toFixed(1)}`);
const chosen = process.argv.slice(2);
let below = 0;
let belowVaried = 0;
let bent = 0;
for (const kind of chosen.length > 0 ? chosen : adversarialKinds) {
  const small = repeated(kind, SMALL);
  const large = repeated(kind, SMALL * TIMES);
  const isSlow = large.rate < dense * SHARE;
  const isBent = large.rate < small.rate / 2 && isSlow;
  if (isSlow) below++;
  if (isBent) bent++;
  const other = /[0-9]/.test(kind) ? varied(kind, SMALL) : null;
  if (other !== null && other.rate < dense * SHARE) belowVaried++;
  const beside = other === null ? '' : `; with other digits each time ${other.rate.toFixed(1)}`;
  const marks = `${isSlow ? ' BELOW' : ''}${isBent ? ' NOT LINEAR' : ''}`;
  const perMention =
    large.mentions === 0 ? '' : `, ${((SMALL * TIMES) / large.rate / large.mentions).toFixed(2)} µs a mention`;
  console.log(
    `${JSON.stringify(kind).padEnd(18)} ${large.rate.toFixed(1).padStart(7)} MB/s  ${large.mentions} mentions${perMention}${beside}${marks}`,
  );
}
console.log(
  `${below} kinds below a quarter of dense, ${bent} not linear; with other digits each time ${belowVaried} below a quarter`,
);
