import { utf8DecodeLossy } from '@custody/bytes';
import type { ExhibitMention } from '../model.ts';
import type { ShownRun } from '../shown-runs.ts';
import { fill } from '../texts/texts.ts';
import { escapeText } from './escape-text.ts';
import type { PageContext } from './page-context.ts';

/** Mentions listed under one text; all stand in exhibit.json. */
export const MOST_MENTIONS = 200;

/** A mention with its number under the text. */
export interface NumberedMention extends ExhibitMention {
  readonly number: number;
}

/** In order of the text; of two that begin together the longer first, so that one within another follows it. */
export function numberMentions(found: readonly ExhibitMention[] = []): NumberedMention[] {
  return [...found]
    .sort((a, b) => a.start - b.start || b.end - a.end)
    .map((mention, i) => ({ ...mention, number: i + 1 }));
}

/** A run of shown text with its mentions marked. The number is an attribute: what is copied is the text alone. */
export function markedRun({ from, bytes }: NonNullable<ShownRun>, mentions: readonly NumberedMention[]): string {
  const text = (start: number, end: number) => escapeText(utf8DecodeLossy(bytes.subarray(start - from, end - from)));
  const parts: string[] = [];
  let at = from;
  for (const { start, end, number } of mentions) {
    // What stands inside another mention is listed and not marked again.
    if (start < at || end > from + bytes.length) continue;
    parts.push(text(at, start), `<mark data-n="${number}">${text(start, end)}</mark>`);
    at = end;
  }
  return parts.join('') + text(at, from + bytes.length);
}

/** The mentions of a text in words, said to be the tool's. */
export function mentionList(mentions: readonly NumberedMention[], { t }: PageContext): string {
  if (mentions.length === 0) return '';
  const rows = mentions.slice(0, MOST_MENTIONS).map((mention) => {
    const { first, more } = mentionWords(mention, t);
    return `<li value="${mention.number}"><b>${escapeText(mention.type)}</b> <bdi>${escapeText(mention.value)}</bdi> · ${escapeText(first)}${more.map((words) => ` · <bdi>${escapeText(words)}</bdi>`).join('')}</li>`;
  });
  const left = mentions.length - MOST_MENTIONS;
  return `<div class="found small"><p>${t.mentions}</p><ol>${rows.join('')}</ol>${left > 0 ? fill(t.more, { n: left }) : ''}</div>`;
}

/** Tier and folds, and other readings, as text. */
export function mentionWords(
  { tier, folds, alternatives }: ExhibitMention,
  t: PageContext['t'],
): { readonly first: string; readonly more: readonly string[] } {
  const first = [`${t.mentionTier} ${tier}`, ...(folds.length === 0 ? [] : [`${t.mentionFolds} ${folds.join(', ')}`])];
  return { first: first.join(' · '), more: alternatives.map(({ type, value }) => `${t.mentionOr} ${type} ${value}`) };
}
