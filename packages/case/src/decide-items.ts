import { compartmentOf, type Disposition, dispositions, ScopeRule } from '@custody/evidence';
import { type LoggedSegment, type OpenedPart, openSegment, partFacts } from '@custody/segment';
import type { CaseAuthority } from './case-state.ts';
import type { DecideOptions } from './decide-options.ts';
import { usage } from './errors.ts';
import { bySegment, sourceIdentities } from './expunge-selection.ts';
import type { Case } from './open-case.ts';
import { derivationOf, segmentsInForce } from './selection.ts';

/** An item with what it was and what it is from now on. */
export interface DecidedItem {
  readonly index: number;
  readonly from: Disposition;
  readonly to: Disposition;
}

export interface Decided {
  readonly decided: readonly DecidedItem[];
  readonly rule: { readonly text: string; readonly byHand: boolean };
  readonly notes: readonly string[];
}

/** The items named, each with the disposition that a person gives it. Items that are not open are left out. */
export async function decideByHand(opened: Case, options: DecideOptions): Promise<Decided> {
  const { disposition, privilege, rule = '' } = options;
  const decided: DecidedItem[] = [];
  const wanted = [...new Set(options.items)];
  for (const [segment, indexes] of bySegment(opened, wanted)) {
    for (const { index, from, part, row } of await itemsOf(opened, segment)) {
      if (!indexes.includes(index)) continue;
      const to = disposition ?? (privilege === 'suspected' || privilege === 'confirmed' ? 'privileged' : null);
      decided.push({ index, from, to: to ?? scopeOf(opened, segment, { part, row }) });
    }
  }
  return { decided, rule: { text: rule, byHand: true }, notes: [] };
}

/** Where an item belongs when nothing about it is privileged: by the rule of its own authority. */
function scopeOf(opened: Case, segment: LoggedSegment, at: { part: OpenedPart; row: number }): Disposition {
  const { authority: id } = derivationOf(opened, segment);
  const { authority } = opened.state.authorities.get(id) as CaseAuthority;
  const { codes } = new ScopeRule({ ...authority, privileged: [] }).decide(partFacts(at.part.content));
  return dispositions[codes[at.row] as number] as Disposition;
}

/**
 * Every item, or those named, decided again by the rule of another authority. What a person said about privilege stands.
 */
export async function decideByAuthority(opened: Case, options: DecideOptions): Promise<Decided> {
  const { authority } = opened.state.authorities.get(options.authority ?? '') as CaseAuthority;
  const rule = new ScopeRule(authority);
  const wanted = options.items === undefined ? null : new Set(options.items);
  const decided: DecidedItem[] = [];
  let kept = 0;
  for (const segment of segmentsInForce(opened)) {
    const items = await itemsOf(opened, segment);
    const codes = new Map(items.map(({ part }) => [part, rule.decide(partFacts(part.content)).codes]));
    for (const { index, from, part, row } of items) {
      if (wanted !== null && !wanted.has(index)) continue;
      const to = dispositions[codes.get(part)?.[row] ?? 0] as Disposition;
      if (to === from) continue;
      const said = opened.state.history.privilegeOf(index);
      const stays = said !== null || (options.widen === true && (to !== 'in-scope' || from === 'privileged'));
      if (stays) kept++;
      else decided.push({ index, from, to });
    }
  }
  const notes =
    kept === 0
      ? []
      : [`${kept} item(s) stay as they are: a person has decided on privilege, or nothing is to leave the scope`];
  return { decided, rule: { text: `the rule of authority "${authority.id}"`, byHand: false }, notes };
}

interface OpenItem {
  readonly index: number;
  readonly from: Disposition;
  readonly part: OpenedPart;
  readonly row: number;
}

/** Items of a segment that the acting person may open, in order. `source` opens all. */
async function itemsOf(opened: Case, segment: LoggedSegment): Promise<OpenItem[]> {
  const { vault, ledger, held, state } = opened;
  const identities = held.source === undefined ? opened.contentIdentities : sourceIdentities(opened);
  if (Object.keys(identities).length === 0) throw usage('NO_RIGHTS', 'you hold no compartment with content');
  const read = await openSegment(vault, ledger, segment, identities);
  const out: OpenItem[] = [];
  for (const part of read.parts) {
    for (const [row, position] of part.content.itemPositions.entries()) {
      const index = segment.first + position;
      if (ledger.rewrites.expungedBy(index) !== null) continue;
      const stored = dispositions[part.content.codes[row] as number] as Disposition;
      const from = state.history.dispositionOf(index, stored);
      // An earlier decision may have moved it out of what this person holds.
      if (held.source === undefined && held[compartmentOf(from)] === undefined) continue;
      out.push({ index, from, part, row });
    }
  }
  return out.sort((a, b) => a.index - b.index);
}
