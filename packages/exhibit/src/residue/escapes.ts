import { utf8Latin1 } from './latin1.ts';

/** Percent signs that were escaped themselves are undone as often as this. */
const MOST_ROUNDS = 3;
/** Names of U+00A0 to U+00FF in HTML 4, in order. */
const LATIN_NAMES =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para ' +
  'middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave ' +
  'Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc ' +
  'Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc ' +
  'iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';
const REFERENCES: ReadonlyMap<string, string> = new Map([
  ...(Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }) as [string, string][]),
  ...LATIN_NAMES.split(' ').map((name, i) => [name, String.fromCharCode(0xa0 + i)] as [string, string]),
]);

export function unescapeJson(text: string): string {
  const simple: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
  return text.replace(/(?:\\u[0-9a-fA-F]{4})+|\\(.)/g, (all, char: string | undefined) => {
    if (char !== undefined) return simple[char] ?? char;
    const units = [...all.matchAll(/\\u([0-9a-fA-F]{4})/g)].map((match) => Number.parseInt(match[1] as string, 16));
    return utf8Latin1(String.fromCharCode(...units));
  });
}

/** `\xHH` and three octal digits, as C, Python and shells write bytes. */
export function unescapeC(text: string): string {
  return text.replace(/\\(?:x([0-9a-fA-F]{2})|([0-3][0-7]{2}))/g, (_, hex: string | undefined, octal: string) =>
    String.fromCharCode(hex === undefined ? Number.parseInt(octal, 8) : Number.parseInt(hex, 16)),
  );
}

export function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]{2,6}[0-9]{0,2}));/g, (all, dec, hex, name) => {
    if (name !== undefined) return utf8Latin1(REFERENCES.get(name as string) ?? all);
    const code = dec === undefined ? Number.parseInt(hex as string, 16) : Number(dec);
    return code > 0x10ffff ? all : utf8Latin1(String.fromCodePoint(code));
  });
}

export function unescapePercent(text: string): string {
  let out = text;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = out.replace(/%([0-9a-fA-F]{2})/g, (_, pair: string) => String.fromCharCode(Number.parseInt(pair, 16)));
    if (next === out) break;
    out = next;
  }
  return out;
}

/** RFC 2045 section 6.7, soft line breaks included. */
export function unescapeQuoted(text: string): string {
  return text
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9a-fA-F]{2})/g, (_, pair: string) => String.fromCharCode(Number.parseInt(pair, 16)));
}
