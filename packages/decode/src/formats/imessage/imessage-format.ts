import { utf8DecodeLossy } from '@custody/bytes';
import type { CaptureFile, Claim, Format, Probe } from '../../format.ts';
import { openClearStore, prepareClear } from '../../row-store/clear-store.ts';
import { combineStore, finishStore, type StoreState } from '../../row-store/store-app.ts';
import { UNENCRYPTED } from '../sqlcipher/authentications.ts';
import { imessageApp } from './imessage-app.ts';

const APPS = [imessageApp];

/** sms.db of iOS or chat.db of macOS by itself, as from a full file system. */
export const imessage: Format = {
  name: 'imessage',
  title: 'Messages of iOS and macOS, sms.db or chat.db in clear',
  version: '1',
  versions: 'databases of any version, told by their column names',
  keyMaterial: 'none',
  authentication: UNENCRYPTED.proves,
  notCovered:
    'payloads of apps and effects, properties of chats; other tables are counted. Deleted rows in free pages.',
  detect,
  prepare: (file) => Promise.resolve(prepareClear(file, APPS, attachedPath)),
  open: (plan, file) => openClearStore(plan, file, { apps: APPS, attachedPath }),
  combine: combineStore,
  finish: (plan, summaries) => finishStore(plan.state as StoreState | null, summaries),
};

function detect({ name, head }: Probe): Claim | null {
  const text = utf8DecodeLossy(head);
  if (!text.startsWith('SQLite format 3\0')) return null;
  if (/\bchat_message_join\b/.test(text) && /\bhandle\b/.test(text)) {
    return { confidence: 'certain', grounds: 'an SQLite database whose schema has the tables of Messages' };
  }
  if (!/(^|\/)(sms|chat)\.db$/.test(name)) return null;
  return { confidence: 'likely', grounds: 'an SQLite database with the name of that of Messages' };
}

/** Rows name files from the home folder; they stand in `Attachments` beside the database. */
function attachedPath(file: CaptureFile, path: string): string | null {
  const inside = /(?:^|\/)(Attachments\/.+)$/.exec(path)?.[1];
  const full = file.name.slice(0, file.name.lastIndexOf('/') + 1) + inside;
  return inside === undefined || file.folder?.open(full) == null ? null : full;
}
