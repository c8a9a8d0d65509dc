import { escapePlain, escapeText } from './escape-text.ts';
import type { ExhibitDerivation, ExhibitDocument, ExhibitLimit } from './model.ts';
import { indexPage, type PageIndex, type ShownConversation, type ShownFinding } from './page-index.ts';
import { PAGE_STYLE } from './page-style.ts';
import { party, renderItem } from './render-item.ts';

/** Parties named in a conversation's heading. */
const MOST_PARTIES = 40;

/**
 * A readable page of an exhibit: a pure function of its document. Every text of the evidence is escaped; there is no
 * script, and the content security policy forbids any. The page proves nothing: it says how to verify.
 */
export function renderPage(document: ExhibitDocument): string {
  const index = indexPage(document);
  const body = [
    head(document),
    completeness(document),
    ...document.derivations.map((one) => derivation(one, document.completeness.limits)),
    ...index.conversations.map((one) => conversation(one, index)),
    findings(index.findings),
    authentication(index),
    howTo(document),
  ];
  return frame(document, body.join('\n'));
}

function head(document: ExhibitDocument): string {
  const producer = document.producer === null ? '' : ` · produced by ${escapeText(document.producer)}`;
  return `<header><h1>${escapeText(document.exhibitRef ?? 'Exhibit')}</h1>
<p>${escapeText(document.case.title)} · log <code>${escapeText(document.case.origin)}</code> · as the log stood at ${escapeText(document.asOf)} (${document.size} entries)${producer}</p>
<p class="unproven">This page is a rendering. What can be proven stands in <code>exhibit.json</code>; the page shows nothing about whether it was verified. How to verify: at the end.</p></header>`;
}

function completeness({ completeness: c, selection, redacted }: ExhibitDocument): string {
  const row = (name: string, value: number | null) => `<tr><th>${name}</th><td class="n">${number(value)}</td></tr>`;
  const withheld = redacted.length === 0 ? 'no field' : redacted.map(escapeText).join(', ');
  return `<section><h2>What is shown and what is not</h2>
<table>${row('items shown as selected', c.shown)}${row('items shown as context', c.context)}${row('items in scope in the captures below', c.inScope)}${row('out of scope, withheld', c.outOfScope)}${row('potentially privileged, withheld', c.privileged)}${row('undecided, withheld', c.undecided)}</table>
<p>Selected by: ${selection.map(escapeText).join('; ') || 'not stated'}. Withheld from every item: ${withheld}.</p>
${notes(c.notes)}</section>`;
}

function notes(all: readonly string[]): string {
  return all.length === 0 ? '' : `<ul>${all.map((note) => `<li>${escapeText(note)}</li>`).join('')}</ul>`;
}

function derivation(one: ExhibitDerivation, limits: readonly ExhibitLimit[]): string {
  const t = one.totals;
  const counts =
    t === null
      ? 'Decoding was not finished at this size of the log: how many records there are is unknown.'
      : `${t.records} records = ${t.decoded} decoded + ${number(t.lost)} lost + ${t.notCovered} not covered by the decoder · ${t.items} items · ${t.findings} findings`;
  const own = limits.filter((limit) => limit.derivation === one.entry);
  const list = own.map(
    (limit) =>
      `<li>${escapeText(limit.code)}: ${escapeText(limit.detail)}${limit.findings > 1 ? ` (${limit.findings} times)` : ''}</li>`,
  );
  return `<section><h2>Capture <bdi>${escapeText(one.captureName)}</bdi></h2>
<p class="line">SHA-256 <code>${escapeText(one.capture)}</code><br>decoder ${escapeText(one.decoder)} · authority ${escapeText(one.authority)} · derivation ${one.entry}<br>${counts}</p>
${list.length === 0 ? '' : `<p class="line">Not covered or not examined:</p><ul class="small">${list.join('')}</ul>`}
<p class="line">Findings (lost or doubt) that concern the capture as a whole or cannot be told to belong to a shown conversation: ${links(one.findings)}.</p></section>`;
}

