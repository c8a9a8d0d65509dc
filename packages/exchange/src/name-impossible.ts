/** Characters that XML 1.0 and its datatypes cannot hold at all (section 2.2): most controls, U+FFFE and U+FFFF, lone surrogates. */
const IMPOSSIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;

/** Evidence as text that XML can hold: what it cannot is named as `[U+0001]`. */
export function nameImpossible(text: string): string {
  return text.replace(
    IMPOSSIBLE,
    (char) => `[U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
  );
}
