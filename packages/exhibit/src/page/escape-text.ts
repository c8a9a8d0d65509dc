/** Characters that have a meaning in HTML, by their references. */
const MARKUP: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/**
 * What reorders, hides or breaks text: controls but tab and line feed, bidi controls, invisible characters, line
 * separators, tags, lone surrogates. Joiners (U+200C, U+200D) stay: scripts and emoji need them.
 */
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]|\p{Cs}/gu;

/** Evidence as text of an element: what cannot be seen is named in a mark of its own, which no evidence can imitate. */
export function escapeText(text: string): string {
  return escapeMarkup(text).replace(UNSEEN, (char) => `<span class="cp">${codePoint(char)}</span>`);
}

/** The same for an attribute or a title, which can hold no mark. */
export function escapePlain(text: string): string {
  return escapeMarkup(text).replace(UNSEEN, (char) => `[${codePoint(char)}]`);
}

/** Evidence for a surface that is not HTML, with what cannot be seen named in brackets. */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, (char) => `[${codePoint(char)}]`);
}

function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (char) => MARKUP[char] ?? '');
}

function codePoint(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
