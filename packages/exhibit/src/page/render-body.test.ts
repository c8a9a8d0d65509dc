import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bagOf, payloadOf } from '../../../../test/bag-of.ts';
import { ChromiumPage, chromium } from '../../../../test/chromium.ts';
import { logKey, otherKey, syntheticExhibit } from '../../../../test/synthetic-exhibit.ts';
import { PAGE_NAME } from '../member-names.ts';
import type { ExhibitDocument, ExhibitMention } from '../model.ts';
import { writeZip } from '../zip-write.ts';
import { escapeText } from './escape-text.ts';
import { renderBody, renderHead } from './render-body.ts';

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
function hostileMention([one = '', two = '']: readonly string[]): ExhibitMention {
  const words = { class: one, type: one, value: two, tier: one, folds: [one, two] };
  return { ...words, start: 2, end: 9, alternatives: [{ type: one, value: two }] };
}
const hostile = syntheticExhibit(HOSTILE);
const hostileDocument: ExhibitDocument = {
  ...hostile.document,
  exhibitRef: '</title></script><script>document.title="owned"</script>\u202e',
  producer: HOSTILE[0] as string,
  selection: HOSTILE,
  mentions: [{ index: 0, extractor: 1, region: HOSTILE[0] as string, found: [hostileMention(HOSTILE)] }],
  annotations: [{ index: 0, what: 'note', lang: null, text: HOSTILE[0] as string, by: HOSTILE[1] as string }],
};
const body = `${renderHead(hostileDocument)}${renderBody(hostileDocument)}`;
if (chromium === undefined) console.warn('skipped: no chromium to open the page of an exhibit with');

