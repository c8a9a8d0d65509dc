import type { ErrorObject } from 'ajv/dist/2020.js';
import type { RecordProfile } from './profile.ts';

/** Whether the part of a profile at a path is formed as the schema says. */
export type IsSound = (at: string) => boolean;

/** What these are about is an object as a whole, and not the values in it that it does have. */
const OF_THE_OBJECT: ReadonlySet<string> = new Set(['additionalProperties', 'required']);

export function soundParts(errors: readonly ErrorObject[]): IsSound {
  return (at) =>
    errors.every(({ instancePath: path, keyword }) => {
      if (path === at || path.startsWith(`${at}/`)) return false;
      return OF_THE_OBJECT.has(keyword) || !(path !== '' && at.startsWith(`${path}/`));
    });
}

/**
 * A record without those of its parts that are not sound, so that what is wrong with the others can be told. Steps of a
 * recipe keep their places and the names that they make.
 */
export function soundRecord(record: object, at: string, isSound: IsSound): RecordProfile {
  const entries = Object.entries(record).flatMap(([name, value]): [string, unknown][] => {
    const where = `${at}/${name}`;
    if (isSound(where)) return [[name, value]];
    const recipe = name === 'recipe' ? soundRecipe(value, where, isSound) : null;
    return recipe === null ? [] : [[name, recipe]];
  });
  return Object.fromEntries(entries) as unknown as RecordProfile;
}

function soundRecipe(recipe: unknown, at: string, isSound: IsSound): object | null {
  const { steps, inner, supported } = (recipe ?? {}) as { steps?: unknown; inner?: unknown; supported?: unknown };
  if (!Array.isArray(steps)) return null;
  return {
    steps: steps.map((step: unknown, i) => {
      if (isSound(`${at}/steps/${i}`)) return step;
      const { as } = (step ?? {}) as { as?: unknown };
      return { do: 'key', as: typeof as === 'string' ? as : `${at}/steps/${i}` };
    }),
    inner: inner !== undefined && isSound(`${at}/inner`) ? inner : { kind: 'text' },
    ...(supported !== undefined && isSound(`${at}/supported`) && { supported }),
  };
}
