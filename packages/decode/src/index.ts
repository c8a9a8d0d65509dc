export type { ByteSource } from './byte-source.ts';
export type { DecodeErrorCode } from './errors.ts';
export type {
  CaptureFile,
  CaptureFolder,
  Claim,
  ContainerFact,
  Counts,
  DecodeContext,
  Format,
  Plan,
  Probe,
  Unit,
  UnitDecoder,
  UnitResult,
} from './format.ts';
export type { CheckedProfile } from './formats/envelope/check-profile.ts';
export type { Disagreement } from './formats/envelope/disagreements.ts';
export type { Trial, TriedRecord } from './formats/envelope/try-profile.ts';
export { formatsTable } from './formats-table.ts';
export { type Keyring, MOST_CANDIDATES, type SuppliedKey } from './keyring.ts';
export { type Candidates, candidatesFor } from './keys/candidates.ts';
export { keyIdOf } from './keys/key-id.ts';
export { type KeyFile, readKeyFiles } from './keys/read-key-files.ts';
export type { ReadFile } from './keys/read-keyring.ts';
export { detectFormat, loadFormat, loadFormats } from './load-format.ts';
export { loadProfileTools, type ProfileTools } from './load-profile-tools.ts';
export { probeOf } from './probe-of.ts';
export { draftProfile, type ProfileDraft } from './profile/draft-profile.ts';
export { isProfileFile } from './profile/is-profile-file.ts';
export { profileSchema } from './profile/profile-schema.ts';
export { PROFILE_PURPOSE } from './profile/supplied-profiles.ts';
export type { Scratch, ScratchFile, ScratchHandle } from './scratch.ts';
export { openZipFolder, type ZipFolder, type ZippedFile } from './zip/index.ts';
