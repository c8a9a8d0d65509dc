import { equalBytes } from '@custody/bytes';
import { mismatch } from '../errors.ts';
import { DOCUMENT_NAME, PAGE_NAME } from '../member-names.ts';
import type { ExhibitDocument } from '../model.ts';
import { type ExhibitMembers, memberOf } from '../verify/open-bag.ts';
import { type PageFrame, renderPage } from './page-frame.ts';

/**
 * Makes the page again from the proven document and compares. Throws EXHIBIT_VIEW_MISMATCH where the page is another;
 * null where another build made it, whose page this one cannot make again.
 */
export function checkPage(
  document: ExhibitDocument,
  payload: ExhibitMembers,
  own: { readonly frame: PageFrame; readonly build: string },
): 'equal' | null {
  const expected = renderPage(memberOf(payload, DOCUMENT_NAME), own.frame);
  if (equalBytes(expected, memberOf(payload, PAGE_NAME))) return 'equal';
  if (document.tool.build !== own.build) return null;
  throw mismatch('EXHIBIT_VIEW_MISMATCH', `${PAGE_NAME} does not show what exhibit.json holds: it was edited`, {
    name: PAGE_NAME,
  });
}
