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

/** Until 2021 a peer was one number: a user below 2^32, from there on a small group, from 2^33 on a large one or a channel. */
const GROUPS = 2 ** 32;
const CHANNELS = 2 ** 33;

/** Who is meant, as exports write it since 2021: `user123`, `chat123`, `channel123`. */
export function peerOf(value: unknown): string | null {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value <= 0) return textOf(value);
  if (value < GROUPS) return `user${value}`;
  return value < CHANNELS ? `chat${value - GROUPS}` : `channel${value - CHANNELS}`;
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
