export { base64Decode, base64Encode, base64UrlDecode, base64UrlEncode } from './base64.ts';
export { u32be, u64be } from './big-endian.ts';
export { ByteReader } from './byte-reader.ts';
export { compareCborKeys } from './cbor-key-order.ts';
export { CBOR_MAX_DEPTH, type CborLimits, type CborValue } from './cbor-value.ts';
export { CborWriter } from './cbor-writer.ts';
export { type ByteColumn, ColumnBuilder, rowBytes, rowStart, type SourceRange, selectRows } from './column.ts';
export { compareBytes, equalBytes } from './compare-bytes.ts';
export { concatBytes } from './concat-bytes.ts';
export { decodeCbor } from './decode-cbor.ts';
export { DIGEST_LENGTH, digestLinked, digestMany, digestPairs } from './digest-batch.ts';
export { DigestRows, type SaltedValues } from './digest-rows.ts';
export { encodeCbor } from './encode-cbor.ts';
export {
  type BytesErrorCode,
  CustodyError,
  type ErrorFamily,
  type ErrorOptionsWithDetail,
  FormatError,
  IntegrityError,
  UnavailableError,
  UsageError,
} from './errors.ts';
export { hexDecode, hexEncode } from './hex.ts';
export { releaseBytes } from './release-bytes.ts';
export { createSha256, hmacSha256, sha256, sha256Hex } from './sha256.ts';
export type { Sha256 } from './sha256-state.ts';
export { utf8Decode, utf8DecodeLossy, utf8Encode, utf8ValidUpTo } from './utf8.ts';
