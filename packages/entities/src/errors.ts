/** Every code this package throws. */
export type EntitiesErrorCode = 'DICTIONARY_INVALID';
