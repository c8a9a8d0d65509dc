import type { CborValue } from '@custody/bytes';

/** A map of an opened event. */
export type Fields = ReadonlyMap<string, CborValue>;

/** An event's map, empty where there is none. */
export function asMap(value: CborValue | undefined): Fields {
  return value instanceof Map ? (value as Fields) : new Map();
}

export function text(map: Fields, key: string): string | null {
  const value = map.get(key);
  return typeof value === 'string' ? value : null;
}

export function number(map: Fields, key: string): number | null {
  const value = map.get(key);
  return typeof value === 'number' ? value : null;
}

export function texts(map: Fields, key: string): readonly string[] {
  const value = map.get(key);
  return Array.isArray(value) ? (value as readonly CborValue[]).map(String) : [];
}

/** Lists of numbers, as runs and ranges are kept. */
export function numberLists(map: Fields, key: string): readonly (readonly number[])[] {
  const value = map.get(key);
  if (!Array.isArray(value)) return [];
  return (value as readonly CborValue[]).map((one) =>
    Array.isArray(one) ? (one as readonly CborValue[]).map(Number) : [],
  );
}
