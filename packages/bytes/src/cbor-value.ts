/**
 * The values our CBOR carries. Integers outside ±(2^53−1) are bigints within u64 and its negative mirror
 * (RFC 8949 3.1, major types 0 and 1); map keys are text or safe integers. No tags, no `undefined`.
 */
export type CborValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly CborValue[]
  | ReadonlyMap<string | number, CborValue>;

/** Bounds on what a decoder accepts from a stranger. */
export interface CborLimits {
  /** Arrays and maps inside each other; at most and by default CBOR_MAX_DEPTH. */
  readonly maxDepth?: number;
  /** Longest input in bytes; by default none, the input is in memory already. */
  readonly maxLength?: number;
}

/** Deepest nesting written or read: our own structures need 6, a recursion this deep cannot exhaust a stack. */
export const CBOR_MAX_DEPTH = 32;

/** Major types in the high three bits of the initial byte (RFC 8949 3.1). */
export const CBOR_UNSIGNED = 0x00;
export const CBOR_NEGATIVE = 0x20;
export const CBOR_BYTES = 0x40;
export const CBOR_TEXT = 0x60;
export const CBOR_ARRAY = 0x80;
export const CBOR_MAP = 0xa0;
export const CBOR_TAG = 0xc0;
export const CBOR_SIMPLE = 0xe0;

/** Initial bytes of major type 7 that we know (RFC 8949 3.3). */
export const CBOR_FALSE = 0xf4;
export const CBOR_TRUE = 0xf5;
export const CBOR_NULL = 0xf6;
export const CBOR_FLOAT16 = 0xf9;
export const CBOR_FLOAT32 = 0xfa;
export const CBOR_FLOAT64 = 0xfb;
