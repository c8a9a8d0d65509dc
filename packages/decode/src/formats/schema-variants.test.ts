import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Item } from '@custody/evidence';
import { afterAll, describe, expect, it } from 'vitest';
import type { Format } from '../format.ts';
import { decodeCapture } from '../testing/decode-capture.ts';
import { whatsappStore } from '../testing/intact-apps.ts';
import { imessage } from './imessage/index.ts';
import { makeMessages } from './imessage/testing/make-messages.ts';
import { signalDesktop } from './signal-desktop/index.ts';
import { makeDesktop } from './signal-desktop/testing/make-desktop.ts';
import { whatsappMessageStore } from './whatsapp/index.ts';
import { whatsappIos } from './whatsapp-ios/index.ts';
import { database as chatStorage } from './whatsapp-ios/testing/make-chat-storage.ts';

const isLong = process.env.CUSTODY_LONG === '1';
const folder = mkdtempSync(join(tmpdir(), 'custody-variants-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The same database in SQLite's own hands, changed by one statement; null where SQLite refuses (keys, indexes). */
function changed(bytes: Uint8Array, statement: string): Uint8Array | null {
  const path = join(folder, 'db');
  writeFileSync(path, bytes);
  const db = new DatabaseSync(path);
  try {
    db.exec(statement);
  } catch {
    return null;
  } finally {
    db.close();
  }
  return new Uint8Array(readFileSync(path));
}

function columnsIn(bytes: Uint8Array): { readonly table: string; readonly column: string }[] {
  const path = join(folder, 'db');
  writeFileSync(path, bytes);
  const db = new DatabaseSync(path);
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all();
  const all = tables.flatMap(({ name }) =>
    db
      .prepare(`SELECT name FROM pragma_table_info('${name}')`)
      .all()
      .map((row) => ({ table: String(name), column: String(row.name) })),
  );
  db.close();
  return all;
}

const texts = (items: readonly Item[]): string[] =>
  items.flatMap(({ body }) => (body === null ? [] : [new TextDecoder().decode(body)]));

/** Names of columns that hold texts, or lead to them. */
const TEXTS: Readonly<Record<string, RegExp>> = {
  imessage: /^(message\.(text|attributedBody|message_summary_info)|chat\.display_name)$/,
  'whatsapp-ios': /\.(ZTEXT|ZMEDIAITEM|ZTITLE|ZPARTNERNAME|ZPUSHNAME)$/,
  'signal-desktop': /^(messages\.(json|body)|conversations\.name|reactions\.(emoji|fromId|messageId))$/,
  'whatsapp-msgstore': /^message\.text_data$/,
};
/** Columns without which a database is not known as the app's: then it is said to be unknown, or shown row by row. */
const TELLING: Readonly<Record<string, readonly string[]>> = {
  imessage: ['message.handle_id'],
  'whatsapp-ios': ['ZWAMESSAGE.ZCHATSESSION'],
  'signal-desktop': ['messages.conversationId'],
  'whatsapp-msgstore': ['message.key_id'],
};

/** What a database of another version lacks: every column that it can do without in SQLite itself. */
describe.each<[string, Format, string, Uint8Array]>([
  ['imessage', imessage, 'sms.db', new Uint8Array(makeMessages())],
  ['whatsapp-ios', whatsappIos, 'ChatStorage.sqlite', new Uint8Array(chatStorage)],
  ['signal-desktop', signalDesktop, 'db.sqlite', new Uint8Array(makeDesktop('columns').plain)],
  ['whatsapp-msgstore', whatsappMessageStore, 'msgstore.db', whatsappStore()],
])('%s without one of its columns', (format, decoder, name, bytes) => {
  const decoded = (database: Uint8Array) => decodeCapture(decoder, database, { name });

  it('counts every row, and shows every text that is left', async () => {
    const whole = await decoded(bytes);
    const said = texts(whole.items);
    const [unknown, uncounted, silent]: [string[], string[], string[]] = [[], [], []];
    const telling = TELLING[format] ?? [];
    for (const [i, { table, column }] of columnsIn(bytes).entries()) {
      // The ordinary run tries every eighth, and those that tell whose database it is.
      if (!isLong && i % 8 !== 3 && !telling.includes(`${table}.${column}`)) continue;
      const variant = changed(bytes, `ALTER TABLE "${table}" DROP COLUMN "${column}"`);
      if (variant === null) continue;
      const { items, counts, findings } = await decoded(variant);
      const what = `${table}.${column}`;
      const isPlain = items.length > 0 && items.every(({ platform }) => platform === 'sqlite');
      if (isPlain || findings.some(({ code }) => code === 'FORMAT_UNKNOWN')) unknown.push(what);
      else if (counts.records !== whole.counts.records || counts.lost !== 0) uncounted.push(what);
      else if (texts(items).join('\n') !== said.join('\n') && TEXTS[format]?.test(what) !== true) silent.push(what);
    }
    expect({ unknown, uncounted, silent }).toEqual({ unknown: telling, uncounted: [], silent: [] });
  });

  it('shows a column that this build does not know', async () => {
    const [{ table } = { table: '' }] = columnsIn(bytes).filter((one) =>
      /^(message|messages|ZWAMESSAGE)$/.test(one.table),
    );
    const variant = changed(bytes, `ALTER TABLE "${table}" ADD COLUMN of_tomorrow TEXT DEFAULT 'new'`);
    const { items } = await decoded(variant as Uint8Array);
    expect(items.some(({ fields }) => fields?.get('of_tomorrow') === 'new')).toBe(true);
  });
});
