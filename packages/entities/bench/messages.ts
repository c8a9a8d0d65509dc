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
const encoder = new TextEncoder();

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** Messages of about 150 bytes; in dense text every one holds an entity, in quiet text one in fifty. */
function messages(dense: boolean, length: number): string[] {
  const next = random(7);
  const words = WORDS.split(' ');
  const list: string[] = [];
  for (let bytes = 0; bytes < length; ) {
    let text = '';
    while (text.length < 130) text += `${words[Math.floor(next() * words.length)]}${next() < 0.08 ? '. ' : ' '}`;
    if (next() < 0.3) text += `at ${Math.floor(next() * 12)} o'clock`;
    if (dense || next() < 0.02) text += ` ${DENSE[Math.floor(next() * DENSE.length)]}`;
    list.push(text);
    bytes += text.length;
  }
  return list;
}

/** Texts end to end in UTF-8, and where each ends. */
export interface Batch {
  readonly bytes: Uint8Array;
  readonly ends: number[];
}

export function batchOf(list: readonly string[]): Batch {
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

/** Everyday words of which every text names something: `length` bytes, the same each time. */
export function denseMessages(length: number): Batch {
  return batchOf(messages(true, length));
}

/** The same where one text in fifty does. */
export function quietMessages(length: number): Batch {
  return batchOf(messages(false, length));
}
