import { equalBytes, utf8Encode } from '@custody/bytes';
import { mismatch } from './errors.ts';

import { PAGE_NAME } from './member-names.ts';
import type { ExhibitDocument } from './model.ts';
import { renderPage } from './render-page.ts';

/**
 * Renders the page again from the proven document and compares. Throws EXHIBIT_VIEW_MISMATCH where the page shows
 * something else; null where another build made it, whose page this one cannot make again.
 */
export function checkPage(document: ExhibitDocument, page: Uint8Array, build: string): 'equal' | null {
  if (equalBytes(utf8Encode(renderPage(document)), page)) return 'equal';
  if (document.tool.build !== build) return null;
  throw mismatch('EXHIBIT_VIEW_MISMATCH', `${PAGE_NAME} does not show what exhibit.json holds: it was edited`);
}
