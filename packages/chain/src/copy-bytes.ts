/**
 * A plain Uint8Array with its own copy of `bytes[start..end)`. Not `bytes.slice`: a Node Buffer's `slice` is a view, and
 * what was verified must not change when the caller uses its buffer again.
 */
export function copyBytes(bytes: Uint8Array, start = 0, end: number = bytes.length): Uint8Array {
  return new Uint8Array(bytes.subarray(start, end));
}
