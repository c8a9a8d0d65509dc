import { CHECKPOINT_NAME, DOCUMENT_NAME } from '../member-names.ts';
import type { ExhibitDocument } from '../model.ts';
import { NeedleSearch } from './needle-search.ts';
import type { Needle } from './needles.ts';
import { writtenIn } from './searched-content.ts';

/** A withheld value that was found where it must not be. */
export interface Residue {
  readonly needle: Needle;
  /** Member of the ZIP, and how the value is written there. */
  readonly member: string;
  readonly encoding: string;
}

/** Hashes and base64 hold every short text somewhere: in members that are full of them longer ones are looked for. */
const LONG = 12;
const FULL_OF_HASHES = /(?:manifest-sha256\.txt|^data\/anchors\/.*)$/;

/**
 * Withheld values that occur in the members of an exhibit, in whatever encoding; the first ones only. Of the document,
 * every value is searched for in what somebody wrote, and long values in its bytes as they stand, too.
 */
export function findResidue(
  members: ReadonlyMap<string, Uint8Array>,
  needles: readonly Needle[],
  document: ExhibitDocument | null = null,
): Residue[] {
  const all = new NeedleSearch(needles);
  if (all.isEmpty) return [];
  const long = new NeedleSearch(needles.filter(({ text }) => text.length >= LONG));
  const found: Residue[] = [];
  const look = (search: NeedleSearch<Needle>, member: string, bytes: Uint8Array) => {
    for (const [needle, encoding] of search.find(bytes)) found.push({ needle, member, encoding });
    return found.length > 0;
  };
  for (const [member, bytes] of members) {
    const isDocument = document !== null && member.endsWith(DOCUMENT_NAME);
    if (isDocument) for (const part of writtenIn(document)) if (look(all, member, part)) return found;
    if (isDocument) for (const needle of long.findPlain(bytes)) found.push({ needle, member, encoding: 'plain' });
    const isHashed = FULL_OF_HASHES.test(member) || member.endsWith(`/${CHECKPOINT_NAME}`);
    if (found.length > 0 || (!isDocument && look(isHashed ? long : all, member, bytes))) return found;
  }
  return found;
}
