export {
  type AgeIdentity,
  type AgeRecipient,
  generateIdentity,
  readIdentities,
  readIdentity,
  readRecipient,
} from './age-key.ts';
export { type DirectoryVaultOptions, openDirectoryVault } from './directory-vault.ts';
export type { VaultErrorCode } from './errors.ts';
export { type HttpAnswer, httpPost, type Post, postWithin } from './http-post.ts';
export { isObjectName, isViewName } from './object-name.ts';
export {
  type Identities,
  MAX_HEAD,
  type OpenedHeader,
  openSealed,
  openSealedHeader,
  openSealedStream,
} from './open-sealed.ts';
export { PIN_SUFFIX, type Pin } from './pin.ts';
export type { PinAlarm } from './pin-alarms.ts';
export { type LockTerms, PinnedVault } from './pinned-vault.ts';
export { probeOriginalsBucket } from './probe-originals.ts';
export { probeStateBucket } from './probe-s3.ts';
export { type ProbeCheck, type ProbeReport, probeVault } from './probe-vault.ts';
export type { S3Options } from './s3-connection.ts';
export { type BucketTraits, describeLock, type ObjectLock } from './s3-lock.ts';
export { uploadRequests } from './s3-upload.ts';
export { openS3Vault } from './s3-vault.ts';
export { type Recipients, seal, sealedLength, sealStream } from './seal.ts';
export { openSealedFileSync, type SealedReader } from './sealed-file.ts';
export { openSealedRange, type SealedRangeReader } from './sealed-range.ts';
export {
  type ByteRange,
  type CreateOptions,
  type CreateResult,
  MAX_WHOLE_READ,
  type ObjectInfo,
  type StreamResult,
  type Vault,
} from './vault.ts';
export {
  createBucket,
  openPinnedVault,
  openVault,
  parseVaultLocation,
  readBucketTraits,
  type VaultLocation,
} from './vault-location.ts';
