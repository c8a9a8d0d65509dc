import { utf8DecodeLossy } from '@custody/bytes';
import { type Instant, itemSlot, type Party } from '@custody/evidence';
import { measureContent } from '../content.ts';
import type { ExhibitConversation, ExhibitDerivation, ExhibitDocument, ExhibitLeaf, FieldJson } from '../model.ts';
import { localText, utcText } from '../page/local-time.ts';
import { type PageContext, pageContext } from '../page/page-context.ts';
import { indexPage, type PageIndex, type ShownItem, statementOf } from '../page/page-index.ts';
import { place } from '../page/render-item.ts';
import { MOST_MENTIONS, mentionWords, numberMentions } from '../page/render-mentions.ts';
import { shownRuns } from '../shown-runs.ts';
import { fill } from '../texts/texts.ts';
import { piecesWithoutPdfLine } from '../write-document.ts';
import { PdfPaper } from './pdf-paper.ts';

/**
 * The PDF of an exhibit: a function of its document, with page numbers, and at the foot of every page the reference and
 * the SHA-256 of the document (without its line about the PDF), so that paper leads back to what can be verified.
 */
export async function renderPdf(document: ExhibitDocument): Promise<Uint8Array> {
  const context = pageContext(document);
  const { t } = context;
  const digest = measureContent(() => piecesWithoutPdfLine(document)).sha256;
  const title = document.exhibitRef ?? t.exhibit;
  const paper = new PdfPaper({ title, date: new Date(document.asOf), digest: `exhibit ${digest}` });
  const index = indexPage(document);
  head(paper, document, context);
  completeness(paper, document, context);
  for (const one of document.derivations) derivation(paper, one, context);
  for (const { about, derivation: entry, items } of index.conversations) {
    conversation(paper, { about, entry }, context);
    for (const item of items) itemOf(paper, item, { index, context });
  }
  findings(paper, index, context);
  declarations(paper, document, context);
  return paper.finish((page, of) => [
    `${title} · ${document.producer ?? t.notStated} · ${document.case.origin} · ${fill(t.page, { n: page, of })}`,
    `${t.contentHash}: ${digest}`,
  ]);
}

function head(paper: PdfPaper, document: ExhibitDocument, { t }: PageContext): void {
  paper.paragraph(document.exhibitRef ?? t.exhibit, { size: 18, bold: true });
  paper.paragraph(document.case.title, { size: 11 });
  paper.paragraph(`${t.log} ${document.case.origin} · ${fill(t.asOf, { time: document.asOf, size: document.size })}`, {
    size: 8,
  });
  if (document.producer !== null) paper.paragraph(fill(t.producedBy, { producer: document.producer }), { size: 8 });
  paper.paragraph(`${t.root} ${document.checkpoint.split('\n')[2] ?? ''}`, { size: 8 });
  paper.paragraph(`${t.howTo}: ${t.howPython} ${fill(t.howKey, { key: document.verifierKey })}`, { size: 8 });
  paper.rule();
}

function completeness(
  paper: PdfPaper,
  { completeness: c, selection, redactions }: ExhibitDocument,
  { t }: PageContext,
): void {
  heading(paper, t.shownAndNot);
  const counts: [string, number | null][] = [
    [t.shownSelected, c.shown],
    [t.shownContext, c.context],
    [t.inScope, c.inScope],
    [t.outOfScope, c.outOfScope],
    [t.privileged, c.privileged],
    [t.undecided, c.undecided],
  ];
  for (const [name, value] of counts) paper.paragraph(`${value ?? t.unknown}   ${name}`);
  paper.paragraph(fill(t.selectedBy, { selection: selection.join('; ') || t.notStated }));
  for (const note of c.notes) paper.paragraph(`• ${note}`, { size: 8 });
  paper.paragraph(t.redactions, { bold: true, before: 6 });
  if (redactions.length === 0) paper.paragraph(t.noRedactions);
  redactions.forEach(({ what, field, reason, authority, items }, i) => {
    const words = { field: t.ruleField, item: t.ruleItem, span: t.ruleSpan, value: t.ruleValue, media: t.ruleMedia }[
      what
    ];
    const grounds = `${t.reason}: ${reason ?? t.notStated} · ${t.authority}: ${authority ?? t.notStated}`;
    paper.paragraph(`R${i + 1} ${fill(words, { field: field ?? '' })} · ${grounds} · ${t.itemsTouched}: ${items}`, {
      size: 8,
    });
  });
}

