import { type CborValue, hexEncode, utf8DecodeLossy } from '@custody/bytes';
import type { Attachment, Instant, Item, Party, Ref } from '@custody/evidence';
import { escapePlain, escapeText } from './escape-text.ts';
import { type PageIndex, refKey, type ShownItem, statementOf } from './page-index.ts';

/** Last millisecond that a Date can hold. */
const TIME_MAX = 8_640_000_000_000_000;
const WITHHELD = '<span class="withheld">withheld</span>';
/** Longest text of one named field on the page; the whole stands in exhibit.json. */
const FIELD_MAX = 400;

const DIRECTIONS: Readonly<Record<string, string>> = {
  incoming: 'incoming (received by the owner of the capture)',
  outgoing: 'outgoing (sent by the owner of the capture)',
  system: 'system',
};

/** One item as an article. Every text of the evidence is escaped; nothing of it reaches an attribute but numbers. */
export function renderItem(shown: ShownItem, index: PageIndex): string {
  const { leaf, view } = shown;
  const label = `<a id="i${leaf.index}" href="#i${leaf.index}">item ${leaf.index}</a>`;
  const role = `<span class="tag">${leaf.role}</span>`;
  const raw = leaf.raw.length === 0 ? `raw record ${WITHHELD}` : `raw record ${leaf.raw.map(code).join(' ')}`;
  if (view === null) return `<article class="${leaf.role}"><p class="who">${label}${role} ${WITHHELD}</p></article>`;
  const { item } = view;
  const hidden = (name: string) => view.withheld.includes(name);
  const direction = DIRECTIONS[item.direction ?? ''] === undefined ? '' : ` ${item.direction}`;
  const lines = [
    `<p class="who">${label} <b>${escapeText(item.kind)}</b>${role}${directionTag(item)} ${hidden('sender') ? WITHHELD : party(item.sender)} → ${hidden('recipients') ? WITHHELD : parties(item.recipients)}</p>`,
    `<p class="when">${hidden('sentAt') ? WITHHELD : instant(item.sentAt)}</p>`,
    ...(hidden('refs') ? [line(`references ${WITHHELD}`)] : item.refs.map((ref) => reference(ref, shown, index))),
    hidden('body') ? `<p class="body">${WITHHELD}</p>` : body(item),
    ...(hidden('attachments') ? [line(`attachments ${WITHHELD}`)] : item.attachments.map(attachment)),
    ...(hidden('times') ? [small(`other times ${WITHHELD}`)] : otherTimes(item)),
    ...(hidden('fields') ? [small(`further fields of the format ${WITHHELD}`)] : namedFields(item)),
    small(
      `${escapeText(place(item))} · ${raw} · authentication ${hidden('authentication') ? WITHHELD : note(item, index)}`,
    ),
    withheldLine(view.withheld),
  ];
  return `<article class="${leaf.role}${direction}">${lines.filter((one) => one !== '').join('\n')}</article>`;
}

export function party(one: Party | null): string {
  if (one === null) return 'not stated';
  const name =
    one.display === undefined ? '' : ` <span class="small">shown as <bdi>${escapeText(one.display)}</bdi></span>`;
  return `<bdi>${escapeText(one.value)}</bdi>${name}`;
}

function parties(all: readonly Party[] | null): string {
  return all === null || all.length === 0 ? 'not stated' : all.map(party).join(', ');
}

function directionTag({ direction }: Item): string {
  const words = DIRECTIONS[direction ?? ''];
  return words === undefined
    ? ''
    : `<span class="tag" title="${escapePlain(words)}">${escapeText(direction ?? '')}</span>`;
}

function body(item: Item): string {
  if (item.body === null) return '';
  return `<p class="body" dir="auto">${escapeText(utf8DecodeLossy(item.body))}</p>`;
}

/** UTC first; the text as found beside it, because that is what was recorded. */
function instant(one: Instant | null): string {
  if (one === null) return 'undated';
  const known = one.utc !== null && Number.isFinite(one.utc) && Math.abs(one.utc) <= TIME_MAX;
  const utc = known
    ? `${new Date(one.utc as number).toISOString().replace('T', ' ').replace('Z', '')} UTC`
    : 'UTC not known';
  const ambiguous = one.ambiguous === true ? ' <b>AMBIGUOUS local time</b>' : '';
  return `<b>${utc}</b>${ambiguous} <small>as found <bdi>${escapeText(one.raw)}</bdi>, zone ${escapeText(one.zone ?? 'not stated')}, ${escapeText(one.clock)} clock, precision ${escapeText(one.precision)}</small>`;
}

function otherTimes(item: Item): string[] {
  return [...(item.times ?? [])].map(([name, time]) => small(`${escapeText(name)} ${instant(time)}`));
}

function reference(ref: Ref, { derivation }: ShownItem, { byMessageId }: PageIndex): string {
  const target = byMessageId.get(refKey(derivation, ref.id));
  const to =
    target === undefined
      ? `<bdi>${escapeText(ref.id)}</bdi> (not in this exhibit)`
      : `<a href="#i${target}">item ${target}</a>`;
  return line(`↪ ${escapeText(ref.rel)} ${to}`);
}

function attachment(one: Attachment): string {
  const parts = [
    one.name ?? 'without a name',
    one.mime,
    one.size === null ? null : `${one.size} bytes`,
    one.sha256 === null ? null : `SHA-256 ${one.sha256}`,
  ];
  const text = escapeText(parts.filter((part) => part !== null).join(' · '));
  return line(`attachment <bdi>${text}</bdi>: ${one.present ? 'in the capture' : 'referred to, not in the capture'}`);
}

function namedFields(item: Item): string[] {
  return [...(item.fields ?? [])].map(([name, value]) =>
    small(`${escapeText(name)}: <bdi>${escapeText(cut(plainText(value)))}</bdi>`),
  );
}

function plainText(value: CborValue): string {
  if (value instanceof Uint8Array) return hexEncode(value.subarray(0, FIELD_MAX));
  if (value instanceof Map) return [...value].map(([key, inner]) => `${key} ${plainText(inner)}`).join(', ');
  if (Array.isArray(value)) return (value as readonly CborValue[]).map(plainText).join(', ');
  return String(value);
}

function cut(text: string): string {
  return text.length <= FIELD_MAX ? text : `${text.slice(0, FIELD_MAX)}… (${text.length} characters)`;
}

function note(item: Item, { statements }: PageIndex): string {
  return `A${statements.indexOf(statementOf(item.authentication)) + 1}`;
}

function place({ locator, sources }: Item): string {
  const also = sources.length === 0 ? '' : ` and ${sources.length} further record(s)`;
  return `${locator.path}, offset ${locator.offset ?? '?'}, length ${locator.length ?? '?'}, row ${locator.row ?? '?'}${also}`;
}

function withheldLine(withheld: readonly string[]): string {
  return withheld.length === 0 ? '' : small(`${WITHHELD} ${withheld.map(escapeText).join(', ')}`);
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
