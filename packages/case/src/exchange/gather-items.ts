import { hexEncode, utf8Encode } from '@custody/bytes';
import type { Item } from '@custody/evidence';
import type { ExchangeItem } from '@custody/exchange';
import { viewItem } from '@custody/exhibit';
import type { LoggedSegment, OpenedSegment } from '@custody/segment';
import type { CaseDerivation } from '../case-state.ts';
import { checkUse } from '../check-use.ts';
import { usage } from '../errors.ts';
import type { OpenLeaf, Redaction } from '../exhibit-redaction.ts';
import type { Case } from '../open-case.ts';
import type { Progress } from '../progress.ts';
import { refuse } from '../refuse.ts';
import { decided, derivationOf, openAhead, segmentOfLeaf, segmentsInForce } from '../selection.ts';
import type { ReadingOrder } from './reading-order.ts';

/** Redacting needs all chosen items at once: what is withheld of one must not stand in another. */
const MOST_REDACTED = 200_000;

export interface Gathering {
  readonly items: readonly number[] | null;
  readonly redaction: Redaction;
  readonly progress?: Progress;
}

/** What was chosen and is not written. */
export interface LeftOut {
  /** Not in scope, or expunged. */
  readonly notInScope: number;
  /** So much of it is withheld that nothing is left to show. */
  readonly withheld: number;
}

/**
 * Puts chosen items in scope into reading order, redacted. Throws RefusedError (recorded) where an authority allows use as
 * intelligence only or a withheld value would be left; UsageError ARGUMENT_INVALID, ITEM_UNKNOWN.
 */
export async function gatherItems(opened: Case, gathering: Gathering, order: ReadingOrder): Promise<LeftOut> {
  const { items, redaction } = gathering;
  const held: { readonly open: OpenLeaf; readonly leaf: string; readonly capture: string }[] = [];
  let found = 0;
  for await (const { read, position, item, derivation } of chosenLeaves(opened, gathering)) {
    const { segment } = read;
    const index = segment.first + position;
    found++;
    const leaf = hexEncode(read.links.subarray(position * 32, (position + 1) * 32));
    if (redaction.isEmpty) {
      order.add({ index, leaf, capture: derivation.capture, item, withheld: [] });
      continue;
    }
    if (held.length === MOST_REDACTED)
      throw usage('ARGUMENT_INVALID', `at most ${MOST_REDACTED} items are redacted at once: export them in portions`);
    const one = { index, role: 'selected' as const, segment, position, conversation: null };
    held.push({ open: { one, fields: read.disclose(position) ?? [] }, leaf, capture: derivation.capture });
  }
  const shown = redacted(redaction, held);
  for (const one of shown) order.add(one);
  await checkResidue(opened, redaction, shown);
  const withheld = redaction.isEmpty ? 0 : held.length - shown.length;
  return { notInScope: items === null ? 0 : new Set(items).size - found, withheld };
}

interface ChosenLeaf {
  readonly read: OpenedSegment;
  readonly position: number;
  readonly item: Item;
  readonly derivation: CaseDerivation;
}

async function* chosenLeaves(opened: Case, { items, progress }: Gathering): AsyncGenerator<ChosenLeaf> {
  const wanted = items === null ? null : new Set(items);
  const { evidence } = opened.contentIdentities;
  const segments = wanted === null ? segmentsInForce(opened) : segmentsOf(opened, wanted);
  const stage = progress?.stage('export', segments.length, 'segments');
  let done = 0;
  for await (const [segment, read] of openAhead(opened, segments, evidence === undefined ? {} : { evidence })) {
    const derivation = derivationOf(opened, segment);
    for (let position = 0; position < segment.count; position++) {
      const index = segment.first + position;
      if (wanted !== null && !wanted.has(index)) continue;
      const stored = read.leaf(position);
      if (stored === null || stored.kind !== 'item') continue;
      const leaf = decided(opened, stored);
      if (leaf.kind !== 'item' || leaf.disposition !== 'in-scope') continue;
      await checkUse(opened, 'export', { authority: derivation.authority, index });
      yield { read, position, item: leaf.item, derivation };
    }
    stage?.at(++done);
  }
}

/** Segments of chosen items in log order. Throws UsageError ITEM_UNKNOWN. */
function segmentsOf(opened: Case, items: ReadonlySet<number>): readonly LoggedSegment[] {
  const found = new Set([...items].map((index) => segmentOfLeaf(opened, index)));
  return [...found].sort((a, b) => a.ordinal - b.ordinal);
}

function redacted(
  redaction: Redaction,
  held: readonly { readonly open: OpenLeaf; readonly leaf: string; readonly capture: string }[],
): ExchangeItem[] {
  const leaves = redaction.apply(held.map(({ open }) => open));
  return leaves.flatMap(({ one, fields }, i) => {
    const view = viewItem(fields);
    const { leaf, capture } = held[i] as (typeof held)[number];
    if (view === null) return [];
    // Raw records are never exported: that they are withheld says nothing.
    const withheld = view.withheld.filter((name) => name !== 'raw');
    return [{ index: one.index, leaf, capture, item: view.item, withheld }];
  });
}

/** Every format is a function of these values, so that they are searched, and not the files: those are compressed. */
async function checkResidue(opened: Case, redaction: Redaction, shown: readonly ExchangeItem[]): Promise<void> {
  if (redaction.isEmpty) return;
  for (const { index, item } of shown) {
    const { kind: _kind, platform: _platform, authentication: _authentication, ...values } = item;
    const { body, times, fields } = values;
    const maps = [...(times ?? [])].concat([...(fields ?? [])] as never[]);
    const text = JSON.stringify([{ ...values, body: null }, maps], (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    const left = redaction.residueIn(
      new Map([
        [`item ${index}`, utf8Encode(text)],
        [`the text of item ${index}`, body ?? new Uint8Array(0)],
      ]),
    );
    if (left !== null) await refuse(opened, 'export', `${left}: an export must not show what it withholds`);
  }
}
