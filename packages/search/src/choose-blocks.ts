import { utf8Encode } from '@custody/bytes';
import { classOfType } from './mention-rows.ts';
import { mayHold } from './merged/key-filter.ts';
import { typeTag } from './merged/merge-parts.ts';
import { isWantedType, type MentionTest, type WantedWord } from './query-plan.ts';
import type { SearchPart } from './tile-source.ts';

/** Blocks of a mentions part that may hold what a test accepts, in order. */
export function mentionBlocks(part: SearchPart, test: MentionTest): number[] {
  const { index } = part;
  if (index === null) return allBlocks(part);
  const chosen = new Set<number>();
  const choose = (type: number, low: Uint8Array, high: Uint8Array | null) => {
    const { from, to } = index.between(type, low, high);
    for (let block = from; block < to; block++) chosen.add(block);
  };
  for (const [type, name] of part.types.entries()) {
    if (!isWantedType(test.type, name, classOfType(name))) continue;
    if (test.values !== null) {
      const tag = typeTag(name);
      for (const value of test.values) {
        if (value.type !== null && value.type !== name) continue;
        if (mayHold(part.filter, tag, value.bytes)) choose(type, value.bytes, value.bytes);
      }
    } else if (test.prefixes !== null) {
      for (const prefix of test.prefixes) choose(type, prefix, endOfPrefix(prefix));
    } else choose(type, utf8Encode(''), null);
  }
  return [...chosen].sort((a, b) => a - b);
}

/** First byte of the first character of a script without spaces: all of them lie beyond U+0800 (RFC 3629). */
const UNSPACED_FROM = Uint8Array.of(0xe0);

/** Blocks of a words part that may hold a word. */
export function wordBlocks(part: SearchPart, { bytes: word, inPairs }: WantedWord): number[] {
  const { index } = part;
  if (index === null) return allBlocks(part);
  if (inPairs) return stretch(index.between(0, UNSPACED_FROM, null));
  if (!mayHold(part.filter, 0, word)) return [];
  return stretch(index.between(0, word, word));
}

export function allBlocks({ blocks }: SearchPart): number[] {
  return stretch({ from: 0, to: blocks });
}

function stretch({ from, to }: { readonly from: number; readonly to: number }): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

/** The least value beyond all that begin so; null where there is none. */
export function endOfPrefix(prefix: Uint8Array): Uint8Array | null {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length--;
  if (length === 0) return null;
  const end = prefix.slice(0, length);
  end[length - 1] = (end[length - 1] as number) + 1;
  return end;
}