const folder = mkdtempSync(join(tmpdir(), 'custody-page-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function pageOf(document: ExhibitDocument, raw: ReadonlyMap<string, Uint8Array>): string {
  return new TextDecoder().decode(payloadOf(document, raw).get(PAGE_NAME));
}

describe('what the page shows', () => {
  it('has no tag, attribute or reference of the evidence', () => {
    expect(body).not.toMatch(/<(?:script|img|iframe|link|svg|object)|<[a-z]+[^>]*\s(?:on\w+|src|style)=/i);
  });

  it('has no character that reorders or hides text', () => {
    const hidden = [...body]
      .map((char) => char.codePointAt(0) ?? 0)
      .filter((code) => HIDDEN.some(([a, b]) => code >= a && code <= b));
    expect(hidden).toEqual([]);
    expect(body).toContain('<span class="cp">U+202E</span>gnp.exe');
  });

  it('is in reading order, with links between items', () => {
    const { document } = syntheticExhibit();
    expect(renderBody(document)).toBe(renderBody(JSON.parse(JSON.stringify(document))));
    expect(renderBody(document)).toContain('reply-to <a href="#i0">item 0</a>');
    expect(renderBody(document)).toContain('Shown 3 of 3 items in scope');
  });

  it('says what is withheld where it would stand, and what it does not know', () => {
    const { document } = syntheticExhibit();
    const leaves = document.leaves.map((leaf) => ({
      ...leaf,
      fields: leaf.fields.map((field, i) => (leaf.kind === 1 && i === 9 ? { digest: '11'.repeat(32) } : field)),
    }));
    const completeness = { ...document.completeness, notExamined: [{ derivation: 1, findings: null, bytes: null }] };
    const html = renderBody({ ...document, leaves, completeness, redacted: ['body'] });
    expect(html.match(/<p class="body"><span class="withheld">withheld<\/span>/g)).toHaveLength(3);
    expect(html).not.toContain('<p class="body" dir="auto">');
    expect(html).toContain('no decoder examined: unknown');
  });
});

describe('the page as bytes', () => {
  it('holds nothing of the evidence that HTML would read, and two scripts: data, and code with a hash', () => {
    const page = pageOf(hostileDocument, hostile.raw);
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    expect(page).toMatch(/default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; base-uri 'none'/);
  });
});

describe.skipIf(chromium === undefined)('the page in a real Chromium', () => {
  let browser: ChromiumPage;
  beforeAll(async () => {
    browser = await ChromiumPage.start();
  });
  afterAll(() => browser?.close());

  async function open(name: string, document: ExhibitDocument, raw: ReadonlyMap<string, Uint8Array>): Promise<void> {
    const path = join(folder, `${name}.html`);
    writeFileSync(path, pageOf(document, raw));
    browser.requested.length = 0;
    await browser.open(path);
    await browser.until("document.body.dataset.state && document.body.dataset.state !== 'checking'");
  }

  it('verifies what it shows, says that the key is its own, and asks for nothing', async () => {
    const { document, raw } = syntheticExhibit();
    await open('good', document, raw);
    expect(await browser.value('document.body.dataset.state')).toBe('self-asserted');
    expect(await browser.value('document.querySelectorAll("article").length')).toBe(3);
    const verdict = await browser.value<string>('document.getElementById("result").innerText');
    expect(verdict).toContain('WHOSE KEY signed it is NOT known');
    expect(verdict).toContain('Not checked:');
    expect(browser.requested.filter((url) => !url.startsWith('file://'))).toEqual([]);
    const green = await browser.value<string>('getComputedStyle(document.getElementById("verdict")).backgroundColor');
    expect(green).not.toBe('rgb(230, 244, 234)');
  });

  it('is green for the key that the reader gives, and fails for another', async () => {
    const { document, raw } = syntheticExhibit();
    await open('pin', document, raw);
    await browser.value(
      `document.getElementById('key').value = ${JSON.stringify(logKey)}; document.getElementById('check').click()`,
    );
    expect(await browser.value('document.body.dataset.state')).toBe('pinned');
    const colour = await browser.value<string>('getComputedStyle(document.getElementById("verdict")).backgroundColor');
    expect(colour).toBe('rgb(230, 244, 234)');
    await browser.value(
      `document.getElementById('key').value = ${JSON.stringify(otherKey)}; document.getElementById('check').click()`,
    );
    expect(await browser.value('document.body.dataset.code')).toBe('CHECKPOINT_SIGNATURE_MISSING');
    expect(await browser.value('document.querySelectorAll("article .bad").length')).toBe(3);
  });

  it('shows hostile text as text, and runs no script even if one got in', async () => {
    await open('hostile', hostileDocument, hostile.raw);
    expect(await browser.value('document.body.dataset.state')).toBe('self-asserted');
    expect(await browser.value('document.title')).not.toBe('owned');
    expect(await browser.value('document.querySelectorAll("script, img, iframe, svg").length')).toBe(2);
    expect(await browser.value('document.getElementById("i0").closest("article").textContent')).toContain(
      '<script>document.title="owned"</script>',
    );
    await browser.value(`document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="document.title=1">')`);
    await browser.value(
      `(() => { const s = document.createElement('script'); s.textContent = 'document.title="owned"'; document.body.append(s); })()`,
    );
    expect(await browser.value('document.title')).not.toBe('owned');
  });

  it('names the item that was altered, and only that one', async () => {
    const { document, raw } = syntheticExhibit();
    const leaves = document.leaves.map((leaf, i) =>
      i === 2 ? { ...leaf, fields: leaf.fields.with(9, { salt: '00'.repeat(16), value: '79657320' }) } : leaf,
    );
    await open('altered', { ...document, leaves }, raw);
    expect(await browser.value('document.body.dataset.code')).toBe('EXHIBIT_ITEM_MISMATCH');
    expect(await browser.value('[...document.querySelectorAll("article .bad")].length')).toBe(1);
  });

  it('verifies a whole ZIP that is chosen, and refuses an altered one for the same reason as the command', async () => {
    const { document, raw } = syntheticExhibit();
    await open('zip', document, raw);
    const members = bagOf(document, raw);
    await writeZip(join(folder, 'good.zip'), members);
    await browser.choose('#file', join(folder, 'good.zip'));
    await browser.until("document.getElementById('zip').dataset.state === 'self-asserted'");
    await writeZip(join(folder, 'bad.zip'), new Map([...members, ['data/raw/0-0.bin', Uint8Array.of(1)]]));
    await browser.choose('#file', join(folder, 'bad.zip'));
    await browser.until("document.getElementById('zip').dataset.code");
    expect(await browser.value("document.getElementById('zip').dataset.code")).toBe('EXHIBIT_MEMBER_ALTERED');
  });
});

describe('escapeText', () => {
  it('keeps scripts and emoji whole', () => {
    const text = 'مرحبا 👩‍👩‍👧 नमस्ते می‌خواهم\ttab\nline';
    expect(escapeText(text)).toBe(text);
  });
});
