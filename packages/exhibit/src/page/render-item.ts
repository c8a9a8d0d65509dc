import { type CborValue, hexEncode } from '@custody/bytes';
import type { Attachment, Instant, Item, Party, Ref } from '@custody/evidence';
import { itemSlot } from '@custody/evidence';
import type { ExhibitAnnotation, ExhibitLeaf } from '../model.ts';
import { shownRuns } from '../shown-runs.ts';
import { fill, type TextKey } from '../texts/texts.ts';
import { escapeText } from './escape-text.ts';
import { localText, utcText } from './local-time.ts';
import type { PageContext } from './page-context.ts';
import { type PageIndex, refKey, type ShownItem, statementOf } from './page-index.ts';
import { markedRun, mentionList, numberMentions } from './render-mentions.ts';

/** Longest text of one named field on the page; the whole stands in exhibit.json. */
const FIELD_MAX = 400;

/** One item as an article. Every text of the evidence is escaped; nothing of it reaches an attribute but numbers. */
export function renderItem(shown: ShownItem, index: PageIndex, context: PageContext): string {
  const { leaf, view } = shown;
  const { t } = context;
  const label = `<a id="i${leaf.index}" href="#i${leaf.index}">${fill(t.item, { index: leaf.index })}</a>`;
  const role = `<span class="tag">${leaf.role === 'selected' ? t.selected : t.context}</span>${stateTag(leaf.index, context)}`;
  if (view === null)
    return `<article class="${leaf.role}"><p class="who">${label}${role} ${gone(context)}</p></article>`;
  const { item } = view;
  const hidden = (name: string) => view.withheld.includes(name);
  const shownOr = (name: string, html: string) => (hidden(name) ? gone(context) : html);
  const raw = leaf.raw.length === 0 ? gone(context) : leaf.raw.map(code).join(' ');
  const lines = [
    `<p class="who">${label} <b>${escapeText(item.kind)}</b>${role}${directionTag(item, context)} ${shownOr('sender', party(item.sender, context))} → ${shownOr('recipients', parties(item.recipients, context))}</p>`,
    `<p class="when">${shownOr('sentAt', instant(item.sentAt, context))}</p>`,
    ...(hidden('refs')
      ? [line(`${t.references} ${gone(context)}`)]
      : item.refs.map((ref) => reference(ref, shown, { index, context }))),
    ...body(leaf, context),
    ...(context.annotations.get(leaf.index) ?? []).map((one) => annotation(one, context)),
    ...(hidden('attachments')
      ? [line(`${t.attachments} ${gone(context)}`)]
      : item.attachments.map((one) => attachment(one, leaf.media, context))),
    ...(hidden('times') ? [small(`${t.otherTimes} ${gone(context)}`)] : otherTimes(item, context)),
    ...(hidden('fields') ? [small(`${t.furtherFields} ${gone(context)}`)] : namedFields(item, context)),
    small(
      `${escapeText(place(item, context))} · ${t.rawRecord} ${raw} · ${t.authentication} ${shownOr('authentication', note(item, index, context))}`,
    ),
    withheldLine(view.withheld, leaf.because, context),
  ];
  const direction = ['incoming', 'outgoing', 'system'].includes(item.direction ?? '') ? ` ${item.direction}` : '';
  return `<article class="${leaf.role}${direction}">${lines.filter((one) => one !== '').join('\n')}</article>`;
}

export function party(one: Party | null, { t }: PageContext): string {
  if (one === null) return t.notStated;
  const name =
    one.display === undefined ? '' : ` <span class="small">${t.shownAs} <bdi>${escapeText(one.display)}</bdi></span>`;
  return `<bdi>${escapeText(one.value)}</bdi>${name}`;
}

function parties(all: readonly Party[] | null, context: PageContext): string {
  return all === null || all.length === 0 ? context.t.notStated : all.map((one) => party(one, context)).join(', ');
}

function stateTag(index: number, { t, states }: PageContext): string {
  const state = states.get(index);
  if (state === undefined) return '';
  const words: Record<string, TextKey> = {
    pinned: 'stateProven',
    'self-asserted': 'stateUnpinned',
    failed: 'stateFailed',
  };
  return `<span class="tag state${state === 'failed' ? ' bad' : ''}">${t[words[state] as TextKey]}</span>`;
}

function directionTag({ direction }: Item, { t }: PageContext): string {
  if (direction !== 'incoming' && direction !== 'outgoing' && direction !== 'system') return '';
  return `<span class="tag">${t[direction]}</span>`;
}

/** The text, or its pieces, with marks where some are withheld and where the tool found something. */
function body(leaf: ExhibitLeaf, context: PageContext): string[] {
  const field = leaf.fields[itemSlot.body - 1];
  const runs = shownRuns(field);
  if (runs.length === 0) return [];
  if (field !== undefined && 'digest' in field) return [`<p class="body">${gone(context)}</p>`];
  const mentions = numberMentions(context.mentions.get(leaf.index));
  const mark = `<span class="withheld">${context.t.passageWithheld}</span>`;
  const parts = runs.map((run) => (run === null ? mark : markedRun(run, mentions)));
  return [`<p class="body" dir="auto">${parts.join('')}</p>`, mentionList(mentions, context)];
}

