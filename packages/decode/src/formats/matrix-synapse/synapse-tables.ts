import type { RowForm } from '../../sql-dump/scan-sql.ts';

/** Rows of one table that are written alike. */
export interface TableShape {
  readonly table: string;
  readonly columns: readonly string[];
  readonly form: RowForm;
}

/** Tables whose rows become items (Synapse, schema/main). */
export const DECODED: ReadonlySet<string> = new Set([
  ...['event_json', 'devices', 'users', 'profiles', 'user_threepids', 'user_ips', 'local_media_repository'],
]);
/** Tables that are read for keys, room versions and marks; their rows are no items. */
export const READ: ReadonlySet<string> = new Set([
  ...['account_data', 'e2e_room_keys', 'e2e_room_keys_versions', 'rooms', 'server_signature_keys', 'server_keys_json'],
  ...['rejections', 'redactions'],
]);
/** Tables that hold nothing but what would let somebody act as a user. */
export const CREDENTIALS: ReadonlySet<string> = new Set([
  ...['access_tokens', 'refresh_tokens', 'login_tokens', 'open_id_tokens', 'registration_tokens', 'pushers'],
  ...[
    'threepid_validation_token',
    'ui_auth_sessions_credentials',
    'application_services_state',
    'e2e_fallback_keys_json',
  ],
]);
/** Tables in which the server keeps what events say once more, in other orders. */
export const DERIVED: ReadonlySet<string> = new Set([
  ...[
    'events',
    'event_edges',
    'event_auth',
    'event_relations',
    'event_search',
    'event_to_state_groups',
    'state_events',
  ],
  ...[
    'state_groups',
    'state_groups_state',
    'state_group_edges',
    'current_state_events',
    'room_memberships',
    'local_current_membership',
  ],
  ...[
    'room_stats_state',
    'room_stats_current',
    'event_forward_extremities',
    'event_backward_extremities',
    'event_auth_chains',
  ],
]);
/** Columns of decoded tables that do: never shown, and no raw record of such a row. */
export const SECRET_COLUMNS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['users', new Set(['password_hash', 'consent_server_notice_sent'])],
  ['user_ips', new Set(['access_token'])],
]);

/** A value by the name of its column; null where the table has none, or NULL. */
export function columnReader(
  { columns }: TableShape,
  values: readonly (string | null)[],
): (name: string) => string | null {
  return (name) => {
    const at = columns.indexOf(name);
    return at < 0 ? null : (values[at] ?? null);
  };
}

/** `\x…` as PostgreSQL writes bytea. */
export function byteaOf(text: string | null): Buffer | null {
  return text !== null && /^\\x(?:[0-9a-f]{2})*$/.test(text) ? Buffer.from(text.slice(2), 'hex') : null;
}
