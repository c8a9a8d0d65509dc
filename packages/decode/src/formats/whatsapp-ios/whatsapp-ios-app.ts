import type { RowWriter } from '../../row-store/row-decoder.ts';
import type { StoreApp } from '../../row-store/store-app.ts';
import { textsOf } from '../../row-store/texts-of.ts';
import type { SqliteTable } from '../../sqlite/index.ts';
import { Chats } from './chats.ts';
import { type ChatParts, messageWriter } from './message-writer.ts';
import { mediaWriter, memberWriter, pushNameWriter, sessionWriter } from './side-writers.ts';

/** Domain of a backup in which WhatsApp's database and its files stand. */
export const WHATSAPP_DOMAIN = 'AppDomainGroup-group.net.whatsapp.WhatsApp.shared';

const WRITERS: Readonly<Record<string, (table: SqliteTable, parts: ChatParts) => RowWriter>> = {
  zwachatsession: sessionWriter,
  zwagroupmember: memberWriter,
  zwaprofilepushname: pushNameWriter,
  zwamessage: messageWriter,
  zwamediaitem: mediaWriter,
};

/** WhatsApp for iOS: ChatStorage.sqlite. Any version: columns are told by their names. */
export const whatsappIosApp: StoreApp = {
  name: 'whatsapp-ios',
  isOwn: (file) => file.table('ZWAMESSAGE')?.column('ZCHATSESSION') != null,
  covers: (table) =>
    Object.hasOwn(WRITERS, table.name.toLowerCase()) && table.columns.length > 0 && !table.withoutRowid,
  filesNamed: (file) => textsOf(file.table('ZWAMEDIAITEM'), 'ZMEDIALOCALPATH'),
  open: (scope) => {
    const parts: ChatParts = { scope, chats: new Chats(scope.file) };
    return (table) => {
      const writer = WRITERS[table.name.toLowerCase()];
      if (writer === undefined) throw new Error(`table ${table.name} is not covered`);
      return writer(table, parts);
    };
  },
};
