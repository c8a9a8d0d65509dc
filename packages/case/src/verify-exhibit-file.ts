import { CustodyError } from '@custody/bytes';
import { readVerifierKey } from '@custody/chain';
import { checkViews, type ExhibitVerdict, PAGE_NAME, readZip, verifyExhibit } from '@custody/exhibit';
import { verifyEd25519 } from '@custody/segment';
import type { Failure } from './failure.ts';
import { toolBuild } from './tool-build.ts';

/** The verdict on an exhibit file: proven, or the first thing that does not hold. */
export type ExhibitFileVerdict =
  | (ExhibitVerdict & {
      /** Whether the page was rendered again and is the same, or was made by another build and not compared. */
      readonly page: 'agrees' | 'not compared: made by another build';
      readonly failures: readonly Failure[];
    })
  | { readonly kind: 'exhibit'; readonly ok: false; readonly failures: readonly Failure[] };

const PAGE_NOT_COMPARED: string = `${PAGE_NAME}: THE PAGE IS NOT PROVEN, it was made by another build of custody and may show anything. What is proven stands in exhibit.json; the build named there makes the page again`;

/** About the file as a whole, not about what it shows. */
const MENDABLE: ReadonlySet<string> = new Set(['EXHIBIT_UNREADABLE', 'EXHIBIT_TOO_LARGE']);

/**
 * Verifies an exhibit ZIP offline: no case, no identity, no network. What does not hold is the verdict; thrown is what the
 * caller can mend: VERIFIER_KEY_MALFORMED for the pinned key, EXHIBIT_UNREADABLE, EXHIBIT_TOO_LARGE, a store that is away.
 */
export async function verifyExhibitFile(path: string, verifierKey?: string): Promise<ExhibitFileVerdict> {
  if (verifierKey !== undefined) readVerifierKey(verifierKey);
  try {
    const members = await readZip(path);
    const { verdict, document, payload } = verifyExhibit(members, {
      verify: verifyEd25519,
      ...(verifierKey !== undefined && { verifierKey }),
    });
    const page = checkViews(document, payload, toolBuild().build);
    if (page === 'equal') return { ...verdict, page: 'agrees', failures: [] };
    const notChecked = [PAGE_NOT_COMPARED, ...verdict.notChecked];
    return { ...verdict, notChecked, page: 'not compared: made by another build', failures: [] };
  } catch (error) {
    if (!(error instanceof CustodyError) || MENDABLE.has(error.code) || error.family === 'unavailable') throw error;
    const object = typeof error.detail.name === 'string' ? error.detail.name : path;
    return { kind: 'exhibit', ok: false, failures: [{ object, code: error.code, message: error.message }] };
  }
}
