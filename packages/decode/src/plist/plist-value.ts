/** A date of a property list: seconds since 2001-01-01 UTC. */
export interface PlistDate {
  readonly seconds: number;
}

/** A reference within an archive (NSKeyedArchiver). */
export interface PlistUid {
  readonly uid: number;
}

export type PlistValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PlistDate
  | PlistUid
  | readonly PlistValue[]
  | ReadonlyMap<string, PlistValue>;

export function isDict(value: PlistValue | undefined): value is ReadonlyMap<string, PlistValue> {
  return value instanceof Map;
}

/** A value of a dictionary by its keys, one inside the other; null where there is none. */
export function plistAt(value: PlistValue, ...path: readonly (string | number)[]): PlistValue {
  let at: PlistValue | undefined = value;
  for (const step of path) {
    if (isDict(at) && typeof step === 'string') at = at.get(step);
    else if (Array.isArray(at) && typeof step === 'number') at = (at as readonly PlistValue[])[step];
    else return null;
  }
  return at ?? null;
}

export function plistNumber(value: PlistValue): number | null {
  return typeof value === 'number' ? value : null;
}

export function plistBytes(value: PlistValue): Uint8Array | null {
  return value instanceof Uint8Array ? value : null;
}

export function plistText(value: PlistValue): string | null {
  return typeof value === 'string' ? value : null;
}
