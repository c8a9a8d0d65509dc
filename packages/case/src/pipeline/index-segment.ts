import type { LeafBatch } from '@custody/evidence';
import { storeTile, TileBuilder, type TilePlain } from '@custody/search';
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

/** The plaintext of a stretch's tile. Only what is in scope is looked at. `region`: see TileBuilder. */
export function buildTile(stretch: IndexStretch, region: string | null): TilePlain {
  let builder = builders.get(region ?? '');
  if (builder === undefined) {
    builder = new TileBuilder({ region });
    builders.set(region ?? '', builder);
  }
  return builder.build(stretch);
}

/** Builds and stores the index tile of one segment. */
export async function indexSegment(
  vault: Vault,
  key: SegmentKey,
  stretch: IndexStretch,
  terms: { readonly recipient: string; readonly region: string | null },
): Promise<void> {
  await storeTile(vault, segmentLabel(key), buildTile(stretch, terms.region), terms.recipient);
}