function derivation(paper: PdfPaper, one: ExhibitDerivation, { t }: PageContext): void {
  heading(paper, `${t.capture} ${one.captureName}`);
  paper.paragraph(`SHA-256 ${one.capture}`, { size: 8 });
  paper.paragraph(`${t.decoder} ${one.decoder} · ${t.authority} ${one.authority} · ${t.derivation} ${one.entry}`, {
    size: 8,
  });
  if (one.totals === null) {
    paper.paragraph(t.unfinished, { size: 8 });
    return;
  }
  const { records, decoded, lost, notCovered, items, findings: found } = one.totals;
  const sums = { records, decoded, lost: lost ?? t.unknown, notCovered, items, findings: found };
  paper.paragraph(fill(t.recordsAddUp, sums), { size: 8 });
}

function conversation(
  paper: PdfPaper,
  { about, entry }: { readonly about: ExhibitConversation | null; readonly entry: number },
  { t }: PageContext,
): void {
  const name = about === null || about.nameWithheld ? t.nameWithheld : (about.conversation ?? t.noName);
  heading(paper, `${t.conversation} ${name}`);
  paper.paragraph(`${t.derivation} ${entry}`, { size: 8, grey: true });
  if (about === null) return;
  const [held, withheld] = [about.held, about.withheld].map((value) => (value === 'unknown' ? t.unknown : value));
  paper.paragraph(fill(t.shownOf, { shown: about.shown, held: held ?? '', withheld: withheld ?? '' }), { size: 8 });
}

function itemOf(
  paper: PdfPaper,
  { leaf, view }: ShownItem,
  { index, context }: { readonly index: PageIndex; readonly context: PageContext },
): void {
  const { t } = context;
  const label = `${fill(t.item, { index: leaf.index })} · ${leaf.role === 'selected' ? t.selected : t.context}`;
  if (view === null) {
    paper.paragraph(`${label} · ${t.withheld}`, { bold: true, before: 8 });
    return;
  }
  const { item } = view;
  const shown = (name: string, text: string) => (view.withheld.includes(name) ? `[${t.withheld}]` : text);
  const who = `${shown('sender', partyText(item.sender, context))} → ${shown('recipients', (item.recipients ?? []).map((one) => partyText(one, context)).join(', ') || t.notStated)}`;
  paper.paragraph(`${label} · ${item.kind} · ${who}`, { bold: true, size: 8.5, before: 8 });
  paper.paragraph(shown('sentAt', instant(item.sentAt, context)), { size: 8, grey: true });
  const text = bodyText(leaf.fields[itemSlot.body - 1], context);
  if (text !== null) paper.paragraph(text, { size: 10.5, indent: 12, before: 3 });
  mentionsOf(paper, leaf, context);
  for (const one of context.annotations.get(leaf.index) ?? []) {
    const kind = one.what === 'translation' ? t.translation : t.note;
    paper.paragraph(`${kind}${one.by === null ? '' : ` (${one.by})`} · ${t.producerSays}`, {
      size: 7,
      grey: true,
      indent: 24,
    });
    paper.paragraph(one.text, { size: 9.5, indent: 24 });
  }
  for (const { name, sha256, present } of view.withheld.includes('attachments') ? [] : item.attachments)
    paper.paragraph(
      `${t.attachment} ${name ?? t.noFileName} · SHA-256 ${sha256 ?? t.notStated} · ${present ? t.inCapture : t.notInCapture}`,
      { size: 8, indent: 12 },
    );
  const proof = view.withheld.includes('authentication')
    ? t.withheld
    : `A${index.statements.indexOf(statementOf(item.authentication, t)) + 1}`;
  paper.paragraph(`${place(item, context)} · ${t.authentication} ${proof}`, { size: 6.5, grey: true });
  if (view.withheld.length === 0) return;
  const rules = leaf.because.map((rule) => `R${rule + 1}`).join(' ');
  paper.paragraph(`${t.withheld}: ${view.withheld.join(', ')} ${rules}`, { size: 7 });
}

