import { utf8DecodeLossy } from '@custody/bytes';

/** Stands between values, so that nothing is found across them; no text in UTF-8 has it, and folding keeps it. */
export const BARRIER: Uint8Array = Uint8Array.of(0xff, 0xff);

/**
 * A text as a person reads it: compatibility forms, letters without marks, in one case, without what cannot be seen, with
 * one space where there are several.
 */
export function foldLetters(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toUpperCase()
    .toLowerCase()
    .replace(/\s+/gu, ' ');
}

/** Letters and digits alone: what is left of a value however it is spaced, dotted or hyphened. Barriers stay. */
export function squash(folded: string): string {
  return folded.replace(/[^\p{L}\p{N}\ufffd]+/gu, '');
}

/** The text that stands for bytes, one character a byte. */
export function textOfLatin1(latin1: string): string {
  const bytes = new Uint8Array(latin1.length);
  for (let i = 0; i < latin1.length; i++) bytes[i] = latin1.charCodeAt(i);
  return utf8DecodeLossy(bytes);
}
