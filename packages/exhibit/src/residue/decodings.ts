import { hexDecode } from '@custody/bytes';
import { baseText } from './base-text.ts';
import { unescapeC, unescapeHtml, unescapeJson, unescapePercent, unescapeQuoted } from './escapes.ts';
import { latin1Of } from './latin1.ts';

/** Stands between runs, so that nothing is found across them: bytes that no UTF-8 has. */
const GAP = '\u00ff\u00ff';

/**
 * What bytes say when read as an encoding of text: as they stand, and with hex, base64, base32, percent, JSON, C, HTML and
 * quoted-printable escapes undone. Each is text of one character a byte.
 */
export function* decodings(bytes: Uint8Array): Generator<{ readonly name: string; readonly text: string }> {
  const text = latin1Of(bytes);
  yield { name: 'plain', text };
  if (text.includes('\\')) {
    yield { name: 'JSON escapes', text: unescapeJson(text) };
    if (/\\(?:x[0-9a-fA-F]|[0-3])/.test(text)) yield { name: 'C escapes', text: unescapeC(text) };
  }
  if (text.includes('&')) yield { name: 'HTML references', text: unescapeHtml(text) };
  if (text.includes('%')) yield { name: 'percent encoding', text: unescapePercent(text) };
  if (/=[0-9A-Fa-f]{2}/.test(text)) yield { name: 'quoted-printable', text: unescapeQuoted(text) };
  yield* runs('hex', text, /[0-9a-fA-F]{8,}/g, unhex);
  yield* runs('hex', text, /(?:[0-9a-fA-F]{2}[ :.-]){3,}[0-9a-fA-F]{2}/g, (run) => unhex(run.replace(/[ :.-]/g, '')));
  yield* runs('base64', text, /[A-Za-z0-9+/_-]{8,}(?:\r?\n[A-Za-z0-9+/_-]{4,})*/g, unbase64);
  yield* runs('base32', text, /[A-Z2-7]{16,}/g, unbase32);
}

function* runs(
  name: string,
  text: string,
  pattern: RegExp,
  decode: (run: string) => string,
): Generator<{ name: string; text: string }> {
  const parts: string[] = [];
  for (const [run] of text.matchAll(pattern)) parts.push(decode(run));
  if (parts.length > 0) yield { name, text: parts.join(GAP) };
}

/** A run may begin in the middle of a pair. */
function unhex(run: string): string {
  return [0, 1]
    .map((skip) => latin1Of(hexDecode(run.slice(skip, skip + Math.floor((run.length - skip) / 2) * 2))))
    .join(GAP);
}

/** A run may begin anywhere within a longer one: all places of a group are tried. */
function unbase64(run: string): string {
  const standard = run
    .replace(/[\r\n]+/g, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/');
  return [0, 1, 2, 3].map((skip) => baseText(standard, 6, skip)).join(GAP);
}

function unbase32(run: string): string {
  return [0, 1, 2, 3, 4, 5, 6, 7].map((skip) => baseText(run, 5, skip)).join(GAP);
}
