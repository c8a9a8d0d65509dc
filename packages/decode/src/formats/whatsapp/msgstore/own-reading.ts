import type { ItemKind } from '@custody/evidence';
import type { RowCursor } from '../../../sqlite/index.ts';
import type { ItemContext } from './item-context.ts';

/** How the rows of one table are read. `used` columns are said in the model; all others are kept by name. */
export interface OwnReading {
  readonly kind: ItemKind;
  readonly used: readonly string[];
  write(row: RowCursor, context: ItemContext): void;
}
