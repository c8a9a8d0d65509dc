import { Tokeniser } from './tokeniser.ts';

/** A query with many compounds is not spelled out in every combination. */
const MOST_ALTERNATIVES = 16;

const tokeniser = new Tokeniser();
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The words a text is looked up by, folded as the index folds them: a list of alternatives, each a list of words that
 * must all occur. `06-12345678` gives `[['06', '12345678'], ['0612345678']]`. Empty where the text has no words.
 */
export function foldQuery(text: string): string[][] {
  const slots = readSlots(text);
  if (slots.length === 0) return [];
  let alternatives: string[][] = [[]];
  for (const slot of slots) {
    const options = slot.joined === null ? [slot.words] : [slot.words, [slot.joined]];
    const grown = alternatives.flatMap((words) => options.map((option) => [...words, ...option]));
    alternatives = grown.length <= MOST_ALTERNATIVES ? grown : alternatives.map((words) => [...words, ...slot.words]);
  }
  return alternatives;
}

interface Slot {
  readonly words: string[];
  readonly joined: string | null;
}

/** Words in order; those of a compound stand in one slot with its joined form. */
function readSlots(text: string): Slot[] {
  const slots: Slot[] = [];
  const bytes = encoder.encode(text);
  let joins = 0;
  tokeniser.onJoined = (parts) => {
    joins = parts;
  };
  tokeniser.tokenise(bytes, 0, bytes.length, (start, length) => {
    const word = decoder.decode(tokeniser.arena.subarray(start, start + length));
    if (joins === 0) {
      slots.push({ words: [word], joined: null });
      return;
    }
    const words = slots.splice(slots.length - joins).flatMap((slot) => slot.words);
    slots.push({ words, joined: word });
    joins = 0;
  });
  tokeniser.onJoined = null;
  return slots;
}
