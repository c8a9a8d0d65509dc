import { base64Decode } from './base64.ts';
import { SHA256_WASM } from './sha256-wasm.wasm.ts';

/** The part of the platform's WebAssembly that is used: neither the language's library nor Node's types declare it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** What assembly/index.ts exports; see there. */
interface Exports extends Calls {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly input: Constant;
  readonly ends: Constant;
  readonly output: Constant;
  readonly start: Constant;
  readonly inputSize: Constant;
  readonly mostPieces: Constant;
  readonly mostPairs: Constant;
  readonly longestRecord: Constant;
}

interface Constant {
  readonly value: number;
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
  };
}
