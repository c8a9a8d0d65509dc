import { contentSize, RecordFields } from './record.ts';
import { ROWID, type RowLayout, type StoredValue, VIRTUAL } from './row-layout.ts';
import { decodeText, type TextSpan, utf16ToUtf8 } from './text.ts';
import { type Rowid, readInt64 } from './varint.ts';

export type ValueType = 'null' | 'int' | 'real' | 'text' | 'blob';

/** Integers are numbers where a double holds them, else bigints; `type` tells them from reals. */
export type SqliteValue = null | number | bigint | string | Uint8Array;

/** Stands for the serial type of a rowid alias, whose field is NULL. */
const ALIAS = -1;

const NOTHING: StoredValue = { type: 0, bytes: new Uint8Array(0) };

/**
 * The columns of the present row. Each reader gives null where the column holds something else; none of them converts
 * between numbers and text. Columns are numbered as declared, from 0: see `SqliteTable.column`.
 */
export class RowFields {
  /** Rowid of the present row. */
  rowid: Rowid = 0;
  protected readonly fields: RecordFields = new RecordFields();
  protected bytes: Uint8Array = NOTHING.bytes;
  protected start = 0;
  protected payloadLength = 0;
  readonly #layout: RowLayout;
  readonly #span: TextSpan = { bytes: NOTHING.bytes, start: 0, end: 0 };
  #valueBytes: Uint8Array = NOTHING.bytes;
  #valueStart = 0;

  constructor(layout: RowLayout) {
    this.#layout = layout;
  }

  /** Values in the record; columns behind them are younger than the row and show their default. */
  get storedValues(): number {
    return this.fields.count;
  }

  type(column: number): ValueType {
    const type = this.#find(column);
    if (type === 0) return 'null';
    if (type >= 12) return type % 2 === 0 ? 'blob' : 'text';
    // REAL columns store whole numbers as integers to save space.
    return type === 7 || (type !== ALIAS && this.#layout.real[column] === true) ? 'real' : 'int';
  }

  /** The integer stored; also in a REAL column, where whole numbers are stored so. */
  int(column: number): Rowid | null {
    const type = this.#find(column);
    const bytes = this.#valueBytes;
    const at = this.#valueStart;
    switch (type) {
      case ALIAS:
        return this.rowid;
      case 1:
        return (bytes[at]! << 24) >> 24;
      case 2:
        return (((bytes[at]! << 8) | bytes[at + 1]!) << 16) >> 16;
      case 3:
        return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8)) >> 8;
      case 4:
        return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
      case 5:
        return int48(bytes, at);
      case 6:
        return readInt64(bytes, at);
      case 8:
        return 0;
      case 9:
        return 1;
      default:
        return null;
    }
  }

  /** The number stored, as a double. */
  real(column: number): number | null {
    if (this.#find(column) !== 7) {
      const value = this.int(column);
      return value === null ? null : Number(value);
    }
    for (let i = 0; i < 8; i++) float.bytes[i] = this.#valueBytes[this.#valueStart + 7 - i]!;
    return float.view.getFloat64(0, true);
  }

  text(column: number): string | null {
    const type = this.#find(column);
    if (type < 13 || type % 2 === 0) return null;
    return decodeText(this.#content(type), this.#layout.encoding);
  }

  /**
   * UTF-8 of a text without a string. The object is the cursor's own and is overwritten by the next call; the bytes in
   * it stay valid. In a UTF-8 database these are the bytes found, valid or not; UTF-16 is transcoded.
   */
  textBytes(column: number): TextSpan | null {
    const type = this.#find(column);
    if (type < 13 || type % 2 === 0) return null;
    const span = this.#span;
    if (this.#layout.encoding === 'utf-8') {
      span.bytes = this.#valueBytes;
      span.start = this.#valueStart;
      span.end = this.#valueStart + ((type - 13) >>> 1);
      return span;
    }
    span.bytes = utf16ToUtf8(this.#content(type), this.#layout.encoding);
    span.start = 0;
    span.end = span.bytes.length;
    return span;
  }

  blob(column: number): Uint8Array | null {
    const type = this.#find(column);
    return type >= 12 && type % 2 === 0 ? this.#content(type) : null;
  }

  /** The bytes of the value as found, whatever its type: text in the database's own encoding, numbers big-endian. */
  rawBytes(column: number): Uint8Array {
    const type = this.#find(column);
    return type === ALIAS ? NOTHING.bytes : this.#content(type);
  }

  /** The value in the JavaScript type that comes nearest. */
  value(column: number): SqliteValue {
    switch (this.type(column)) {
      case 'null':
        return null;
      case 'int':
        return this.int(column);
      case 'real':
        return this.real(column);
      case 'text':
        return this.text(column);
      case 'blob':
        return this.blob(column);
    }
  }

  #content(type: number): Uint8Array {
    return this.#valueBytes.subarray(this.#valueStart, this.#valueStart + contentSize(type));
  }

  /** Serial type of a column; its bytes are at `#valueStart` of `#valueBytes` afterwards. */
  #find(column: number): number {
    const field = this.#layout.fields[column];
    if (field !== undefined && field >= 0 && field < this.fields.count) {
      this.#valueBytes = this.bytes;
      this.#valueStart = this.fields.starts[field]!;
      return this.fields.types[field]!;
    }
    if (field === ROWID) return ALIAS;
    const absent = field === undefined || field === VIRTUAL ? null : this.#layout.defaults[column];
    this.#valueBytes = (absent ?? NOTHING).bytes;
    this.#valueStart = 0;
    return (absent ?? NOTHING).type;
  }
}

function int48(bytes: Uint8Array, at: number): number {
  const high = (((bytes[at]! << 8) | bytes[at + 1]!) << 16) >> 16;
  const low = ((bytes[at + 2]! << 24) | (bytes[at + 3]! << 16) | (bytes[at + 4]! << 8) | bytes[at + 5]!) >>> 0;
  return high * 0x1_0000_0000 + low;
}

const float = (() => {
  const bytes = new Uint8Array(8);
  return { bytes, view: new DataView(bytes.buffer) };
})();
