import { Lookup } from '../../row-store/lookup.ts';
import type { RowCursor, Rowid, SqliteFile, SqliteTable } from '../../sqlite/index.ts';

export interface Session {
  readonly jid: string | null;
  readonly name: string | null;
}

export interface MediaRow {
  readonly path: string | null;
  readonly mime: string | null;
  /** Cards of contacts stand where other rows say the kind of file. */
  readonly card: string | null;
  readonly size: number | null;
  readonly title: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly metadata: Uint8Array | null;
  /** A copy of where it stands, and its bytes. */
  readonly locator: ReturnType<RowCursor['locator']>;
  readonly raw: Uint8Array;
}

/** Rows that messages name by number. */
export class Chats {
  readonly sessions: Lookup<Session>;
  readonly members: Lookup<string | null>;
  readonly media: Lookup<MediaRow>;
  readonly #messages: RowCursor | null;
  readonly #mediaColumn: number;

  constructor(file: SqliteFile) {
    this.sessions = lookupIn(file, 'ZWACHATSESSION', (row, at) => ({
      jid: row.text(at('ZCONTACTJID')),
      name: row.text(at('ZPARTNERNAME')) || null,
    }));
    this.members = lookupIn(file, 'ZWAGROUPMEMBER', (row, at) => row.text(at('ZMEMBERJID')));
    this.media = lookupIn(file, 'ZWAMEDIAITEM', mediaOf);
    const messages = file.table('ZWAMESSAGE');
    this.#messages = messages?.scan() ?? null;
    this.#mediaColumn = messages?.column('ZMEDIAITEM') ?? -1;
  }

  /** Whether a message is there and names this media row as its own. */
  isMediaOf(message: Rowid, media: Rowid): boolean {
    return this.#messages?.seek(message) === true && this.#messages.int(this.#mediaColumn) === media;
  }
}

export function mediaOf(row: RowCursor, at: (name: string) => number): MediaRow {
  const size = row.int(at('ZFILESIZE'));
  const said = row.text(at('ZVCARDSTRING')) || null;
  const isCard = said !== null && /^\s*BEGIN:VCARD/i.test(said);
  const number = (name: string): number | null => {
    const value = row.real(at(name)) ?? row.int(at(name));
    return typeof value === 'number' && value !== 0 ? value : null;
  };
  return {
    path: row.text(at('ZMEDIALOCALPATH')) || null,
    mime: isCard ? null : said,
    card: isCard ? said : null,
    size: typeof size === 'number' && size > 0 ? size : null,
    title: row.text(at('ZTITLE')) || null,
    latitude: number('ZLATITUDE'),
    longitude: number('ZLONGITUDE'),
    metadata: row.blob(at('ZMETADATA')),
    locator: row.locator(),
    raw: row.record(),
  };
}

function lookupIn<T>(
  file: SqliteFile,
  name: string,
  read: (row: RowCursor, at: (name: string) => number) => T,
): Lookup<T> {
  const table: SqliteTable | null = file.table(name);
  const at = (column: string): number => table?.column(column) ?? -1;
  return new Lookup(table, (row) => read(row, at));
}
