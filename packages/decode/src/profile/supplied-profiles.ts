import type { Keyring } from '../keyring.ts';

/** What a supplied file that is a profile is "for": it comes, and is kept, with the keys. */
export const PROFILE_PURPOSE = 'profile';

/** Profile files that were supplied with the keys. */
export function suppliedProfiles(keyring: Keyring | undefined): readonly Uint8Array[] {
  const ours = (keyring?.keys ?? []).filter((key) => key.for === PROFILE_PURPOSE);
  return ours.flatMap(({ bytes }) => (bytes === undefined ? [] : [bytes]));
}
