import { type FindingJson, findingJson, type ItemJson, itemJson } from './item-json.ts';
import type { Case } from './open-case.ts';
import { notLogged, recordAccess } from './record-access.ts';
import { leavesInForce } from './selection.ts';

export interface ItemFilter {
  readonly kind?: string;
  readonly capture?: string;
  readonly all?: boolean;
  readonly reason?: string;
}

/** Items in log order, as far as the acting person may open them. The access is recorded first. */
export async function* listItems(opened: Case, filter: ItemFilter = {}): AsyncGenerator<ItemJson> {
  const { kind, capture, all, reason } = filter;
  const parameters = { kind: kind ?? null, capture: capture ?? null, all: all ?? false };
  const logged = await recordAccess(opened, 'items', { parameters, ...(reason !== undefined && { reason }) });
  for await (const { leaf, derivation } of leavesInForce(opened, { all: all ?? false })) {
    if (leaf.kind !== 'item' || (kind !== undefined && leaf.item.kind !== kind)) continue;
    if (capture !== undefined && !derivation.capture.startsWith(capture.toLowerCase())) continue;
    yield { ...itemJson(leaf, derivation), ...notLogged(logged) };
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
  const { code, capture, all, reason } = filter;
  const parameters = { code: code ?? null, capture: capture ?? null, all: all ?? false };
  const logged = await recordAccess(opened, 'findings', { parameters, ...(reason !== undefined && { reason }) });
  for await (const { leaf, derivation } of leavesInForce(opened, { all: all ?? false })) {
    if (leaf.kind !== 'finding' || (code !== undefined && leaf.finding.code !== code)) continue;
    if (capture !== undefined && !derivation.capture.startsWith(capture.toLowerCase())) continue;
    yield { ...findingJson(leaf, derivation), ...notLogged(logged) };
  }
}
