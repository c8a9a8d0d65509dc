import { isBinaryPlist, readBinaryPlist } from './binary-plist.ts';
import type { PlistValue } from './plist-value.ts';
import { readXmlPlist } from './xml-plist.ts';

/** Reads a property list, binary or XML. Throws FormatError PLIST_INVALID. */
export function readPlist(bytes: Uint8Array): PlistValue {
  return isBinaryPlist(bytes) ? readBinaryPlist(bytes) : readXmlPlist(bytes);
}
