import { decisionsJson } from './decisions-json.ts';
import type { ExpungedJson } from './expunged-json.ts';
import { type FindingJson, findingJson, type ItemJson, itemJson } from './item-json.ts';
import { marksJson } from './marks/marks-json.ts';
import type { Case } from './open-case.ts';
import { notLogged, recordAccess } from './record-access.ts';
import { leavesInForce } from './selection.ts';

export interface ItemFilter {
  readonly kind?: string;
  readonly capture?: string;
  readonly all?: boolean;
  /** Dispositions as the log had them at this size. */
  readonly at?: number;
  readonly reason?: string;
}

/** Items in log order, as far as the acting person may open them. The access is recorded first. */
export async function* listItems(opened: Case, filter: ItemFilter = {}): AsyncGenerator<ItemJson> {
  for await (const line of listItemLines(opened, filter)) if (!('expunged' in line)) yield line;
}

/** As listItems, with a line for every position that was expunged, so that the numbers stay whole. */
export async function* listItemLines(opened: Case, filter: ItemFilter = {}): AsyncGenerator<ItemJson | ExpungedJson> {
  const { kind, capture, all, at, reason } = filter;
  const parameters = { kind: kind ?? null, capture: capture ?? null, all: all ?? false, at: at ?? null };
  const logged = await recordAccess(opened, 'items', { parameters, ...(reason !== undefined && { reason }) });
  for await (const found of leavesInForce(opened, { all: all ?? false, ...(at !== undefined && { at }) })) {
    const { leaf, derivation } = found;
    if (capture !== undefined && !derivation.capture.startsWith(capture.toLowerCase())) continue;
    if (leaf === null) {
      // Of what kind the item was is gone with it.
      if (found.leafKind === 'item' && kind === undefined) yield { ...found.gone, ...notLogged(logged) };
      continue;
    }
    if (leaf.kind !== 'item' || (kind !== undefined && leaf.item.kind !== kind)) continue;
    yield {
      ...itemJson(leaf, derivation),
      ...decisionsJson(opened, leaf.index, at),
      ...marksJson(opened, leaf.index, at),
      ...notLogged(logged),
    };
  }
}

export interface FindingFilter {
  readonly code?: string;
  readonly capture?: string;
  readonly all?: boolean;
  readonly reason?: string;
}

/** Findings in log order. */
export async function* listFindings(opened: Case, filter: FindingFilter = {}): AsyncGenerator<FindingJson> {
  for await (const line of listFindingLines(opened, filter)) if (!('expunged' in line)) yield line;
}

/** As listFindings, with a line for every position that was expunged. */
export async function* listFindingLines(
  opened: Case,
  filter: FindingFilter = {},
): AsyncGenerator<FindingJson | ExpungedJson> {
  const { code, capture, all, reason } = filter;
  const parameters = { code: code ?? null, capture: capture ?? null, all: all ?? false };
  const logged = await recordAccess(opened, 'findings', { parameters, ...(reason !== undefined && { reason }) });
  for await (const found of leavesInForce(opened, { all: all ?? false })) {
    const { leaf, derivation } = found;
    if (leaf === null) {
      const isWanted = capture === undefined || derivation.capture.startsWith(capture.toLowerCase());
      if (found.leafKind === 'finding' && code === undefined && isWanted) yield { ...found.gone, ...notLogged(logged) };
      continue;
    }
    if (leaf.kind !== 'finding' || (code !== undefined && leaf.finding.code !== code)) continue;
    if (capture !== undefined && !derivation.capture.startsWith(capture.toLowerCase())) continue;
    yield { ...findingJson(leaf, derivation), ...notLogged(logged) };
  }
}
