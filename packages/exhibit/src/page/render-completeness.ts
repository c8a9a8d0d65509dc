import type { ExhibitCompleteness, ExhibitDerivation, ExhibitDocument, ExhibitRedaction } from '../model.ts';
import { fill, type Texts } from '../texts/texts.ts';
import { escapeText } from './escape-text.ts';
import type { PageContext } from './page-context.ts';

/** What is shown, what was left out and why. */
export function renderCompleteness(document: ExhibitDocument, { t }: PageContext): string {
  const { completeness: c, selection, redactions } = document;
  const row = (name: string, value: number | null) =>
    `<tr><th>${name}</th><td class="n">${value === null ? t.unknown : value}</td></tr>`;
  const counts = [
    row(t.shownSelected, c.shown),
    row(t.shownContext, c.context),
    row(t.inScope, c.inScope),
    row(t.outOfScope, c.outOfScope),
    row(t.privileged, c.privileged),
    row(t.undecided, c.undecided),
  ];
  const chosen = selection.map((line) => `<bdi>${escapeText(line)}</bdi>`).join('; ') || t.notStated;
  return `<section><h2>${t.shownAndNot}</h2><table>${counts.join('')}</table>
<p>${fill(t.selectedBy, { selection: chosen })}</p>${list(c.notes.map((note) => escapeText(note)))}
<h3>${t.redactions}</h3>${redactionTable(redactions, t)}</section>`;
}

function redactionTable(rules: readonly ExhibitRedaction[], t: Texts): string {
  if (rules.length === 0) return `<p>${t.noRedactions}</p>`;
  const head = ['', t.rule, t.reason, t.authority, t.itemsTouched].map((name) => `<th>${name}</th>`).join('');
  const rows = rules.map(
    (rule, i) =>
      `<tr><th id="r${i + 1}">R${i + 1}</th><td>${ruleText(rule, t)}</td><td><bdi>${escapeText(rule.reason ?? t.notStated)}</bdi></td><td><bdi>${escapeText(rule.authority ?? t.notStated)}</bdi></td><td class="n">${rule.items}</td></tr>`,
  );
  return `<table><tr>${head}</tr>${rows.join('')}</table>`;
}

function ruleText({ what, field }: ExhibitRedaction, t: Texts): string {
  if (what === 'field') return fill(t.ruleField, { field: escapeText(field ?? '') });
  if (what === 'item') return fill(t.ruleItem, { field: escapeText(field ?? '') });
  return what === 'span' ? t.ruleSpan : what === 'value' ? t.ruleValue : t.ruleMedia;
}

/** A capture: its hash, its counts, and what of it was not covered, not examined or replaced. */
export function renderDerivation(one: ExhibitDerivation, all: ExhibitCompleteness, { t }: PageContext): string {
  const own = <T extends { readonly derivation: number }>(rows: readonly T[]) =>
    rows.filter((row) => row.derivation === one.entry);
  const limits = own(all.limits).map((limit) => {
    const often = limit.findings > 1 ? ` (${fill(t.times, { n: limit.findings })})` : '';
    return `${escapeText(limit.code)}: ${escapeText(limit.detail)}${often}`;
  });
  const replaced = all.superseded.filter(({ derivation, by }) => derivation === one.entry || by === one.entry);
  const lines = [
    `SHA-256 <code>${escapeText(one.capture)}</code>`,
    `${t.decoder} ${escapeText(one.decoder)} · ${t.authority} ${escapeText(one.authority)} · ${t.derivation} ${one.entry}`,
    totals(one, t),
    ...own(all.notExamined).map(({ bytes, findings }) => notExamined(bytes, findings, t)),
    ...replaced.map(({ derivation, by }) => fill(t.superseded, { derivation, by })),
    `${t.inventory}: ${inventory(own(all.inventory), t)}`,
    withLinks(t.captureFindings, one.findings, t),
  ];
  return `<section><h2>${t.capture} <bdi>${escapeText(one.captureName)}</bdi></h2>
<p class="line">${lines.join('<br>')}</p>${limits.length === 0 ? '' : `<p class="line">${t.notCovered}</p>${list(limits)}`}</section>`;
}

function totals({ totals: sums }: ExhibitDerivation, t: Texts): string {
  if (sums === null) return t.unfinished;
  const { records, decoded, notCovered, items, findings } = sums;
  return fill(t.recordsAddUp, { records, decoded, lost: sums.lost ?? t.unknown, notCovered, items, findings });
}

function notExamined(bytes: number | null, findings: number | null, t: Texts): string {
  if (findings === null) return t.notExaminedUnknown;
  return fill(t.notExamined, { bytes: bytes ?? t.unknown, findings });
}

function inventory(rows: ExhibitCompleteness['inventory'], t: Texts): string {
  const left = rows.filter(({ shown, received }) => shown === 0 && received > 0);
  if (left.length === 0) return t.inventoryAll;
  return left
    .map(({ field, shown, received }) => fill(t.inventoryRow, { field: escapeText(field), shown, received }))
    .join(', ');
}

/** A sentence with links to findings or items in the place of `{list}`. */
export function withLinks(sentence: string, all: readonly number[], t: Texts): string {
  const links = all.map((index) => `<a href="#i${index}">${index}</a>`).join(', ');
  return fill(sentence, { list: all.length === 0 ? t.noneRecorded : links });
}

function list(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `<ul class="small">${lines.map((line) => `<li>${line}</li>`).join('')}</ul>`;
}
