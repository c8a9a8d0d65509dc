/** What people write before a key: "key: …", "Backup key = …", and quotes around it. */
const LABEL = /^\s*\p{L}[\p{L}\p{N} _()/-]{0,39}[:=]\s*/u;
const QUOTES = /^\s*(["'“”‘’])(.*)["'“”‘’]\s*$/su;

/** A key's text without a label and quotes; for keys of digits or of a known length alone, where neither can belong to it. */
export function withoutLabel(text: string): string {
  const rest = text.replace(/^\ufeff/, '').replace(LABEL, '');
  return QUOTES.exec(rest)?.[2] ?? rest;
}
