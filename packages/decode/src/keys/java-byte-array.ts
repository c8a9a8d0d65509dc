import { equalBytes, hexDecode } from '@custody/bytes';

/**
 * What stands before the length in a Java-serialised `byte[]` (Java Object Serialization Specification 6.4.2:
 * STREAM_MAGIC, version 5, TC_ARRAY, class descriptor `[B` with its serialVersionUID, no fields, no superclass).
 */
const PREFIX = hexDecode('aced0005757200025b42acf317f8060854e00200007870');
const HEADER_LENGTH = PREFIX.length + 4;

/** The bytes inside a Java-serialised `byte[]`; null where `file` is none, or its length field disagrees with it. */
export function readJavaByteArray(file: Uint8Array): Uint8Array | null {
  if (file.length < HEADER_LENGTH || !equalBytes(file.subarray(0, PREFIX.length), PREFIX)) return null;
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const length = view.getUint32(PREFIX.length);
  return length === file.length - HEADER_LENGTH ? file.subarray(HEADER_LENGTH) : null;
}
