import { malformed } from '../errors.ts';

/** A check of one untrusted JSON value; throws EXHIBIT_MALFORMED naming the place. */
export type Shape = (value: unknown, place: string) => void;

/** An object with these keys, perhaps the optional ones, and no other: what nobody reads must not travel inside an exhibit. */
export function object(keys: Readonly<Record<string, Shape>>, optional: Readonly<Record<string, Shape>> = {}): Shape {
  const names = Object.keys(keys);
  const known = { ...keys, ...optional };
  return (value, place) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(`${place} is no object`);
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(known, key))
        throw malformed(`${place} has a key that none has: ${JSON.stringify(key.slice(0, 40))}`);
    }
    for (const [name, shape] of Object.entries(optional)) {
      if (Object.hasOwn(value, name)) shape((value as Record<string, unknown>)[name], `${place}.${name}`);
    }
    for (const name of names) {
      if (!Object.hasOwn(value, name)) throw malformed(`${place} has no ${name}`);
      (keys[name] as Shape)((value as Record<string, unknown>)[name], `${place}.${name}`);
    }
  };
}

export function list(of: Shape): Shape {
  return (value, place) => {
    if (!Array.isArray(value)) throw malformed(`${place} is no list`);
    for (let i = 0; i < value.length; i++) of(value[i], `${place}[${i}]`);
  };
}

export const text: Shape = (value, place) => {
  if (typeof value !== 'string') throw malformed(`${place} is no text`);
};

/** A whole number from 0 that JSON carries exactly. */
export const count: Shape = (value, place) => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw malformed(`${place} is no number`);
};

export const flag: Shape = (value, place) => {
  if (typeof value !== 'boolean') throw malformed(`${place} is neither true nor false`);
};

export function orNull(of: Shape): Shape {
  return (value, place) => {
    if (value !== null) of(value, place);
  };
}

/** Exactly one of these values. */
export function oneOf(...values: readonly (string | number | boolean)[]): Shape {
  return (value, place) => {
    if (!values.some((one) => one === value)) throw malformed(`${place} is none of ${values.join(', ')}`);
  };
}

/** A number, or one word in its place. */
export function countOr(word: string): Shape {
  return (value, place) => {
    if (value !== word) count(value, place);
  };
}

/** Objects told apart by the first of these keys that they have. */
export function byKey(shapes: Readonly<Record<string, Shape>>): Shape {
  return (value, place) => {
    if (typeof value !== 'object' || value === null) throw malformed(`${place} is no object`);
    const key = Object.keys(shapes).find((name) => Object.hasOwn(value, name));
    if (key === undefined) throw malformed(`${place} has none of ${Object.keys(shapes).join(', ')}`);
    (shapes[key] as Shape)(value, place);
  };
}
