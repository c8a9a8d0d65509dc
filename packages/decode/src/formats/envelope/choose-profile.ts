import { utf8Decode } from '@custody/bytes';
import type { CaptureFile } from '../../format.ts';
import { builtinProfiles } from '../../profile/builtin-profiles.ts';
import type { Profile } from '../../profile/profile.ts';
import { profileInvalid, readProfile } from '../../profile/read-profile.ts';
import { fitsShape } from './shape.ts';

type ContainerKind = Profile['container']['kind'];

const LONGEST_PROFILE = 1024 * 1024;

/**
 * The profile of a dump: the file `profile.json` beside it, or `NAME.profile.json` for one of several dumps, else the
 * built-in one whose shape it has; null where there is none.
 * @throws UsageError PROFILE_INVALID for a profile beside the dump that is none, or describes another container.
 */
export function chooseProfile(file: CaptureFile, kind: ContainerKind, head: Buffer): Profile | null {
  const sidecar = file.beside?.(`${file.name}.profile.json`) ?? file.beside?.('profile.json') ?? null;
  if (sidecar === null) {
    return builtinProfiles.find((profile) => profile.container.kind === kind && fitsShape(profile, head)) ?? null;
  }
  if (sidecar.length > LONGEST_PROFILE) throw profileInvalid([`/: longer than ${LONGEST_PROFILE} bytes`]);
  const profile = readProfile(parse(sidecar.read(0, sidecar.length)));
  if (profile.container.kind !== kind) {
    throw profileInvalid([
      `/container/kind: describes ${profile.container.kind}; the format chosen is envelope-${kind}`,
    ]);
  }
  return profile;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8Decode(bytes));
  } catch {
    throw profileInvalid(['/: not a JSON text in UTF-8']);
  }
}
