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
/** Characters that XML 1.0 cannot hold at all (section 2.2): most controls, U+FFFE and U+FFFF, lone surrogates. */
const IMPOSSIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;

/** Evidence as text or attribute of XML 1.0; what XML cannot hold is named as `[U+0001]`. */
export function escapeXml(text: string): string {
  return text.replace(IMPOSSIBLE, named).replace(/[&<>"\t\n\r]/g, (char) => MARKUP[char] ?? '');
}

function named(char: string): string {
  return `[U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
}
