import { hexEncode, utf8DecodeLossy } from '@custody/bytes';
import type { Attachment, Finding, Instant, Item, Party } from '@custody/evidence';
import { readFieldJson } from './field-json.ts';
import { viewFinding, viewItem } from './leaf-view.ts';
import type { ExhibitConversation, ExhibitDerivation, ExhibitDocument, ExhibitLeaf } from './model.ts';
import { PAGE_STYLE } from './page-style.ts';

/**
 * A readable page of an exhibit: a pure function of its document. Every text of the evidence is escaped; there is no
 * script, and the content security policy forbids any. The page proves nothing: it says how to verify.
 */
export function renderPage(document: ExhibitDocument): string {
  const shown = document.leaves.filter((leaf) => leaf.kind === 1).map((leaf) => ({ leaf, ...itemOf(leaf) }));
  const byConversation = new Map<string, typeof shown>();
  for (const entry of shown) {
    const derivation = derivationOf(document, entry.leaf);
    const key = `${derivation}\n${entry.item?.conversation ?? ''}`;
    byConversation.set(key, [...(byConversation.get(key) ?? []), entry]);
  }
  const sections = [...byConversation].map(([key, entries]) => {
    const [derivation, name] = key.split('\n') as [string, string];
    const about = document.conversations.find(
      (one) => String(one.derivation) === derivation && (one.conversation ?? '') === name,
    );
    return conversation(
      { name, about: about ?? null },
      entries.sort(byTime).map(({ leaf, item, withheld }) => message(leaf, item, withheld)),
    );
  });
  return page(
    document,
    [head(document), ...document.derivations.map(derivation), ...sections, findings(document), howTo(document)].join(
      '\n',
    ),
  );
}

type Shown = { readonly leaf: ExhibitLeaf; readonly item: Item | null };

/** Reading order; undated last, then ledger order. */
function byTime(a: Shown, b: Shown): number {
  const time = (entry: Shown) => entry.item?.sentAt?.utc ?? Number.POSITIVE_INFINITY;
  const [x, y] = [time(a), time(b)];
  return x === y ? a.leaf.index - b.leaf.index : x - y;
}

function itemOf(leaf: ExhibitLeaf): { item: Item | null; withheld: readonly string[] } {
  const fields = leaf.fields.map((field) =>
    'raw' in field ? { digest: new Uint8Array(32) } : readFieldJson(field, []),
  );
  const type = fields[0];
  const place = fields[1];
  if (type === undefined || place === undefined || 'digest' in type || 'digest' in place) {
    return { item: null, withheld: ['type or locator'] };
  }
  const view = viewItem(fields);
  return { item: view.item, withheld: view.withheld.filter((name) => name !== 'raw') };
}

function derivationOf(document: ExhibitDocument, leaf: ExhibitLeaf): number {
  return document.segments.find((segment) => segment.entry === leaf.segment)?.derivation ?? -1;
}

function head(document: ExhibitDocument): string {
  const { completeness: c } = document;
  return `<header><h1>${escapeText(document.exhibitRef ?? 'Exhibit')}</h1>
<p>${escapeText(document.case.title)} · log <code>${escapeText(document.case.origin)}</code> · state of ${escapeText(document.asOf)} (entry ${document.size})${document.producer === null ? '' : ` · produced by ${escapeText(document.producer)}`}</p>
<p class="unproven">This page was written by the producer. What is proven is in <code>exhibit.json</code>: verify it as described at the end.</p>
<h2>What is shown and what is not</h2>
<table><tr><th>shown as selected</th><td>${c.shown}</td></tr><tr><th>shown as context</th><td>${c.context}</td></tr>
<tr><th>items in scope in the case</th><td>${c.inScope}</td></tr><tr><th>out of scope, withheld</th><td>${c.outOfScope}</td></tr>
<tr><th>potentially privileged, withheld</th><td>${c.privileged}</td></tr><tr><th>undecided, withheld</th><td>${c.undecided}</td></tr></table>
<ul>${c.notes.map((note) => `<li>${escapeText(note)}</li>`).join('')}</ul>
<p>Selection: ${document.selection.map(escapeText).join('; ') || 'none stated'}.${document.redacted.length === 0 ? '' : ` Withheld from every item: ${document.redacted.map(escapeText).join(', ')}.`}</p></header>`;
}

function derivation(one: ExhibitDerivation): string {
  return `<section class="derivation"><h2>${escapeText(one.captureName)}</h2>
<p>SHA-256 <code>${escapeText(one.capture)}</code> · decoder ${escapeText(one.decoder)} · authority ${escapeText(one.authority)}<br>
records ${one.records} = decoded ${one.decoded} + lost ${one.lost ?? 'unknown'} + not covered ${one.notCovered} · items ${one.items} · findings ${one.findings}</p></section>`;
}

function conversation(about: { name: string; about: ExhibitConversation | null }, messages: readonly string[]): string {
  const counts = about.about;
  const told =
    counts === null
      ? ''
      : `<p>Shown ${counts.shown} of ${counts.held} items of this conversation that are in the opened compartments; withheld: ${counts.withheld}. Findings that touch it: ${counts.findings.length === 0 ? 'none recorded' : counts.findings.join(', ')}.</p>`;
  return `<section><h2>Conversation <bdi>${escapeText(about.name === '' ? '(none stated)' : about.name)}</bdi></h2>${told}\n${messages.join('\n')}</section>`;
}

