import { CustodyError } from '@custody/bytes';
import { readBinaryPlist } from '../../plist/binary-plist.ts';
import { isDict, type PlistValue, plistAt, plistBytes, plistNumber } from '../../plist/plist-value.ts';
import { typedStreamText } from './typed-stream.ts';

/** One version of a message that was edited, oldest first. */
export interface MessageVersion {
  readonly text: string | null;
  /** Seconds since 2001. */
  readonly at: number | null;
}

/** What `message_summary_info` says of edits and of parts that were unsent (iOS 16 and later). */
export interface MessageSummary {
  readonly versions: readonly MessageVersion[];
  /** Parts of the message that were taken back. */
  readonly unsentParts: number;
}

const NOTHING: MessageSummary = { versions: [], unsentParts: 0 };
/** iOS allows five edits of a part; a hostile file may have more. */
const MOST_VERSIONS = 100;

/** Reads the summary; empty where it is none. */
export function readSummary(bytes: Uint8Array | null): MessageSummary {
  if (bytes === null) return NOTHING;
  try {
    const plist = readBinaryPlist(bytes);
    const parts = plistAt(plist, 'ec');
    const versions = isDict(parts) ? [...parts.values()].flatMap(versionsOf) : [];
    const unsent = plistAt(plist, 'rp');
    return { versions: versions.slice(0, MOST_VERSIONS), unsentParts: Array.isArray(unsent) ? unsent.length : 0 };
  } catch (error) {
    if (error instanceof CustodyError) return NOTHING;
    throw error;
  }
}

function versionsOf(part: PlistValue): MessageVersion[] {
  if (!Array.isArray(part)) return [];
  return (part as readonly PlistValue[]).map((version) => {
    const stream = plistBytes(plistAt(version, 't'));
    return { text: stream === null ? null : typedStreamText(stream), at: plistNumber(plistAt(version, 'd')) };
  });
}
