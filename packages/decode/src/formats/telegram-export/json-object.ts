import type { CborValue } from '@custody/bytes';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text, or a number as text; null for anything else and for what is empty. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : null;
}

export function wholeOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : null;
  return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : null;
}

const DEEPEST = 6;

/** A JSON value as a field: numbers that are not whole as text; what nests deeper than anything of Telegram as JSON text. */
export function fieldOf(value: unknown, depth = 0): CborValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : String(value);
  if (depth >= DEEPEST) return JSON.stringify(value);
  if (Array.isArray(value)) return value.map((one) => fieldOf(one, depth + 1));
  return new Map(Object.entries(value).map(([name, one]) => [name, fieldOf(one, depth + 1)]));
}