function message(leaf: ExhibitLeaf, item: Item | null, withheld: readonly string[]): string {
  const label = `<a id="i${leaf.index}">${leaf.index}</a>`;
  if (item === null) return `<article class="${leaf.role}"><p class="meta">${label} withheld</p></article>`;
  const body = item.body === null ? '' : `<p class="body" dir="auto">${escapeText(utf8DecodeLossy(item.body))}</p>`;
  return `<article class="${leaf.role} ${item.direction ?? ''}"><p class="meta">${label} <b>${escapeText(item.kind)}</b> <time>${instant(item.sentAt)}</time> ${party(item.sender)} → ${(item.recipients ?? []).map(party).join(', ') || '?'}</p>
${body}${item.attachments.map(attachment).join('')}
<p class="proof">${escapeText(place(item))} · ${escapeText(item.authentication?.proves ?? 'The format has no authentication.')}${withheld.length === 0 ? '' : ` · withheld: ${withheld.map(escapeText).join(', ')}`}${leaf.raw.length === 0 ? '' : ` · raw: ${leaf.raw.map((name) => `<code>${escapeText(name)}</code>`).join(' ')}`}</p></article>`;
}

function place({ locator }: Item): string {
  return `${locator.path} offset ${locator.offset ?? '?'} length ${locator.length ?? '?'} row ${locator.row ?? '?'}`;
}

function party(one: Party | null): string {
  if (one === null) return '?';
  const name = one.display === undefined ? '' : ` (shown as <bdi>${escapeText(one.display)}</bdi>)`;
  return `<bdi>${escapeText(one.value)}</bdi>${name}`;
}

function attachment(one: Attachment): string {
  const parts = [
    one.name ?? 'attachment',
    one.mime,
    one.size === null ? null : `${one.size} bytes`,
    one.sha256 === null ? null : `SHA-256 ${one.sha256}`,
  ];
  return `<p class="attachment">${escapeText(parts.filter((part) => part !== null).join(' · '))}: ${one.present ? 'in the capture' : 'referred to, not in the capture'}</p>`;
}

function instant(one: Instant | null): string {
  if (one === null) return 'undated';
  const utc = one.utc === null || Math.abs(one.utc) > 8.64e15 ? '' : ` ${new Date(one.utc).toISOString()} UTC`;
  return escapeText(
    `raw ${one.raw} (${one.clock} clock, zone ${one.zone ?? 'not stated'})${utc}${one.ambiguous === true ? ' AMBIGUOUS' : ''}`,
  );
}

function findings(document: ExhibitDocument): string {
  const rows = document.leaves
    .filter((leaf) => leaf.kind === 2)
    .map((leaf) => findingRow(leaf, viewFinding(leaf.fields.map((field) => readFieldJson(field, [])))));
  const none = '<p>No finding was chosen for this exhibit; the case may hold others.</p>';
  return `<section><h2>Findings</h2>${rows.length === 0 ? none : `<table><tr><th>number</th><th>class</th><th>code</th><th>records</th><th>what</th></tr>${rows.join('')}</table>`}</section>`;
}

function findingRow(leaf: ExhibitLeaf, finding: Finding): string {
  return `<tr><td>${leaf.index}</td><td>${escapeText(finding.class)}</td><td>${escapeText(finding.code)}</td><td>${finding.records ?? 'unknown'}</td><td>${escapeText(finding.detail)}</td></tr>`;
}

function howTo(document: ExhibitDocument): string {
  return `<section><h2>How to verify</h2><ol><li>Unpack the ZIP; <code>sha256sum -c manifest-sha256.txt</code> compares every file.</li>
<li><code>custody verify EXHIBIT.zip --verifier-key KEY</code> checks every item against the signed ledger. KEY is what the lab gave you by another way. This exhibit says <code>${escapeText(document.verifierKey)}</code>, which proves nothing by itself.</li>
<li>Compare the items you rely on with <code>raw/</code>, the source records as found.</li></ol></section>`;
}

function page(document: ExhibitDocument, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${PAGE_STYLE.hash}'">
<meta name="viewport" content="width=device-width"><title>${escapeText(document.exhibitRef ?? 'Exhibit')}</title><style>${PAGE_STYLE.css}</style></head>
<body>${body}</body></html>
`;
}

/** Characters that have a meaning in HTML or that reorder, hide or break text are written as references or shown. */
export function escapeText(text: string): string {
  let out = '';
  for (const char of text) out += escapeChar(char);
  return out;
}

function escapeChar(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (char === '&') return '&amp;';
  if (char === '<') return '&lt;';
  if (char === '>') return '&gt;';
  if (char === '"') return '&quot;';
  if (char === "'") return '&#39;';
  const control = (code < 0x20 && code !== 0x0a && code !== 0x09) || (code >= 0x7f && code <= 0x9f);
  const bidi =
    code === 0x061c ||
    (code >= 0x200e && code <= 0x200f) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069);
  if (control || bidi || (code >= 0xd800 && code <= 0xdfff))
    return `\u2423U+${hexEncode(Uint8Array.of(code >> 8, code & 0xff)).toUpperCase()}`;
  return char;
}
