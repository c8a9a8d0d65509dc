import { UsageError } from '@custody/bytes';
import { parseProfile } from '../../profile/parse-profile.ts';
import type { Profile } from '../../profile/profile.ts';
import { profileHash } from '../../profile/profile-hash.ts';
import { inspectProfile } from '../../profile/read-profile.ts';
import { caseMistakes } from './case-mistakes.ts';

/** What is wrong with a profile file, all at once; with no mistakes, what it is. */
export type CheckedProfile =
  | { readonly profile: Profile; readonly hash: string; readonly mistakes: readonly []; readonly usable: Profile }
  | {
      readonly profile: null;
      readonly hash: null;
      readonly mistakes: readonly string[];
      /** A dump can be tried with it all the same: what is wrong is not how it describes container and records. */
      readonly usable: Profile | null;
    };

/** Checks a profile file as a decoder would: its form, how its parts go together, and its own cases, in one pass. */
export function checkProfile(bytes: Uint8Array): CheckedProfile {
  let value: unknown;
  try {
    value = parseProfile(bytes);
  } catch (error) {
    if (!(error instanceof UsageError) || error.code !== 'PROFILE_INVALID') throw error;
    const { mistakes } = error.detail as { mistakes: readonly string[] };
    return { profile: null, hash: null, mistakes, usable: null };
  }
  const { mistakes: formed, usable } = inspectProfile(value);
  const mistakes = usable === null ? formed : [...formed, ...caseMistakes(usable, formed)];
  if (mistakes.length > 0 || usable === null) return { profile: null, hash: null, mistakes, usable };
  return { profile: usable, hash: profileHash(usable), mistakes: [], usable };
}
