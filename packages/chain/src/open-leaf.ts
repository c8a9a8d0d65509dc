import { type ByteColumn, rowBytes } from '@custody/bytes';
import { copyBytes } from './copy-bytes.ts';
import type { DisclosedField } from './disclosed-fields.ts';
import { usageError } from './errors.ts';
import { type FINDING_KIND, ITEM_KIND, ITEM_LAYOUT } from './kinds.ts';
import { SALT_LENGTH } from './openings.ts';
import { type ColumnPieces, isDigestColumn, type LeafPart, layoutPart, type PartLayout } from './part-layout.ts';
import { type SaltSource, takeSalts } from './salts.ts';
import { HASH_LENGTH } from './tree.ts';

/** Which leaf of a part: the `row`-th of its kind, from 0. */
export interface PartRow {
  readonly kind: typeof ITEM_KIND | typeof FINDING_KIND;
  readonly row: number;
}

/** Opens single leaves of one part. The salts are laid out once; each opening then costs only its own fields. */
export class PartOpener {
  readonly #part: LeafPart;
  readonly #layout: PartLayout;
  readonly #salts: Uint8Array;

  /** Throws as `digestPart` does. */
  constructor(part: LeafPart, salts: SaltSource) {
    this.#part = part;
    this.#layout = layoutPart(part);
    this.#salts = takeSalts(salts, this.#layout.blocks);
  }

  /**
   * All fields of one leaf, `[0]` being field 1, with their salts and pieces; a column of digests gives a withheld field.
   * Values are views into the part. Throws a UsageError when there is no such leaf.
   */
  open({ kind, row }: PartRow): DisclosedField[] {
    const { itemCount, findingCount } = this.#layout;
    const isItem = kind === ITEM_KIND;
    const count = isItem ? itemCount : findingCount;
    if (!Number.isInteger(row) || row < 0 || row >= count)
      throw usageError(`the part has no leaf ${row} of kind ${kind}`);
    const block = isItem ? 0 : itemCount * ITEM_LAYOUT.fields;
    const columns = isItem ? this.#part.items : this.#part.findings;
    return columns.map((column, i) => {
      if (isDigestColumn(column))
        return { digest: copyBytes(column.digests, row * HASH_LENGTH, (row + 1) * HASH_LENGTH) };
      const pieces = isItem ? this.#piecesOf(i + 1) : null;
      if (pieces !== null && pieces.first[row] !== pieces.first[row + 1]) return this.#openPieces(column, pieces, row);
      return { salt: this.#salt(block + i * count + row), value: rowBytes(column, row) };
    });
  }

  /** Salt of field `number` of a leaf, for a column of digests whose values stand elsewhere (raw records). */
  saltOf({ kind, row }: PartRow, number: number): Uint8Array {
    const { itemCount, findingCount } = this.#layout;
    const isItem = kind === ITEM_KIND;
    const base = isItem ? 0 : itemCount * ITEM_LAYOUT.fields;
    return this.#salt(base + (number - 1) * (isItem ? itemCount : findingCount) + row);
  }

  #openPieces(column: ByteColumn, pieces: ColumnPieces, row: number): DisclosedField {
    const open = [];
    for (let i = pieces.first[row] as number; i < (pieces.first[row + 1] as number); i++) {
      const value = column.bytes.subarray(pieces.starts[i], pieces.ends[i]);
      open.push({ salt: this.#salt(pieces.block + i), value });
    }
    return { pieces: open };
  }

  #piecesOf(number: number): ColumnPieces | null {
    if (number === ITEM_LAYOUT.bodyField) return this.#layout.body;
    return number === ITEM_LAYOUT.mapField ? this.#layout.map : null;
  }

  #salt(block: number): Uint8Array {
    return copyBytes(this.#salts, block * SALT_LENGTH, (block + 1) * SALT_LENGTH);
  }
}

/** One leaf of a part; for several leaves of the same part make a `PartOpener`. */
export function openLeaf(part: LeafPart, salts: SaltSource, at: PartRow): DisclosedField[] {
  return new PartOpener(part, salts).open(at);
}
