import type { Case } from './open-case.ts';

/** The region by which the texts of a derivation are read; null where none was given. */
export function regionsOf(opened: Case): (derive: number) => string | null {
  return (derive) => opened.state.derivations.get(derive)?.region ?? null;
}
