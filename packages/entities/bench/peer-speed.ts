import {
  Culture,
  recognizeCurrency,
  recognizeEmail,
  recognizeIpAddress,
  recognizePhoneNumber,
  recognizeURL,
} from '@microsoft/recognizers-text-suite';
import { findPhoneNumbersInText } from 'libphonenumber-js/max';
import { Extractor } from '../src/index.ts';
import { best } from './best-time.ts';
import { type Batch, denseMessages, quietMessages } from './messages.ts';

/** Bytes for the peers: the slowest takes two milliseconds a message. */
const PEER_BYTES = 15_000;
const OUR_BYTES = 1_000_000;
const decoder = new TextDecoder();

/** Speed of the peers and ours on the same texts in the same run, a line each. */
export function peerSpeeds(): string[] {
  const lines = [speedLine('ours, every type', ourRate)];
  lines.push(
    speedLine('libphonenumber-js, phones', (make) => textRate(make, (text) => findPhoneNumbersInText(text, 'US'))),
  );
  lines.push(
    speedLine('Recognizers-Text, five models', (make) =>
      textRate(make, (text) => {
        recognizeCurrency(text, Culture.English);
        recognizePhoneNumber(text, Culture.English);
        recognizeIpAddress(text, Culture.English);
        recognizeURL(text, Culture.English);
        recognizeEmail(text, Culture.English);
      }),
    ),
  );
  return lines;
}

interface Rate {
  readonly bytes: number;
  readonly messages: number;
}

type Make = (length: number) => Batch;

function speedLine(name: string, rate: (make: Make) => Rate): string {
  const parts = [rate(quietMessages), rate(denseMessages)].map(
    ({ bytes, messages }) => `${bytes.toPrecision(3)} MB/s, ${messages.toFixed(0)} messages/s`,
  );
  return `speed ${name.padEnd(30)} quiet ${parts[0]}; dense ${parts[1]}`;
}

function ourRate(make: Make): Rate {
  const batch = make(OUR_BYTES);
  const extractor = new Extractor();
  return rateOf(batch, () => {
    let start = 0;
    for (const end of batch.ends) {
      extractor.scan(batch.bytes, start, end, () => undefined);
      start = end;
    }
  });
}

function textRate(make: Make, read: (text: string) => unknown): Rate {
  const batch = make(PEER_BYTES);
  const texts = batch.ends.map((end, k) => decoder.decode(batch.bytes.subarray(batch.ends[k - 1] ?? 0, end)));
  return rateOf(batch, () => {
    for (const text of texts) read(text);
  });
}

function rateOf({ bytes, ends }: Batch, run: () => void): Rate {
  const seconds = best(3, run);
  return { bytes: bytes.length / 1e6 / seconds, messages: ends.length / seconds };
}