/** UTC first; local time and the text as found beside it, because that is what was recorded. */
function instant(one: Instant | null, { t, timeZone }: PageContext): string {
  if (one === null) return t.undated;
  const utc = utcText(one);
  const local = localText(one, timeZone);
  const shownLocal = local === null ? '' : ` · ${t.local} <b>${local.time}</b> ${escapeText(local.zone)}`;
  const ambiguous = one.ambiguous === true ? ` <b>${t.ambiguous}</b>` : '';
  const found = fill(t.asFound, {
    raw: `<bdi>${escapeText(one.raw)}</bdi>`,
    zone: escapeText(one.zone ?? t.notStated),
    clock: escapeText(one.clock),
    precision: escapeText(one.precision),
  });
  return `<b>${utc === null ? t.utcUnknown : `${utc} UTC`}</b>${shownLocal}${ambiguous} <small>${found}</small>`;
}

function otherTimes(item: Item, context: PageContext): string[] {
  return [...(item.times ?? [])].map(([name, time]) => small(`${escapeText(name)} ${instant(time, context)}`));
}

function reference(
  ref: Ref,
  { derivation }: ShownItem,
  { index, context }: { readonly index: PageIndex; readonly context: PageContext },
): string {
  const target = index.byMessageId.get(refKey(derivation, ref.id));
  const to =
    target === undefined
      ? `<bdi>${escapeText(ref.id)}</bdi> (${context.t.notInExhibit})`
      : `<a href="#i${target}">${fill(context.t.item, { index: target })}</a>`;
  return line(`↪ ${escapeText(ref.rel)} ${to}`);
}

function annotation(one: ExhibitAnnotation, { t }: PageContext): string {
  const about = [one.lang, one.by].filter((part) => part !== null).map((part) => escapeText(part));
  const head = `${one.what === 'translation' ? t.translation : t.note}${about.length === 0 ? '' : ` (${about.join(', ')})`}`;
  return `<div class="aside"><p class="small">${head} · ${t.producerSays}</p><p class="body" dir="auto">${escapeText(one.text)}</p></div>`;
}

function attachment(one: Attachment, media: readonly string[], { t }: PageContext): string {
  const parts = [
    one.name ?? t.noFileName,
    one.mime,
    one.size === null ? null : fill(t.bytes, { n: one.size }),
    one.sha256 === null ? null : `SHA-256 ${one.sha256}`,
  ];
  const text = escapeText(parts.filter((part) => part !== null).join(' · '));
  const file = media.find((name) => one.sha256 !== null && name.endsWith(one.sha256));
  const where = one.present ? t.inCapture : t.notInCapture;
  return line(`${t.attachment} <bdi>${text}</bdi>: ${where}${file === undefined ? '' : ` · ${code(file)}`}`);
}

function namedFields(item: Item, { t }: PageContext): string[] {
  return [...(item.fields ?? [])].map(([name, value]) => {
    const text = plainText(value);
    const cut =
      text.length <= FIELD_MAX ? text : `${text.slice(0, FIELD_MAX)}… (${fill(t.characters, { n: text.length })})`;
    return small(`${escapeText(name)}: <bdi>${escapeText(cut)}</bdi>`);
  });
}

/** A value of a format's field in words. */
export function plainText(value: CborValue): string {
  if (value instanceof Uint8Array) return hexEncode(value.subarray(0, FIELD_MAX));
  if (value instanceof Map) return [...value].map(([key, inner]) => `${key} ${plainText(inner)}`).join(', ');
  if (Array.isArray(value)) return (value as readonly CborValue[]).map(plainText).join(', ');
  return String(value);
}

function note(item: Item, { statements }: PageIndex, { t }: PageContext): string {
  return `A${statements.indexOf(statementOf(item.authentication, t)) + 1}`;
}

export function place({ locator, sources }: Item, { t }: Pick<PageContext, 't'>): string {
  const { path, offset, length, row } = locator;
  const where = fill(t.place, { path, offset: offset ?? '?', length: length ?? '?', row: row ?? '?' });
  return sources.length === 0 ? where : `${where} ${fill(t.furtherRecords, { n: sources.length })}`;
}

function withheldLine(withheld: readonly string[], because: readonly number[], context: PageContext): string {
  if (withheld.length === 0) return '';
  const rules = because.map((rule) => `<a href="#r${rule + 1}">R${rule + 1}</a>`).join(' ');
  return small(`${gone(context)} ${withheld.map(escapeText).join(', ')} ${rules}`);
}

function gone({ t }: PageContext): string {
  return `<span class="withheld">${t.withheld}</span>`;
}

function code(name: string): string {
  return `<code>${escapeText(name)}</code>`;
}

function line(html: string): string {
  return `<p class="line">${html}</p>`;
}

function small(html: string): string {
  return `<p class="small">${html}</p>`;
}
