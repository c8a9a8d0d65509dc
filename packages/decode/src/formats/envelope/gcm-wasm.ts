import { base64Decode } from '@custody/bytes';
import { GCM_WASM } from './gcm-wasm.wasm.ts';

/** The part of the platform's WebAssembly that is used: neither the language's library nor Node's types declare it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** What assembly/index.ts exports; see there. */
interface Exports extends Calls {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly source: Constant;
  readonly SOURCE_SIZE: Constant;
  readonly arena: Constant;
  readonly ARENA_SIZE: Constant;
  readonly blocks: Constant;
  readonly messages: Constant;
  readonly order: Constant;
  readonly MOST_MESSAGES: Constant;
  readonly MOST_KEYS: Constant;
  readonly hashKey: Constant;
}

interface Constant {
  readonly value: number;
}

interface Calls {
  /** Bytes decoded to `into` from `[from, end)`; -1 where a character is no digit. */
  base64(from: number, end: number, into: number): number;
  /** Makes tables of the hash key for one of MOST_KEYS places. */
  expand(key: number): void;
  counters(count: number): void;
  openAll(count: number): void;
}

/** An instance with a memory of its own, which has a fixed size and so never moves. Places count from its start. */
export interface GcmWasm extends Calls {
  readonly memory: Buffer;
  readonly source: number;
  readonly sourceSize: number;
  readonly arena: number;
  readonly arenaSize: number;
  readonly blocks: number;
  /** MESSAGE_WORDS numbers a message. */
  readonly messages: Int32Array;
  /** Numbers of messages, as `counters` and `openAll` take them. */
  readonly order: Int32Array;
  readonly mostMessages: number;
  readonly mostKeys: number;
  readonly hashKey: Uint8Array;
}

/** Numbers of a `Message` in assembly/memory.ts. */
export const MESSAGE_WORDS = 8;

let compiled: object | null = null;

/** Null where the platform has no WebAssembly, no vectors, or forbids both. */
export function gcmWasm(): GcmWasm | null {
  try {
    compiled ??= new WebAssembly.Module(base64Decode(GCM_WASM));
    return withViews(new WebAssembly.Instance(compiled).exports as Exports);
  } catch {
    return null;
  }
}

function withViews(exports: Exports): GcmWasm {
  const { buffer } = exports.memory;
  const mostMessages = exports.MOST_MESSAGES.value;
  return {
    memory: Buffer.from(buffer),
    source: exports.source.value,
    sourceSize: exports.SOURCE_SIZE.value,
    arena: exports.arena.value,
    arenaSize: exports.ARENA_SIZE.value,
    blocks: exports.blocks.value,
    messages: new Int32Array(buffer, exports.messages.value, mostMessages * MESSAGE_WORDS),
    order: new Int32Array(buffer, exports.order.value, mostMessages),
    mostMessages,
    mostKeys: exports.MOST_KEYS.value,
    hashKey: new Uint8Array(buffer, exports.hashKey.value, 16),
    base64: exports.base64,
    expand: exports.expand,
    counters: exports.counters,
    openAll: exports.openAll,
  };
}
