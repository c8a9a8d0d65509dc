import { base64Decode } from './base64.ts';
import { SHA256_WASM } from './sha256-wasm.wasm.ts';

/** The part of the platform's WebAssembly that is used: neither the language's library nor Node's types declare it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** What assembly/index.ts exports; see there. */
interface Exports extends Calls, RowCalls {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly input: Constant;
  readonly ends: Constant;
  readonly output: Constant;
  readonly start: Constant;
  readonly inputSize: Constant;
  readonly mostPieces: Constant;
  readonly mostPairs: Constant;
  readonly longestRecord: Constant;
  readonly rows: Constant;
  readonly STRIDE: Constant;
  readonly rowDigests: Constant;
  readonly MOST_ROWS: Constant;
  readonly values: Constant;
  readonly VALUES_SIZE: Constant;
  readonly valueStarts: Constant;
  readonly valueEnds: Constant;
  readonly valueMarks: Constant;
  readonly salts: Constant;
  readonly parts: Constant;
  readonly MOST_PARTS: Constant;
  readonly partsFirst: Constant;
  readonly MOST_FRAMES: Constant;
  readonly MOST_BLOCKS: Constant;
}

interface Constant {
  readonly value: number;
}

interface RowCalls {
  startRows(prefix: number, columns: number, count: number): void;
  /** Digests of values to a column of the rows from `row` on; how many were passed over as longer than `longestFrame`. */
  digestColumn(prefix: number, number: number, base: number, count: number, column: number, row: number): number;
  digestParts(prefix: number, number: number, base: number, count: number, part: number): number;
  digestLists(prefix: number, number: number, count: number, column: number): number;
  placeParts(count: number, column: number): void;
  digestRows(columns: number, count: number): void;
}

/** Rows of digests; see assembly/rows.ts. */
export interface WasmRows extends RowCalls {
  readonly rows: Uint8Array;
  readonly stride: number;
  readonly rowDigests: Uint8Array;
  readonly mostRows: number;
  readonly values: Uint8Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly marks: Uint8Array;
  readonly salts: Uint8Array;
  readonly parts: Uint8Array;
  readonly mostParts: number;
  readonly partsFirst: Uint32Array;
  readonly mostFrames: number;
  /** Longest message that is hashed here, in bytes. */
  readonly longestFrame: number;
}

interface Calls {
  /** Digests of `count` pieces in `input`, ends counted from `base`; how many were passed over as longer than `limit`. */
  digestMany(base: number, count: number, limit: number): number;
  digestPairs(prefix: number, count: number): void;
  digestLinked(prefix: number, recordLength: number, count: number): void;
}

/** The compiled digests with views of their memory, which has a fixed size and so never moves. */
export interface WasmDigests extends Calls {
  readonly input: Uint8Array;
  readonly ends: Uint32Array;
  readonly output: Uint8Array;
  readonly start: Uint8Array;
  readonly mostPieces: number;
  readonly mostPairs: number;
  readonly longestRecord: number;
  readonly rows: WasmRows;
}

/** Null where the platform has no WebAssembly, no vectors, or forbids both: the caller then hashes one by one. */
export const wasmDigests: WasmDigests | null = instantiate();

function instantiate(): WasmDigests | null {
  try {
    const module = new WebAssembly.Module(base64Decode(SHA256_WASM));
    return withViews(new WebAssembly.Instance(module).exports as Exports);
  } catch {
    return null;
  }
}

function withViews(exports: Exports): WasmDigests {
  const { buffer } = exports.memory;
  const mostPieces = exports.mostPieces.value;
  return {
    input: new Uint8Array(buffer, exports.input.value, exports.inputSize.value),
    ends: new Uint32Array(buffer, exports.ends.value, mostPieces),
    output: new Uint8Array(buffer, exports.output.value, mostPieces * 32),
    start: new Uint8Array(buffer, exports.start.value, 32),
    mostPieces,
    mostPairs: exports.mostPairs.value,
    longestRecord: exports.longestRecord.value,
    digestMany: exports.digestMany,
    digestPairs: exports.digestPairs,
    digestLinked: exports.digestLinked,
    rows: rowViews(exports),
  };
}

function rowViews(exports: Exports): WasmRows {
  const { buffer } = exports.memory;
  const mostRows = exports.MOST_ROWS.value;
  const mostFrames = exports.MOST_FRAMES.value;
  const mostParts = exports.MOST_PARTS.value;
  const stride = exports.STRIDE.value;
  return {
    rows: new Uint8Array(buffer, exports.rows.value, mostRows * stride),
    stride,
    rowDigests: new Uint8Array(buffer, exports.rowDigests.value, mostRows * 32),
    mostRows,
    values: new Uint8Array(buffer, exports.values.value, exports.VALUES_SIZE.value),
    starts: new Uint32Array(buffer, exports.valueStarts.value, mostFrames),
    ends: new Uint32Array(buffer, exports.valueEnds.value, mostFrames),
    marks: new Uint8Array(buffer, exports.valueMarks.value, mostFrames),
    salts: new Uint8Array(buffer, exports.salts.value, mostFrames * 16),
    parts: new Uint8Array(buffer, exports.parts.value, mostParts * 32),
    mostParts,
    partsFirst: new Uint32Array(buffer, exports.partsFirst.value, mostRows + 1),
    mostFrames,
    // The padding takes nine bytes at least (FIPS 180-4, 5.1.1).
    longestFrame: exports.MOST_BLOCKS.value * 64 - 9,
    startRows: exports.startRows,
    digestColumn: exports.digestColumn,
    digestParts: exports.digestParts,
    digestLists: exports.digestLists,
    placeParts: exports.placeParts,
    digestRows: exports.digestRows,
  };
}
