import { nameImpossible } from './name-impossible.ts';

const MARKUP: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A bare carriage return or tab in an attribute is normalised away by readers (XML 1.0 section 3.3.3).
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};
/** Evidence as text or attribute of XML 1.0; what XML cannot hold is named as `[U+0001]`. */
export function escapeXml(text: string): string {
  return nameImpossible(text).replace(/[&<>"\t\n\r]/g, (char) => MARKUP[char] ?? '');
}