function bodyText(field: FieldJson | undefined, { t }: PageContext): string | null {
  if (field !== undefined && 'digest' in field) return `[${t.withheld}]`;
  const runs = shownRuns(field);
  if (runs.length === 0) return null;
  return runs.map((run) => (run === null ? `[${t.passageWithheld}]` : utf8DecodeLossy(run.bytes))).join('');
}

/** What the tool found in a text, each with the words it was found in. */
function mentionsOf(paper: PdfPaper, leaf: ExhibitLeaf, context: PageContext): void {
  const { t } = context;
  const mentions = numberMentions(context.mentions.get(leaf.index));
  if (mentions.length === 0) return;
  const runs = shownRuns(leaf.fields[itemSlot.body - 1]).filter((run) => run !== null);
  const style = { size: 7, grey: true, indent: 24 };
  paper.paragraph(t.mentions, { ...style, before: 3 });
  for (const mention of mentions.slice(0, MOST_MENTIONS)) {
    const { number, type, value, start, end } = mention;
    const run = runs.find(({ from, bytes }) => start >= from && end <= from + bytes.length);
    const quote = run === undefined ? '' : utf8DecodeLossy(run.bytes.subarray(start - run.from, end - run.from));
    const { first, more } = mentionWords(mention, t);
    paper.paragraph([`${number} ${type} ${value} “${quote}”`, first, ...more].join(' · '), style);
  }
  if (mentions.length > MOST_MENTIONS) paper.paragraph(fill(t.more, { n: mentions.length - MOST_MENTIONS }), style);
}

function instant(one: Instant | null, { t, timeZone }: PageContext): string {
  if (one === null) return t.undated;
  const utc = utcText(one);
  const local = localText(one, timeZone);
  const { raw, clock, precision } = one;
  const found = fill(t.asFound, { raw, clock, precision, zone: one.zone ?? t.notStated });
  return `${utc === null ? t.utcUnknown : `${utc} UTC`}${local === null ? '' : ` · ${t.local} ${local.time} ${local.zone}`} · ${found}`;
}

function partyText(one: Party | null, { t }: PageContext): string {
  if (one === null) return t.notStated;
  return one.display === undefined ? one.value : `${one.value} (${one.display})`;
}

function findings(paper: PdfPaper, { findings: all, statements }: PageIndex, { t }: PageContext): void {
  heading(paper, t.findings);
  if (all.length === 0) paper.paragraph(t.noFindings);
  for (const { leaf, finding } of all) {
    const detail = leaf.withheld.includes('detail') ? `[${t.withheld}]` : finding.detail;
    paper.paragraph(
      `${leaf.index} · ${finding.class} · ${finding.code} · ${t.records} ${finding.records ?? t.unknown} · ${detail}`,
      { size: 8 },
    );
  }
  heading(paper, t.cryptography);
  statements.forEach((text, i) => {
    paper.paragraph(`A${i + 1} ${text}`, { size: 8 });
  });
}

function declarations(paper: PdfPaper, { tool }: ExhibitDocument, { t }: PageContext): void {
  paper.newPage();
  heading(paper, t.declarations);
  for (const template of [t.declareFre, t.declareUk, t.declareEu]) {
    paper.paragraph(fill(template, { ...tool }), { before: 12 });
    paper.paragraph(t.signature, { before: 18 });
  }
}

function heading(paper: PdfPaper, text: string): void {
  paper.paragraph(text, { size: 12, bold: true, before: 14 });
}
