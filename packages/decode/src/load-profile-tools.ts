import type { checkProfile } from './formats/envelope/check-profile.ts';
import type { draftFile } from './formats/envelope/draft-file.ts';
import type { tryProfile } from './formats/envelope/try-profile.ts';

/** What checks a profile and tries it on a dump; loaded when it is asked for, as formats are. */
export interface ProfileTools {
  readonly checkProfile: typeof checkProfile;
  readonly tryProfile: typeof tryProfile;
  readonly draftFile: typeof draftFile;
}

export async function loadProfileTools(): Promise<ProfileTools> {
  const [check, trial, draft] = await Promise.all([
    import('./formats/envelope/check-profile.ts'),
    import('./formats/envelope/try-profile.ts'),
    import('./formats/envelope/draft-file.ts'),
  ]);
  return { checkProfile: check.checkProfile, tryProfile: trial.tryProfile, draftFile: draft.draftFile };
}
