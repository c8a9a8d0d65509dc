/** What the extra field 0x9901 says of a member encrypted the WinZip way (WinZip AE specification, "AES extra data field"). */
export interface AesInfo {
  /** 1: AE-1, with CRC-32 of the content; 2: AE-2, without. */
  readonly version: number;
  readonly strength: 1 | 2 | 3;
}

/** A member as a ZIP lists it. Nothing of this is authenticated, whatever encrypts the content. */
export interface ZipMember {
  /** As shown: never used as a path. */
  readonly name: string;
  /** Place among the members of this name, from 1. */
  readonly copy: number;
  /** Compression: that of the content under the encryption, where there is one. */
  readonly method: number;
  readonly encryption: 'none' | 'aes' | 'other';
  readonly aes: AesInfo | null;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Where the local header begins. */
  readonly headerAt: number;
}

/** The members of a ZIP, and what was wrong on the way. */
export interface ZipListing {
  readonly members: readonly ZipMember[];
  /** From where: the central directory, or the local headers one after the other where there is none that can be read. */
  readonly from: 'directory' | 'headers';
  /** Plain words about what disagrees or is not there; records behind it cannot be counted. */
  readonly problems: readonly string[];
}

/** `name`, and `#2` and so on behind it for further members of the same name. */
export function memberLabel({ name, copy }: ZipMember): string {
  return copy === 1 ? name : `${name}#${copy}`;
}
