import { equalBytes } from '@custody/bytes';
import { mismatch } from './errors.ts';
import { OWN_FRAME, verifierProgram } from './exhibit-views.ts';
import { VERIFIER_NAME } from './member-names.ts';
import type { ExhibitDocument } from './model.ts';
import { checkPage } from './page/check-page.ts';
import { type ExhibitMembers, memberOf } from './verify/open-bag.ts';

/**
 * Holds page and verify.py of a proven exhibit against what this build writes. Throws EXHIBIT_VIEW_MISMATCH where one is
 * another; null where another build made them.
 */
export function checkViews(document: ExhibitDocument, payload: ExhibitMembers, build: string): 'equal' | null {
  const page = checkPage(document, payload, { frame: OWN_FRAME, build });
  if (equalBytes(memberOf(payload, VERIFIER_NAME), verifierProgram())) return page;
  if (document.tool.build !== build) return null;
  throw mismatch('EXHIBIT_VIEW_MISMATCH', `${VERIFIER_NAME} is not the program that this build writes: it was edited`, {
    name: VERIFIER_NAME,
  });
}
