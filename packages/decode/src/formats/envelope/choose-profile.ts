import type { CaptureFile, Claim, Probe } from '../../format.ts';
import type { Keyring } from '../../keyring.ts';
import { builtinProfiles } from '../../profile/builtin-profiles.ts';
import { isProfileFile } from '../../profile/is-profile-file.ts';
import { parseProfile } from '../../profile/parse-profile.ts';
import type { Profile } from '../../profile/profile.ts';
import { profileInvalid, readProfile } from '../../profile/read-profile.ts';
import { suppliedProfiles } from '../../profile/supplied-profiles.ts';
import { looksLike } from './looks-like.ts';
import { fitsShape } from './shape.ts';

type ContainerKind = Profile['container']['kind'];

const ENDINGS = ['.json', '.yaml', '.yml'] as const;

/**
 * The profile of a dump: the file `NAME.profile.json` (or `.yaml`) beside it, else one supplied with the keys, else
 * `profile.json` beside it, else the built-in one whose shape it has; null where there is none.
 * @throws UsageError PROFILE_INVALID for a profile that is none, or describes another container.
 */
export function chooseProfile(
  file: Pick<CaptureFile, 'name' | 'beside'>,
  kind: ContainerKind,
  { head, keyring }: { head: Buffer; keyring: Keyring | undefined },
): Profile | null {
  const own = besideOf(file, `${baseName(file.name)}.profile`);
  if (own !== null) return ofKind(readProfile(parseProfile(own)), kind);
  const supplied = suppliedProfiles(keyring).map((bytes) => readProfile(parseProfile(bytes)));
  const fitting = supplied.filter((profile) => profile.container.kind === kind);
  const isLines = kind === 'ndjson' || kind === 'csv';
  const best = (isLines ? fitting.find((profile) => fitsShape(profile, head)) : undefined) ?? fitting[0];
  if (best !== undefined) return best;
  const folder = besideOf(file, 'profile');
  if (folder !== null) return ofKind(readProfile(parseProfile(folder)), kind);
  return builtinProfile(kind, head);
}

/** The built-in profile whose fields the first line of a dump has. */
export function builtinProfile(kind: ContainerKind, head: Buffer): Profile | null {
  return builtinProfiles().find((profile) => profile.container.kind === kind && fitsShape(profile, head)) ?? null;
}

/** The claim on a file for which there is a profile, beside it or supplied, that may be wrong: `prepare` says so. */
export function ownProfile(kind: ContainerKind, probe: Probe): Claim | null {
  if (isProfileFile(probe.head)) return null;
  const beside = besideOf(probe, `${baseName(probe.name)}.profile`);
  if (beside !== null && kindIn(beside) === kind)
    return { confidence: 'certain', grounds: 'a profile of its own stands beside it' };
  const others = [...suppliedProfiles(probe.keyring), besideOf(probe, 'profile')];
  const claimed = others.some((bytes) => bytes !== null && kindIn(bytes) === kind && looksLike(bytes, probe));
  return claimed
    ? { confidence: 'likely', grounds: 'a profile for such a file was supplied, or stands beside it' }
    : null;
}

/** Files beside a dump that are its profile: nothing else decodes them. */
export function profilesBeside(file: Pick<CaptureFile, 'name' | 'beside'>): readonly string[] {
  const folder = file.name.slice(0, file.name.lastIndexOf('/') + 1);
  const stems = [`${baseName(file.name)}.profile`, 'profile'];
  const names = stems.flatMap((stem) => ENDINGS.map((ending) => stem + ending));
  return names.filter((name) => (file.beside?.(name) ?? null) !== null).map((name) => folder + name);
}

function besideOf(
  { beside }: { readonly beside?: CaptureFile['beside'] | undefined },
  stem: string,
): Uint8Array | null {
  for (const ending of ENDINGS) {
    const source = beside?.(stem + ending) ?? null;
    if (source !== null) return source.read(0, source.length);
  }
  return null;
}

function baseName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function ofKind(profile: Profile, kind: ContainerKind): Profile {
  if (profile.container.kind === kind) return profile;
  throw profileInvalid([`/container/kind: describes ${profile.container.kind}; the format chosen is envelope-${kind}`]);
}

/** What a profile says of its container, whatever else is wrong with it. */
function kindIn(bytes: Uint8Array): unknown {
  try {
    return (parseProfile(bytes) as { container?: { kind?: unknown } } | null)?.container?.kind;
  } catch {
    return null;
  }
}
