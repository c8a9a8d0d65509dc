import { base64Decode, hexEncode, sha256Hex } from '@custody/bytes';
import { integer } from '../../../row-store/columns.ts';
import type { RowCursor } from '../../../sqlite/index.ts';
import type { ItemContext } from './item-context.ts';
import { hashName } from './media-folder.ts';

/** Columns that say which file a message carried. -1 where a table lacks one. */
export interface MediaColumns {
  readonly path: number;
  readonly name: number;
  readonly mime: number;
  readonly size: number;
  readonly otherSize: number;
  readonly hash: number;
}

/**
 * The file that a row names: with its own size and hash where it stands beside the database, else absent, with the
 * hash that the row states.
 */
export function writeNamedFile(context: ItemContext, row: RowCursor, at: MediaColumns): void {
  const path = row.text(at.path) || null;
  const hash = statedHash(row.text(at.hash));
  const found = (path && context.media.find(path)) || (hash && context.media.find(hashName(hash))) || null;
  if (found !== null) {
    if (hash !== null && hash !== found.sha256) context.tally.otherFiles++;
    context.out.attachment({
      name: path || row.text(at.name) || null,
      mime: row.text(at.mime) || null,
      ...found,
      present: true,
    });
    if (hash !== null && hash !== found.sha256) context.out.field('stated_sha256', hash);
    return;
  }
  context.tally.absentFiles++;
  const size = integer(row, at.size) ?? 0;
  const otherSize = integer(row, at.otherSize) ?? 0;
  const stated = size > 0 ? size : otherSize;
  context.out.attachment({
    name: row.text(at.path) || row.text(at.name) || null,
    mime: row.text(at.mime) || null,
    size: stated > 0 ? stated : null,
    sha256: hash,
    present: false,
  });
}

/** A preview picture that stands in the row itself. */
export function writeThumbnail(context: ItemContext, bytes: Uint8Array): void {
  context.out.attachment({
    name: 'thumbnail',
    mime: null,
    size: bytes.length,
    sha256: sha256Hex(bytes),
    present: true,
  });
}

/** Base64 of a SHA-256 to hex; null where it is none. */
export function statedHash(text: string | null): string | null {
  if (text === null || text.length !== 44) return null;
  try {
    const bytes = base64Decode(text);
    return bytes.length === 32 ? hexEncode(bytes) : null;
  } catch {
    return null;
  }
}
