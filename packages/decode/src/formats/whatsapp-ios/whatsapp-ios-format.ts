import { utf8DecodeLossy } from '@custody/bytes';
import type { CaptureFile, Claim, Format, Probe } from '../../format.ts';
import { openClearStore, prepareClear } from '../../row-store/clear-store.ts';
import { combineStore, finishStore, type StoreState } from '../../row-store/store-app.ts';
import { UNENCRYPTED } from '../sqlcipher/authentications.ts';
import { whatsappIosApp } from './whatsapp-ios-app.ts';

const APPS = [whatsappIosApp];

/** ChatStorage.sqlite by itself, as from a full file system. */
export const whatsappIos: Format = {
  name: 'whatsapp-ios',
  title: 'WhatsApp for iOS, ChatStorage.sqlite in clear',
  version: '1',
  versions: 'databases of any version, told by their column names',
  keyMaterial: 'none',
  authentication: UNENCRYPTED.proves,
  notCovered:
    'receipts and reactions (ZWAMESSAGEINFO), previews of links, mentions; other tables are counted. Deleted rows in free pages.',
  detect,
  prepare: (file) => Promise.resolve(prepareClear(file, APPS, attachedPath)),
  open: (plan, file) => openClearStore(plan, file, { apps: APPS, attachedPath }),
  combine: combineStore,
  finish: (plan, summaries) => finishStore(plan.state as StoreState | null, summaries),
};

function detect({ name, head }: Probe): Claim | null {
  const text = utf8DecodeLossy(head);
  if (!text.startsWith('SQLite format 3\0')) return null;
  if (/\bZWAMESSAGE\b/.test(text)) {
    return { confidence: 'certain', grounds: 'an SQLite database whose schema has the tables of WhatsApp for iOS' };
  }
  if (!/(^|\/)ChatStorage\.sqlite$/.test(name)) return null;
  return { confidence: 'likely', grounds: 'an SQLite database with the name of that of WhatsApp for iOS' };
}

/** Files stand in `Message` beside the database. */
function attachedPath(file: CaptureFile, path: string): string | null {
  const folder = file.name.slice(0, file.name.lastIndexOf('/') + 1);
  const full = `${folder}Message/${path.replace(/^\/+/, '')}`;
  return file.folder?.open(full) == null ? null : full;
}
