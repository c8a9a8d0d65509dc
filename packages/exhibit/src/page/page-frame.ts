import { base64Encode, concatBytes, sha256, utf8Encode } from '@custody/bytes';
import { PAGE_CSS } from './page-style.ts';

const LESS = 0x3c;
const ESCAPED: Uint8Array = utf8Encode('\\u003c');

/** The page around its document. Nothing of the evidence is in it, so it is the same for every exhibit of one build. */
export interface PageFrame {
  readonly before: string;
  readonly after: string;
}

/**
 * The frame with `script` as the only code that the page may run: the content security policy names its hash and that of
 * the style, and allows nothing from anywhere else.
 */
export function pageFrame(script: string): PageFrame {
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hashOf(script)}'`,
    `style-src 'sha256-${hashOf(PAGE_CSS)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return {
    before: `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width"><title>Exhibit</title><style>${PAGE_CSS}</style></head>
<body><main id="page"><noscript>This page shows its exhibit by the verification code inside it, which needs JavaScript and nothing from the network. Without it: exhibit.pdf, exhibit.json, and "python3 verify.py".</noscript></main>
<script type="application/json" id="exhibit">`,
    after: `</script>
<script>${script}</script></body></html>
`,
  };
}

/**
 * The page of a document: frame, document, frame. The document stands in it as in `exhibit.json`, save that `<` is
 * written `\\u003c`, so that no text of the evidence can end the element that it stands in.
 */
export function renderPage(document: Uint8Array, frame: PageFrame): Uint8Array {
  return concatBytes([...pagePieces([document], frame)]);
}

/** The same of a document in pieces, piece by piece. */
export function* pagePieces(document: Iterable<Uint8Array>, frame: PageFrame): Generator<Uint8Array> {
  yield utf8Encode(frame.before);
  for (const piece of document) {
    let from = 0;
    for (let at = piece.indexOf(LESS); at >= 0; at = piece.indexOf(LESS, from)) {
      yield piece.subarray(from, at);
      yield ESCAPED;
      from = at + 1;
    }
    yield piece.subarray(from);
  }
  yield utf8Encode(frame.after);
}

function hashOf(text: string): string {
  return base64Encode(sha256(utf8Encode(text)));
}
