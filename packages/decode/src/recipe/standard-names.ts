import type { StandardName } from './recipe.ts';

/** Envelopes that a recipe opens whole, by their standard's name. */
export const standardNames: readonly StandardName[] = ['jwe', 'jwe-json', 'cose', 'cms', 'age', 'openpgp'];
