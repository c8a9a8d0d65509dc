import { utf8Encode } from '@custody/bytes';
import { foldQuery, Tokeniser } from '@custody/entities';

/** Scripts that are indexed by pairs of characters: neighbours need not be neighbours in the order asked for. */
const PAIRED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

const tokeniser = new Tokeniser();
const decoder = new TextDecoder();

/** Parts of a text whose words must follow one another: what stands in quotes, and each run in a script without spaces. */
export function phrasesOf(text: string): string[] {
  const parts = text.split('"');
  // An odd part stands between two quotes; after an unpaired one the rest is plain.
  const quoted = parts.filter((_, i) => i % 2 === 1 && i < parts.length - 1);
  const plain = parts.filter((_, i) => i % 2 === 0 || i === parts.length - 1);
  const runs = plain.flatMap((part) => part.split(/\s+/)).filter((run) => PAIRED.test(run));
  return [...quoted, ...runs].filter((phrase) => (foldQuery(phrase)[0]?.length ?? 0) > 1);
}

/**
 * Whether the phrases of a query's text stand in a body, told by the same words that the index is made of: case,
 * accents and ways to write the same letter do not count, nor do signs between words. For hits with `phraseUnchecked`.
 */
export function holdsPhrases(body: Uint8Array, text: string): boolean {
  const phrases = phrasesOf(text);
  if (phrases.length === 0) return true;
  const readings = wordSequences(body);
  return phrases.every((phrase) => {
    const spellings = [...foldQuery(phrase), ...wordSequences(utf8Encode(phrase))];
    return spellings.some((words) => readings.some((reading) => follows(reading, words)));
  });
}

/** The words of a text in order, once with compounds in their parts and once joined. */
function wordSequences(bytes: Uint8Array): string[][] {
  const parted: string[] = [];
  const joined: string[] = [];
  let joins = 0;
  tokeniser.onJoined = (parts) => {
    joins = parts;
  };
  tokeniser.tokenise(bytes, 0, bytes.length, (start, length) => {
    const word = decoder.decode(tokeniser.arena.subarray(start, start + length));
    if (joins > 0) joined.splice(joined.length - joins);
    else parted.push(word);
    joined.push(word);
    joins = 0;
  });
  tokeniser.onJoined = null;
  return [parted, joined];
}

function follows(reading: readonly string[], words: readonly string[]): boolean {
  for (let at = 0; at + words.length <= reading.length; at++) {
    if (words.every((word, i) => reading[at + i] === word)) return true;
  }
  return false;
}
