import { UsageError } from '@custody/bytes';
import { parseProfile } from '../../profile/parse-profile.ts';
import type { Profile } from '../../profile/profile.ts';
import { profileHash } from '../../profile/profile-hash.ts';
import { readProfile } from '../../profile/read-profile.ts';
import { caseMistakes } from './case-mistakes.ts';

/** What is wrong with a profile file, all at once; with no mistakes, what it is. */
export type CheckedProfile =
  | { readonly profile: Profile; readonly hash: string; readonly mistakes: readonly [] }
  | { readonly profile: null; readonly hash: null; readonly mistakes: readonly string[] };

/** Checks a profile file as a decoder would: its form, how its parts go together, and its own cases. */
export function checkProfile(bytes: Uint8Array): CheckedProfile {
  try {
    const profile = readProfile(parseProfile(bytes));
    const mistakes = caseMistakes(profile);
    if (mistakes.length === 0) return { profile, hash: profileHash(profile), mistakes: [] };
    return { profile: null, hash: null, mistakes };
  } catch (error) {
    if (!(error instanceof UsageError) || error.code !== 'PROFILE_INVALID') throw error;
    return { profile: null, hash: null, mistakes: (error.detail as { mistakes: readonly string[] }).mistakes };
  }
}
