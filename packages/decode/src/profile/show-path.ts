import type { FieldPath } from './profile.ts';

/** A path as it is shown to people. */
export function showPath(path: FieldPath): string {
  return typeof path === 'string' ? path : path.join('.');
}
