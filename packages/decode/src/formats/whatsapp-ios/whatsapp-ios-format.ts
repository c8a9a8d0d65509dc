import type { CaptureFile, Format } from '../../format.ts';
import { clearStoreFormat } from '../../row-store/clear-store-format.ts';
import { whatsappIosApp } from './whatsapp-ios-app.ts';

/** ChatStorage.sqlite by itself, as from a full file system. */
export const whatsappIos: Format = clearStoreFormat({
  name: 'whatsapp-ios',
  title: 'WhatsApp for iOS, ChatStorage.sqlite in clear',
  notCovered:
    'receipts and reactions (ZWAMESSAGEINFO), previews of links, mentions; other tables are counted. Deleted rows in free pages.',
  app: whatsappIosApp,
  of: 'WhatsApp for iOS',
  schema: [/\bZWAMESSAGE\b/],
  fileName: /(^|\/)ChatStorage\.sqlite$/,
  attachedPath,
});

/** Files stand in `Message` beside the database. */
function attachedPath(file: CaptureFile, path: string): string | null {
  const folder = file.name.slice(0, file.name.lastIndexOf('/') + 1);
  const full = `${folder}Message/${path.replace(/^\/+/, '')}`;
  return file.folder?.open(full) == null ? null : full;
}
