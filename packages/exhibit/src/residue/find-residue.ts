import { decodings } from './decodings.ts';
import type { Needle } from './needles.ts';
import { TextSearch } from './text-search.ts';

/** A withheld value that was found where it must not be. */
export interface Residue {
  readonly needle: Needle;
  /** Member of the ZIP, and how the value is written there. */
  readonly member: string;
  readonly encoding: string;
}

/** Withheld values that occur in the members of an exhibit, in whatever encoding; the first ones only. */
export function findResidue(members: ReadonlyMap<string, Uint8Array>, needles: readonly Needle[]): Residue[] {
  const search = new TextSearch(needles.map((needle) => [needle.text, needle] as const));
  if (search.isEmpty) return [];
  const found: Residue[] = [];
  for (const [member, bytes] of members) {
    for (const { name, text } of decodings(bytes)) {
      for (const needle of search.find(text)) found.push({ needle, member, encoding: name });
      if (found.length > 0) return found;
    }
  }
  return found;
}
