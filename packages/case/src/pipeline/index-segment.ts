import type { LeafBatch } from '@custody/evidence';
import { TileBuilder, type TilePlain } from '@custody/search';

/** Leaves `[from, to)` of a batch with the disposition code of each item row. */
export interface IndexStretch {
  readonly batch: Pick<LeafBatch, 'items' | 'facts' | 'kinds' | 'rows'>;
  readonly from: number;
  readonly to: number;
  readonly codes: Uint8Array;
}

const builders = new Map<string, TileBuilder>();

/** The plaintext of a stretch's tile. Only what is in scope is looked at. `region`, `lap`: see TileBuilder. */
export function buildTile(
  stretch: IndexStretch,
  region: string | null,
  lap?: (stage: 'words' | 'extract' | 'encode') => void,
): TilePlain {
  let builder = builders.get(region ?? '');
  if (builder === undefined) {
    builder = new TileBuilder({ region });
    builders.set(region ?? '', builder);
  }
  return builder.build(stretch, lap);
}
