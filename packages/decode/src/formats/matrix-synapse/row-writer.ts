import type { BatchWriter, Instant, ItemKind, Locator } from '@custody/evidence';
import { columnReader, SECRET_COLUMNS, type TableShape } from './synapse-tables.ts';

/** A row of a table other than the events. */
export interface TableRow {
  readonly shape: TableShape;
  readonly values: readonly (string | null)[];
  readonly locator: Locator;
  readonly raw: Uint8Array;
}

const KINDS: Readonly<Record<string, ItemKind>> = {
  devices: 'device',
  user_ips: 'device',
  users: 'account',
  profiles: 'account',
  user_threepids: 'account',
  local_media_repository: 'attachment',
};
const USER_COLUMNS = ['full_user_id', 'user_id', 'name'];
const TIME_COLUMNS = ['last_seen', 'created_ts', 'creation_ts', 'added_at'];
/** A third-party address is a party of its own kind. */
const MEDIUM: Readonly<Record<string, string>> = { email: 'email', msisdn: 'phone' };

const STATED = {
  mechanism: 'none',
  result: 'none',
  proves: 'The row stands in the dump of the server; nothing in the format vouches for it.',
} as const;

/** Writes a row of accounts, devices or media. Columns that would let somebody act as the user are left out, the raw record with them. */
export function writeTableRow(out: BatchWriter, { shape, values, locator, raw }: TableRow): void {
  const column = columnReader(shape, values);
  const secret = SECRET_COLUMNS.get(shape.table);
  out.begin(KINDS[shape.table] ?? 'note', 'matrix', null);
  out.locator(locator);
  if (secret === undefined) out.raw(raw);
  out.authentication(STATED);
  const user = USER_COLUMNS.map(column).find((name) => name !== null) ?? null;
  if (user !== null) out.owner(out.party('matrix', user));
  const address = column('address');
  if (shape.table === 'user_threepids' && address !== null) {
    const medium = column('medium') ?? 'third-party';
    out.recipient(
      out.party(MEDIUM[medium] ?? medium, medium === 'msisdn' ? `+${address.replace(/^\+/, '')}` : address),
    );
  }
  const time = timeOf(column);
  if (time !== null) out.sentAt(time);
  if (shape.table === 'local_media_repository') {
    const size = Number(column('media_length'));
    const attachment = {
      name: column('upload_name'),
      mime: column('media_type'),
      size: Number.isSafeInteger(size) ? size : null,
    };
    out.attachment({ ...attachment, sha256: null, present: false });
  }
  out.field('table', shape.table);
  for (const [i, name] of shape.columns.entries()) {
    const value = values[i];
    if (value != null && value !== '' && name !== 'table' && secret?.has(name) !== true) out.field(name, value);
  }
  out.end();
}

/** Milliseconds; `creation_ts` of users is in seconds. */
function timeOf(column: (name: string) => string | null): Instant | null {
  const name = TIME_COLUMNS.find((one) => column(one) !== null);
  const raw = name === undefined ? null : column(name);
  const number = Number(raw);
  if (raw === null || !Number.isSafeInteger(number) || number <= 0) return null;
  const isSeconds = number < 100_000_000_000;
  return {
    utc: isSeconds ? number * 1000 : number,
    raw,
    zone: 'UTC',
    precision: isSeconds ? 's' : 'ms',
    clock: 'server',
  };
}
