import { FormatError, utf8DecodeLossy } from '@custody/bytes';
import type { ByteSource } from '../../byte-source.ts';
import type { DecodeErrorCode } from '../../errors.ts';
import type { BadLength, Delimited } from './delimited.ts';
import type { FrameReader } from './frame-reader.ts';
import { LONGEST_FRAME } from './layout.ts';
import { fromJson } from './schema/from-json.ts';
import { messageType } from './schema/schema.ts';

const WINDOW = 1024 * 1024;
const NEWLINE = 0x0a;
const CHAT_ITEM = '{"chatItem"';

/** Frames of an export in clear: a line of JSON each, the backup's own description first. */
export const jsonFrames: FrameReader = {
  walk: readLines,
  read(type, bytes, unknown) {
    let parsed: unknown;
    try {
      parsed = JSON.parse(utf8DecodeLossy(bytes));
    } catch {
      // What JSON.parse says quotes the text.
      throw new FormatError<DecodeErrorCode>('PROTOBUF_INVALID', 'not a message of a backup: no well-formed JSON');
    }
    return fromJson(messageType(type), parsed, unknown);
  },
  isChatItem: (bytes) => utf8DecodeLossy(bytes.subarray(0, CHAT_ITEM.length)) === CHAT_ITEM,
};

/** Whether a file begins as such an export does. */
export function beginsAsExport(head: Uint8Array): boolean {
  const end = head.indexOf(NEWLINE);
  if (end < 0 || head[0] !== 0x7b) return false;
  try {
    const info = jsonFrames.read('BackupInfo', head.subarray(0, end), new Map());
    return info.version !== undefined && info.backupTimeMs !== undefined;
  } catch {
    return false;
  }
}

/** Lines that are not empty; `length` takes in the line's end. */
function* readLines(source: ByteSource, from: number, until: number): Generator<Delimited | BadLength> {
  const end = Math.min(until, source.length);
  let size = WINDOW;
  for (let at = from; at < end; ) {
    const window = source.read(at, Math.min(size, end - at));
    let start = 0;
    for (let stop = window.indexOf(NEWLINE); stop >= 0; stop = window.indexOf(NEWLINE, start)) {
      if (stop > start) yield { offset: at + start, length: stop + 1 - start, bytes: window.subarray(start, stop) };
      start = stop + 1;
    }
    if (at + window.length >= end) {
      const bytes = window.subarray(start);
      if (bytes.length > 0) yield { offset: at + start, length: bytes.length, bytes };
      return;
    }
    if (start === 0 && size >= LONGEST_FRAME) return yield { offset: at, why: 'length' };
    // A line longer than the window: look further, up to the longest that is read.
    size = start === 0 ? size * 4 : WINDOW;
    at += start;
  }
}
