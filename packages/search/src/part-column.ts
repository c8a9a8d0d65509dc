/**
 * A column of a part in flat arrays; row `i` of all columns belong together.
 * Nulls are -1 in `int32?` and NaN in `int64?`.
 */
export type PartColumn =
  | {
      readonly form: 'text' | 'bytes';
      readonly name: string;
      readonly source: Uint8Array;
      /** Value of row i: `source[spans[k]..spans[k + 1])` with k = at[i], or i where there is no `at`. */
      readonly spans: Uint32Array;
      readonly at: Uint32Array | null;
      /** Rows are searched by this column: the page index holds its bounds. `sorted`: by it alone; `grouped`: within others. */
      readonly bounds: 'sorted' | 'grouped' | null;
    }
  | {
      readonly form: 'choice';
      readonly name: string;
      readonly names: readonly string[];
      readonly codes: Uint32Array | Uint8Array;
    }
  | { readonly form: 'int32' | 'int32?'; readonly name: string; readonly values: Int32Array }
  | { readonly form: 'int64?'; readonly name: string; readonly values: Float64Array };

export type ColumnForm = PartColumn['form'];

/** Rows of a page of every column, so that page p of all columns holds the same rows. Ours: a page is scanned in microseconds. */
export const PAGE_ROWS = 1024;
