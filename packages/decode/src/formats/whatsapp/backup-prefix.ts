import { ByteReader, utf8DecodeLossy } from '@custody/bytes';
import { LONGEST_PREFIX } from './layout.ts';
import { bytesField, readProtobuf } from './protobuf.ts';

/** What stands before the ciphertext of a crypt14 or crypt15 backup. Everything here is unauthenticated. */
export interface BackupPrefix {
  /** Bytes of length and message: the ciphertext begins here. */
  readonly length: number;
  readonly crypt14: Crypt14Header | null;
  /** IV of a crypt15 backup. */
  readonly crypt15: Uint8Array | null;
  readonly appVersion: string | null;
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
  const appVersion = metadata === null ? null : bytesField(readProtobuf(metadata), 1);
  return {
    length: reader.offset,
    crypt14: crypt14 === null ? null : readCrypt14(crypt14),
    crypt15: crypt15 === null ? null : (bytesField(readProtobuf(crypt15), 1) ?? new Uint8Array()),
    appVersion: appVersion === null ? null : utf8DecodeLossy(appVersion),
  };
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
