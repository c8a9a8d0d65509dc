import type { CaptureFile, Format } from '../../format.ts';
import { clearStoreFormat } from '../../row-store/clear-store-format.ts';
import { imessageApp } from './imessage-app.ts';

/** sms.db of iOS or chat.db of macOS by itself, as from a full file system. */
export const imessage: Format = clearStoreFormat({
  name: 'imessage',
  title: 'Messages of iOS and macOS, sms.db or chat.db in clear',
  notCovered:
    'payloads of apps and effects, properties of chats; groups and parts of MMS of before iOS 6; other tables are counted. Deleted rows in free pages.',
  app: imessageApp,
  of: 'Messages',
  schema: [/\bchat_message_join\b/, /\bhandle\b/],
  fileName: /(^|\/)(sms|chat)\.db$/,
  attachedPath,
});

/** Rows name files from the home folder; they stand in `Attachments` beside the database. */
function attachedPath(file: CaptureFile, path: string): string | null {
  const inside = /(?:^|\/)(Attachments\/.+)$/.exec(path)?.[1];
  const full = file.name.slice(0, file.name.lastIndexOf('/') + 1) + inside;
  return inside === undefined || file.folder?.open(full) == null ? null : full;
}