function conversation({ about, items, derivation: entry }: ShownConversation, index: PageIndex): string {
  const withheld = about === null || about.nameWithheld;
  const name = withheld
    ? '<span class="withheld">name withheld</span>'
    : `<bdi>${escapeText(about.conversation ?? '(none stated)')}</bdi>`;
  const told =
    about === null
      ? ''
      : `<p class="line">Shown ${about.shown} of ${about.held} items in scope. Items of this conversation that are withheld: ${about.withheld}. Findings at the place of its items: ${links(about.findings)}.</p>`;
  return `<section><h2>Conversation ${name} <span class="small">derivation ${entry}</span></h2>
<p class="line">Parties named by the shown items: ${participants(items)}.</p>${told}
${items.map((item) => renderItem(item, index)).join('\n')}</section>`;
}

function participants(items: ShownConversation['items']): string {
  const all = new Set<string>();
  for (const { view } of items) {
    if (view === null) continue;
    const { sender, recipients, owner } = view.item;
    for (const one of [sender, ...(recipients ?? []), owner]) if (one !== null) all.add(party(one));
  }
  const more = all.size > MOST_PARTIES ? ` and ${all.size - MOST_PARTIES} more` : '';
  return all.size === 0 ? 'none' : `${[...all].slice(0, MOST_PARTIES).join(', ')}${more}`;
}

function findings(all: readonly ShownFinding[]): string {
  const none = '<p>No finding of class lost or doubt stands in this exhibit.</p>';
  const header = '<tr><th>number</th><th>class</th><th>code</th><th>records</th><th>what</th></tr>';
  return `<section><h2>Findings</h2>${all.length === 0 ? none : `<table>${header}${all.map(findingRow).join('')}</table>`}</section>`;
}

function findingRow({ leaf, finding }: ShownFinding): string {
  const detail = leaf.withheld.includes('detail')
    ? '<span class="withheld">withheld</span>'
    : escapeText(finding.detail);
  return `<tr><td class="n"><a id="i${leaf.index}">${leaf.index}</a></td><td>${escapeText(finding.class)}</td><td>${escapeText(finding.code)}</td><td class="n">${number(finding.records)}</td><td>${detail}</td></tr>`;
}

function authentication({ statements }: PageIndex): string {
  if (statements.length === 0) return '';
  const rows = statements.map((text, i) => `<tr><th>A${i + 1}</th><td>${escapeText(text)}</td></tr>`);
  return `<section><h2>What the cryptography of the format shows</h2><table>${rows.join('')}</table></section>`;
}

function howTo(document: ExhibitDocument): string {
  return `<section><h2>How to verify</h2><ol><li>Unpack the ZIP; <code>sha256sum -c manifest-sha256.txt</code> compares every file with the list.</li>
<li><code>custody verify EXHIBIT.zip --verifier-key KEY</code> holds every item against the signed ledger. KEY is what the lab gave you by another way. This exhibit names <code>${escapeText(document.verifierKey)}</code>, which proves nothing by itself.</li>
<li>Compare the items you rely on with <code>raw/</code>, the source records as found.</li></ol>
<p class="small">Made by custody ${escapeText(document.tool.version)}, build <code>${escapeText(document.tool.build)}</code>.</p></section>`;
}

function links(all: readonly number[]): string {
  return all.length === 0 ? 'none recorded' : all.map((index) => `<a href="#i${index}">${index}</a>`).join(', ');
}

function number(value: number | null): string {
  return value === null ? 'unknown' : String(value);
}

function frame(document: ExhibitDocument, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${PAGE_STYLE.hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width"><title>${escapePlain(document.exhibitRef ?? 'Exhibit')}</title><style>${PAGE_STYLE.css}</style></head>
<body>${body}</body></html>
`;
}
