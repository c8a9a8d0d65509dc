/** A number that a double does not hold exactly as it is written: kept as text, so that hashes stay those of the server. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Json = null | boolean | number | string | JsonNumber | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** Nesting beyond this is no event; canonical JSON is written by recursion. */
export const DEEPEST = 128;
/** Something that may be a fraction, an exponent, a negative zero or more digits than a double holds; rarely a text. */
const ODD_NUMBER = /\d[.eE][\d+-]|\d{16}|-0/;

type Reviver = (this: unknown, name: string, value: unknown, context: { readonly source?: string }) => unknown;

/** The object that `text` is; null where it is no JSON, no object, or nested too deep. */
export function parseObject(text: string): JsonObject | null {
  const value = parseJson(text);
  return isObject(value) ? value : null;
}

/** Any JSON value; undefined where it is none or nested too deep. */
export function parseJson(text: string): Json | undefined {
  try {
    const value = ODD_NUMBER.test(text)
      ? JSON.parse(text, exactly as (name: string, value: unknown) => unknown)
      : JSON.parse(text);
    return isShallow(value as Json, DEEPEST) ? (value as Json) : undefined;
  } catch (error) {
    // RangeError: nested deeper than the stack.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);
}

/** Own properties only: names are a stranger's. */
export function memberOf(object: JsonObject | null, name: string): Json | undefined {
  return object !== null && Object.hasOwn(object, name) ? object[name] : undefined;
}

export function textOf(object: JsonObject | null, name: string): string | null {
  const value = memberOf(object, name);
  return typeof value === 'string' ? value : null;
}

/** A whole number that is exact; null for any other. */
export function integerOf(object: JsonObject | null, name: string): number | null {
  const value = memberOf(object, name);
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}

export function objectOf(object: JsonObject | null, name: string): JsonObject | null {
  const value = memberOf(object, name);
  return isObject(value) ? value : null;
}

export function listOf(object: JsonObject | null, name: string): readonly Json[] {
  const value = memberOf(object, name);
  return Array.isArray(value) ? value : [];
}

const exactly: Reviver = (_name, value, { source }) => {
  if (typeof value !== 'number' || source === undefined || String(value) === source) return value;
  return new JsonNumber(source);
};

function isShallow(value: Json, left: number): boolean {
  if (typeof value !== 'object' || value === null || value instanceof JsonNumber) return true;
  if (left === 0) return false;
  if (Array.isArray(value)) {
    for (const one of value) if (!isShallow(one as Json, left - 1)) return false;
    return true;
  }
  const object = value as JsonObject;
  for (const name in object) if (!isShallow(object[name] as Json, left - 1)) return false;
  return true;
}
