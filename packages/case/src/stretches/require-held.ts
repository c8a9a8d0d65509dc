import type { Compartment } from '@custody/segment';
import { usage } from '../errors.ts';
import type { Case } from '../open-case.ts';

/** What each kind of work on a derivation opens: decoding reads originals, committing signs. */
export const neededFor: Readonly<Record<'decode' | 'commit' | 'index' | 'merge' | 'exhibit', readonly Compartment[]>> =
  {
    decode: ['source', 'evidence'],
    commit: ['evidence', 'log'],
    index: ['evidence'],
    merge: ['evidence'],
    exhibit: ['evidence'],
  };

/** Throws UsageError NO_RIGHTS that says which compartments are missing. */
export function requireHeld(opened: Case, work: keyof typeof neededFor): void {
  const missing = neededFor[work].filter((name) => opened.held[name] === undefined);
  if (missing.length === 0) return;
  const names = missing.map((name) => `"${name}"`).join(' and ');
  const needed = neededFor[work].map((name) => `"${name}"`).join(' and ');
  throw usage(
    'NO_RIGHTS',
    `you do not hold the compartment${missing.length > 1 ? 's' : ''} ${names} of this case: to ${work} takes ${needed}. Use an identity that does, or have this one enrolled ("custody key")`,
  );
}
