import type { ExhibitConversation, ExhibitDocument } from '../model.ts';
import { fill } from '../texts/texts.ts';
import { escapeText } from './escape-text.ts';
import { type PageContext, type ProofState, pageContext } from './page-context.ts';
import { indexPage, type PageIndex, type ShownConversation, type ShownFinding } from './page-index.ts';
import { renderCompleteness, renderDerivation, withLinks } from './render-completeness.ts';
import { party, renderItem } from './render-item.ts';

/** Parties named in a conversation's heading. */
const MOST_PARTIES = 40;

/**
 * What the page shows of a document, as HTML: a pure function of it and of what was proven. Every text of the evidence
 * is escaped. It says nothing of the verdict, which the page's script puts above.
 */
export function renderBody(document: ExhibitDocument, states: ReadonlyMap<number, ProofState> = new Map()): string {
  const index = indexPage(document);
  const context = pageContext(document, states);
  return [
    renderCompleteness(document, context),
    ...document.derivations.map((one) => renderDerivation(one, document.completeness, context)),
    ...index.conversations.map((one) => conversation(one, index, context)),
    findings(index.findings, context),
    authentication(index, context),
    howTo(document, context),
  ].join('\n');
}

/** Heading of the page. */
export function renderHead(document: ExhibitDocument): string {
  const { t } = pageContext(document);
  const producer =
    document.producer === null
      ? ''
      : ` · ${fill(t.producedBy, { producer: `<bdi>${escapeText(document.producer)}</bdi>` })}`;
  const asOf = fill(t.asOf, { time: escapeText(document.asOf), size: document.size });
  return `<h1><bdi>${escapeText(document.exhibitRef ?? t.exhibit)}</bdi></h1>
<p><bdi>${escapeText(document.case.title)}</bdi> · ${t.log} <code>${escapeText(document.case.origin)}</code> · ${asOf}${producer}</p>`;
}

function conversation({ about, items, derivation }: ShownConversation, index: PageIndex, context: PageContext): string {
  const { t } = context;
  const withheld = about === null || about.nameWithheld;
  const name = withheld
    ? `<span class="withheld">${t.nameWithheld}</span>`
    : `<bdi>${escapeText(about.conversation ?? t.noName)}</bdi>`;
  return `<section><h2>${t.conversation} ${name} <span class="small">${t.derivation} ${derivation}</span></h2>
<p class="line">${fill(t.parties, { list: participants(items, context) })}</p>${about === null ? '' : told(about, context)}
${items.map((item) => renderItem(item, index, context)).join('\n')}</section>`;
}

function told(about: ExhibitConversation, { t }: PageContext): string {
  const held = about.held === 'unknown' ? t.unknown : about.held;
  const withheld = about.withheld === 'unknown' ? t.unknown : about.withheld;
  return `<p class="line">${fill(t.shownOf, { shown: about.shown, held, withheld })} ${withLinks(t.conversationFindings, about.findings, t)}</p>`;
}

function participants(items: ShownConversation['items'], context: PageContext): string {
  const all = new Set<string>();
  for (const { view } of items) {
    if (view === null) continue;
    const { sender, recipients, owner } = view.item;
    for (const one of [sender, ...(recipients ?? []), owner]) if (one !== null) all.add(party(one, context));
  }
  const { t } = context;
  const more = all.size > MOST_PARTIES ? ` ${fill(t.more, { n: all.size - MOST_PARTIES })}` : '';
  return all.size === 0 ? t.noParties : `${[...all].slice(0, MOST_PARTIES).join(', ')}${more}`;
}

function findings(all: readonly ShownFinding[], context: PageContext): string {
  const { t } = context;
  const header = `<tr>${[t.number, t.class, t.code, t.records, t.what].map((head) => `<th>${head}</th>`).join('')}</tr>`;
  const table = `<table>${header}${all.map((one) => findingRow(one, context)).join('')}</table>`;
  return `<section><h2>${t.findings}</h2>${all.length === 0 ? `<p>${t.noFindings}</p>` : table}</section>`;
}

function findingRow({ leaf, finding }: ShownFinding, { t }: PageContext): string {
  const detail = leaf.withheld.includes('detail')
    ? `<span class="withheld">${t.withheld}</span>`
    : escapeText(finding.detail);
  return `<tr><td class="n"><a id="i${leaf.index}">${leaf.index}</a></td><td>${escapeText(finding.class)}</td><td>${escapeText(finding.code)}</td><td class="n">${finding.records ?? t.unknown}</td><td>${detail}</td></tr>`;
}

function authentication({ statements }: PageIndex, { t }: PageContext): string {
  if (statements.length === 0) return '';
  const rows = statements.map((text, i) => `<tr><th>A${i + 1}</th><td>${escapeText(text)}</td></tr>`);
  return `<section><h2>${t.cryptography}</h2><table>${rows.join('')}</table></section>`;
}

function howTo(document: ExhibitDocument, { t }: PageContext): string {
  const key = fill(t.howKey, { key: `<code>${escapeText(document.verifierKey)}</code>` });
  const { version, build } = document.tool;
  return `<section><h2>${t.howTo}</h2><ol><li>${t.howSums}</li><li>${t.howPython}</li><li>${t.howCustody} ${key}</li><li>${t.howRaw}</li></ol>
<p class="small">${fill(t.madeBy, { version: escapeText(version), build: `<code>${escapeText(build)}</code>` })}</p></section>`;
}
