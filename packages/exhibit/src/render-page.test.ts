import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { syntheticExhibit } from '../../../test/synthetic-exhibit.ts';
import { escapeText } from './escape-text.ts';
import { renderPage } from './render-page.ts';

const HOSTILE = [
  '<script>document.title="owned"</script><img src=x onerror="document.title=\'owned\'"></p></article><style>*{display:none}</style>',
  `\u202egnp.exe \u0000\u001b[31mred\u001b[0m \ud800 ${'w'.repeat(5000)} --> ]]> &lt;b&gt; <!-- ${'\u{1f600}'.repeat(20)}`,
  'javascript:alert(1)" onload="document.title=\'owned\'" \u2028 \u200b \u2066 \u{e0041} موعدنا غدا',
];
/** Controls but tab and line feed, bidi controls, invisible characters, surrogates, tags. */
const HIDDEN = [
  ...[
    [0x00, 0x08],
    [0x0b, 0x1f],
    [0x7f, 0x9f],
    [0x200b, 0x200b],
    [0x200e, 0x200f],
    [0x2028, 0x202e],
  ],
  ...[
    [0x2060, 0x206f],
    [0xd800, 0xdfff],
    [0xfeff, 0xfeff],
    [0xe0000, 0xe0fff],
  ],
] as [number, number][];
const page = renderPage({
  ...syntheticExhibit(HOSTILE).document,
  exhibitRef: '</title><script>document.title="owned"</script>\u202e',
  producer: HOSTILE[0] as string,
  selection: HOSTILE,
});
const chromium = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);
if (chromium === undefined) console.warn('skipped: no chromium to render the page of an exhibit with');

const folder = mkdtempSync(join(tmpdir(), 'custody-page-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The document as Chromium has it after loading: what scripts did would show. */
function dumpDom(name: string, html: string): string {
  const path = join(folder, `${name}.html`);
  writeFileSync(path, html);
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'];
  const quiet = ['--disable-background-networking', '--disable-component-update'];
  const args = [...flags, ...quiet, `--user-data-dir=${join(folder, 'profile')}`, '--dump-dom', `file://${path}`];
  return execFileSync(chromium as string, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 60_000,
  });
}

describe('the page of an exhibit', () => {
  it('has no tag, attribute or reference of the evidence, and no script of its own', () => {
    expect(page).not.toMatch(/<(?:script|img|iframe|link|svg|object)|<[a-z]+[^>]*\s(?:on\w+|src|style)=/i);
    expect(page.match(/<style>/g)).toHaveLength(1);
    expect(page).toContain("default-src 'none'; style-src 'sha256-");
  });

  it('has no character that reorders or hides text', () => {
    const hidden = [...page]
      .map((char) => char.codePointAt(0) ?? 0)
      .filter((code) => HIDDEN.some(([a, b]) => code >= a && code <= b));
    expect(hidden).toEqual([]);
    expect(page).toContain('<span class="cp">U+202E</span>gnp.exe');
  });

  it('is the same for the same document, in reading order, with links between items', () => {
    const { document } = syntheticExhibit();
    expect(renderPage(document)).toBe(renderPage(JSON.parse(JSON.stringify(document))));
    expect(renderPage(document)).toContain('reply-to <a href="#i0">item 0</a>');
    expect(renderPage(document)).toContain('Shown 3 of 3 items in scope');
  });

  it('says what is withheld where it would stand', () => {
    const { document } = syntheticExhibit();
    const leaves = document.leaves.map((leaf) => ({
      ...leaf,
      fields: leaf.fields.map((field, i) => (leaf.kind === 1 && i === 9 ? { digest: '11'.repeat(32) } : field)),
    }));
    const html = renderPage({ ...document, leaves, redacted: ['body'] });
    expect(html.match(/<p class="body"><span class="withheld">withheld<\/span>/g)).toHaveLength(3);
    expect(html).not.toContain('<p class="body" dir="auto">');
  });

  it.skipIf(chromium === undefined)('shows hostile text as text in a real browser', () => {
    const dom = dumpDom('hostile', page);
    expect(dom).not.toContain('<title>owned');
    expect(dom).not.toMatch(/<script|<img/);
    expect(dom).toContain('&lt;script&gt;document.title="owned"&lt;/script&gt;');
  });

  it.skipIf(chromium === undefined)('would not run a script even if one got in', () => {
    const script = '<script>document.title="owned"</script>';
    expect(dumpDom('control', `<title>a</title>${script}`)).toContain('<title>owned');
    expect(dumpDom('blocked', page.replace('</body>', `${script}</body>`))).not.toContain('<title>owned');
  });
});

describe('escapeText', () => {
  it('keeps scripts and emoji whole', () => {
    const text = 'مرحبا 👩‍👩‍👧 नमस्ते می‌خواهم\ttab\nline';
    expect(escapeText(text)).toBe(text);
  });
});
