import type { BytesOf } from './recipe.ts';

/** `Array.isArray` does not narrow a readonly array. */
export function isList(bytes: BytesOf): bytes is readonly BytesOf[] {
  return Array.isArray(bytes);
}
