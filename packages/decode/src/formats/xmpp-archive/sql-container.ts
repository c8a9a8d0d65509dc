import type { Finding } from '@custody/evidence';
import { finding } from '../../make-finding.ts';
import { lacksItsEnd } from '../../sql-dump/dump-end.ts';
import { readSqlRow, SqlRowRefused } from '../../sql-dump/read-sql-row.ts';
import { type RowForm, scanSql } from '../../sql-dump/scan-sql.ts';
import { type ArchiveRecord, type Container, RecordBuilder } from './container.ts';
import { bareJid } from './jid.ts';
import { NS } from './namespaces.ts';
import { countInstant, localInstant, stampInstant } from './stored-time.ts';
import { attribute, child, readElement, type XmlElement, XmlRefused } from './xml-element.ts';

interface TableContext {
  readonly table: string;
  readonly columns: readonly string[];
  readonly form: RowForm;
  /** The only virtual host that rows without one may belong to; null: the dump does not say. */
  readonly host: string | null;
}

type Values = ReadonlyMap<string, string | null>;

/** Microseconds a second: ejabberd's timestamps. */
const MICRO = 1_000_000;

/** Dumps of ejabberd's and Prosody's SQL schemas, as mysqldump, pg_dump and sqlite3 write them. */
export const sqlContainer: Container = {
  scan(file, progress) {
    const records = new RecordBuilder();
    const contexts: TableContext[] = [];
    const known = new Map<string, number>();
    const findings: Finding[] = [];
    const host = /(?:^|[^\w.-])([\w-]+(?:\.[\w-]+)+)\.sql$/i.exec(file.name)?.[1]?.toLowerCase() ?? null;
    scanSql(
      file.source,
      {
        row({ table, columns, form, offset, length }) {
          const name = `${table}\n${form}\n${columns.join()}`;
          const context = known.get(name) ?? contexts.push({ table, columns, form, host }) - 1;
          known.set(name, context);
          records.add(offset, length, context);
        },
        damage(offset, next, why) {
          const place = { path: file.name, offset, length: next - offset, row: records.count };
          const isEnd = why.includes('ends');
          const detail = `The dump cannot be followed here: ${why}. Reading goes on at the next statement.`;
          findings.push(finding(isEnd ? 'TRUNCATED' : 'RECORD_MALFORMED', place, { records: null, detail }));
        },
      },
      progress,
    );
    if (findings.every(({ code }) => code !== 'TRUNCATED') && lacksItsEnd(file.source)) {
      const detail = 'The line that ends a dump is missing: how many rows would follow cannot be known.';
      findings.push(finding('TRUNCATED', file.name, { records: null, detail }));
    }
    return { records: records.list(), contexts, findings };
  },
  read(bytes, context) {
    const { table, columns, form, host } = context as TableContext;
    const reader = READERS[table];
    if (reader === undefined) return other(`rows of table ${table.slice(0, 60)}`);
    const values = valuesOf(bytes, form);
    if (values.length !== columns.length) {
      throw new XmlRefused(`a row of ${values.length} values in table ${table}, which has ${columns.length} columns`);
    }
    return reader(new Map(columns.map((name, i) => [name, values[i] ?? null])), host);
  },
};

function valuesOf(bytes: Uint8Array, form: RowForm): (string | null)[] {
  try {
    return readSqlRow(bytes, form);
  } catch (error) {
    if (error instanceof SqlRowRefused) throw new XmlRefused(error.message);
    throw error;
  }
}

const READERS: Readonly<Record<string, (row: Values, host: string | null) => ArchiveRecord>> = {
  archive: ejabberdArchive,
  spool: ejabberdSpool,
  rosterusers: ejabberdRoster,
  vcard: ejabberdCard,
  users: (row, host) => ({
    ...plain(ownerOf(row, host)),
    what: 'account',
    name: row.get('username') ?? '',
    credential: (row.get('password') ?? '') !== '',
    created: created(row),
  }),
  prosodyarchive: prosodyArchive,
  prosody: (row) => ({
    ...other(`rows of Prosody's store "${(row.get('store') ?? '').slice(0, 60)}"`),
    credential: row.get('store') === 'accounts',
  }),
};

/** `timestamp` is microseconds UTC and, as text, the archive id; `created_at` is the database's local clock. */
function ejabberdArchive(row: Values, host: string | null): ArchiveRecord {
  const raw = row.get('timestamp') ?? '';
  const fields = ['kind', 'nick', 'origin_id'].flatMap((name) => {
    const value = row.get(name) ?? '';
    return value === '' ? [] : [[`archive_${name}`, value] as const];
  });
  const stanza = stanzaOf(row.get('xml'));
  const peer = row.get('bare_peer') ?? row.get('peer') ?? null;
  const { owner, note } = ownerBy(row, host, { stanza, peer });
  return {
    ...plain(owner),
    what: 'message',
    archiveId: raw,
    stored: countInstant(raw, MICRO),
    created: created(row),
    stanza,
    peer,
    fields: [...fields, ...note],
  };
}

