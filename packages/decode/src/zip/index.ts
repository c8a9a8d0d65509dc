export { aesKeys, aesVerifies } from './aes-member.ts';
export { listMembers } from './list-members.ts';
export {
  aesBodyOf,
  bodyOf,
  UNPACK_LIMITS,
  type Unpacked,
  type UnpackLimits,
  type UnpackOptions,
  unpackMember,
} from './unpack-member.ts';
export { openZipFolder, type ZipFolder, type ZippedFile } from './zip-folder.ts';
export { memberLabel, type ZipListing, type ZipMember } from './zip-member.ts';
