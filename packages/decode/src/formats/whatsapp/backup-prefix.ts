import { ByteReader, utf8DecodeLossy } from '@custody/bytes';
import type { ContainerFact } from '../../format.ts';
import { LONGEST_PREFIX } from './layout.ts';
import { bytesField, readProtobuf } from './protobuf.ts';

const ABOUT = [
  [1, 'app version'],
  [3, 'last digits of the owner'],
] as const;
const LONGEST_FACT = 64;

/** What stands before the ciphertext of a crypt14 or crypt15 backup. Everything here is unauthenticated. */
export interface BackupPrefix {
  /** Bytes of length and message: the ciphertext begins here. */
  readonly length: number;
  readonly crypt14: Crypt14Header | null;
  /** IV of a crypt15 backup. */
  readonly crypt15: Uint8Array | null;
  /** Version of the app, last digits of the owner's number. */
  readonly about: readonly ContainerFact[];
}

export interface Crypt14Header {
  readonly cipherVersion: Uint8Array | null;
  readonly keyVersion: Uint8Array | null;
  readonly serverSalt: Uint8Array | null;
  readonly googleIdSalt: Uint8Array | null;
  readonly iv: Uint8Array | null;
}

/**
 * Reads length and message. The length is a varint; 128 to 255 make it two bytes, the second being 0x01, which some
 * tools take for a flag. A 0x01 after a one-byte length is passed over too: no message begins with it.
 * Throws FormatError where `head` is no prefix; the caller gives at least LONGEST_PREFIX bytes where there are so many.
 */
export function readBackupPrefix(head: Uint8Array): BackupPrefix {
  const reader = new ByteReader(head, 0, Math.min(head.length, LONGEST_PREFIX));
  const length = reader.varintNumber();
  if (length < 0x80 && reader.remaining > 0 && head[reader.offset] === 1) reader.skip(1);
  const fields = readProtobuf(reader.bytes(length));
  const crypt14 = bytesField(fields, 2);
  const crypt15 = bytesField(fields, 3);
  const metadata = bytesField(fields, 4);
  return {
    length: reader.offset,
    crypt14: crypt14 === null ? null : readCrypt14(crypt14),
    crypt15: crypt15 === null ? null : (bytesField(readProtobuf(crypt15), 1) ?? new Uint8Array()),
    about: metadata === null ? [] : readAbout(metadata),
  };
}

/** Fields 1 and 3 of the message: version of the app, end of the owner's address. Shown as text, so cut short. */
function readAbout(message: Uint8Array): ContainerFact[] {
  const fields = readProtobuf(message);
  return ABOUT.flatMap(([field, name]) => {
    const value = bytesField(fields, field);
    return value === null ? [] : [{ name, value: utf8DecodeLossy(value).slice(0, LONGEST_FACT), authenticated: false }];
  });
}

function readCrypt14(message: Uint8Array): Crypt14Header {
  const fields = readProtobuf(message);
  return {
    cipherVersion: bytesField(fields, 1),
    keyVersion: bytesField(fields, 2),
    serverSalt: bytesField(fields, 3),
    googleIdSalt: bytesField(fields, 4),
    iv: bytesField(fields, 5),
  };
}