function ejabberdSpool(row: Values, host: string | null): ArchiveRecord {
  const stanza = stanzaOf(row.get('xml'));
  const delay = child(stanza, 'delay', NS.delay);
  const stamp = delay === null ? null : attribute(delay, 'stamp');
  const { owner, note } = ownerBy(row, host, { stanza, peer: null });
  return {
    ...plain(owner),
    what: 'message',
    stored: stamp === null ? created(row) : stampInstant(stamp),
    ...(stamp !== null && { created: created(row) }),
    stanza,
    fields: [['store', 'offline'], ...note],
  };
}

/**
 * Whose row it is. The default schema of ejabberd names no host: then it is the party of the stanza, other than the
 * peer, that has the user's name, and the item says so.
 */
function ownerBy(
  row: Values,
  host: string | null,
  { stanza, peer }: { stanza: XmlElement; peer: string | null },
): { owner: string | null; note: ArchiveRecord['fields'] } {
  const owner = ownerOf(row, host);
  const user = row.get('username')?.toLowerCase() ?? null;
  if (owner !== null || user === null) return { owner, note: [] };
  const jids = ['from', 'to'].flatMap((name) => attribute(stanza, name) ?? []).map(bareJid);
  const named = [...new Set(jids.filter((jid) => jid.startsWith(`${user}@`)))];
  const others = named.filter((jid) => peer === null || jid !== bareJid(peer));
  const found = others.length === 1 ? others[0] : named.length === 1 ? named[0] : undefined;
  return found === undefined ? { owner: null, note: [] } : { owner: found, note: [['ownerHostFrom', 'stanza']] };
}

function ejabberdRoster(row: Values, host: string | null): ArchiveRecord {
  const fields = ['subscription', 'ask', 'askmessage'].map((name) => [name, row.get(name) ?? ''] as const);
  return {
    ...plain(ownerOf(row, host)),
    what: 'contact',
    peer: row.get('jid') ?? null,
    name: row.get('nick') ?? '',
    fields,
    created: created(row),
  };
}

function ejabberdCard(row: Values, host: string | null): ArchiveRecord {
  const card = stanzaOf(row.get('vcard'));
  const name = card.children.find((one) => one.name === 'FN')?.text ?? '';
  return { ...plain(ownerOf(row, host)), what: 'card', stanza: card, name };
}

/** `when` is whole seconds on PostgreSQL and MySQL; order is that of `sort_id`. */
function prosodyArchive(row: Values): ArchiveRecord {
  const owner = bareJid(`${row.get('user') ?? ''}@${row.get('host') ?? ''}`);
  const store = row.get('store') ?? '';
  if ((row.get('type') ?? 'xml') !== 'xml')
    return other(`rows of Prosody's archive of type "${(row.get('type') ?? '').slice(0, 60)}"`);
  const isRoom = store.startsWith('muc_log');
  const peer = row.get('with') ?? '';
  return {
    ...plain(owner),
    what: 'message',
    archiveId: row.get('key') ?? null,
    stored: countInstant(row.get('when') ?? '', 1),
    stanza: stanzaOf(row.get('value')),
    peer: isRoom || !peer.includes('@') ? null : peer,
    fields: [
      ['sortId', row.get('sort_id') ?? ''],
      ['store', store],
    ],
  };
}

function stanzaOf(xml: string | null | undefined): XmlElement {
  if (xml == null || xml === '') throw new XmlRefused('a row without its stanza');
  return readElement(xml, { '': 'jabber:client' });
}

/** A schema for many hosts names the host in each row; one for a single host leaves it out. */
function ownerOf(row: Values, host: string | null): string | null {
  const user = row.get('username') ?? null;
  if (user === null) return null;
  if (user.includes('@')) return bareJid(user);
  const server = row.get('server_host') ?? host;
  return server === null ? null : bareJid(`${user}@${server}`);
}

function created(row: Values): ArchiveRecord['stored'] {
  const raw = row.get('created_at') ?? '';
  return raw === '' ? null : localInstant(raw);
}

function other(name: string): ArchiveRecord {
  return { ...plain(null), name };
}

function plain(owner: string | null): ArchiveRecord {
  return { what: 'other', owner, archiveId: null, stored: null, stanza: null, peer: null, name: '', fields: [] };
}
