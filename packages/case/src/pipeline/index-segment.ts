import type { LeafBatch } from '@custody/evidence';
import { storeTile, TileBuilder } from '@custody/search';
import { type SegmentKey, segmentLabel } from '@custody/segment';
import type { Vault } from '@custody/vault';

/** Leaves `[from, to)` of a batch with the disposition code of each item row. */
export interface IndexStretch {
  readonly batch: Pick<LeafBatch, 'items' | 'facts' | 'kinds' | 'rows'>;
  readonly from: number;
  readonly to: number;
  readonly codes: Uint8Array;
}

const builders = new Map<string, TileBuilder>();

/** Builds and stores the index tile of one segment. Only what is in scope is looked at. */
export async function indexSegment(
  vault: Vault,
  key: SegmentKey,
  stretch: IndexStretch,
  terms: { readonly recipient: string; readonly region: string | null },
): Promise<void> {
  let builder = builders.get(terms.region ?? '');
  if (builder === undefined) {
    builder = new TileBuilder({ region: terms.region });
    builders.set(terms.region ?? '', builder);
  }
  await storeTile(vault, segmentLabel(key), builder.build(stretch), terms.recipient);
}
