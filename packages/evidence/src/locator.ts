/**
 * Where a record stands. `path` names the layers from the capture inwards
 * (`msgstore.db.crypt15!gcm!zlib`); `offset` and `length` are bytes in the innermost one;
 * `row` is a row, rowid, frame or sequence number.
 */
export interface Locator {
  readonly path: string;
  readonly offset: number | null;
  readonly length: number | null;
  readonly row: number | null;
}
