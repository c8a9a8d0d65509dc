import { utf8DecodeLossy } from '@custody/bytes';
import type { CaptureFile } from '../../format.ts';
import { parseObject } from './json-value.ts';
import { scanLines } from './line-scanner.ts';
import { noteRoomVersion } from './plan-state.ts';

const CREATE = Buffer.from('m.room.create');
const MOST_FILES = 200;
const LONGEST_FILE = 64 * 1024 * 1024;
const LONGEST_LINE = 1024 * 1024;

/**
 * Room versions from the other files of a room in an `export-data` folder: the create event is often in `state/` only, because the
 * user joined later.
 */
export function versionsBeside({ name, folder }: CaptureFile, versions: Map<string, string>): void {
  if (folder === undefined || versions.size > 0) return;
  const room = name.replace(/(?:^|\/)(?:state\/)?[^/]*$/, '');
  const others = room === '' ? [] : folder.names.filter((path) => path.startsWith(`${room}/`) && path !== name);
  for (const path of others.slice(0, MOST_FILES)) {
    const source = folder.open(path);
    if (source === null || source.length > LONGEST_FILE) continue;
    for (const { bytes } of scanLines(source, { from: 0, until: source.length, longest: LONGEST_LINE })) {
      if (bytes === null || !Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(CREATE)) continue;
      noteRoomVersion(versions, parseObject(utf8DecodeLossy(bytes)));
    }
  }
}
