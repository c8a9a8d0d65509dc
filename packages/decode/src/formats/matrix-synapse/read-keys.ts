import type { Finding } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import { finding } from '../../make-finding.ts';
import type { SessionCollector } from '../matrix/collect-sessions.ts';
import { integerOf, type JsonObject, objectOf, parseObject, textOf } from '../matrix/json-value.ts';
import { BACKUP_ALGORITHM, type BackupKey } from '../matrix/key-backup.ts';
import { looseBase64 } from '../matrix/loose-base64.ts';
import type { PlannedServerKey } from '../matrix/plan-state.ts';
import type { SuppliedSecret } from '../matrix/supplied-material.ts';
import { openBackups, publicKeyOf } from './backup-keys.ts';
import { type DumpSurvey, rowValues } from './dump-survey.ts';
import { byteaOf, columnReader } from './synapse-tables.ts';

type Column = (name: string) => string | null;

/** Rows that are kept in memory, of one table. */
const MOST_KEPT = 200_000;
const KEPT_TYPES = /^m\.(secret_storage\.key\.|megolm_backup\.v1$)/;

/** Calls `take` for every row of a table that can be read; the number of those that cannot. */
export function eachRow(
  source: ByteSource,
  { shapes, read }: DumpSurvey,
  table: string,
  take: (column: Column) => void,
): number {
  let unreadable = 0;
  for (const { shape: index, spans } of read.get(table) ?? []) {
    const shape = shapes[index];
    if (shape === undefined) continue;
    for (let i = 0; i + 1 < spans.length; i += 2) {
      const values = rowValues(source, shape, { offset: spans[i] as number, length: spans[i + 1] as number });
      if (values === null) unreadable++;
      else take(columnReader(shape, values));
    }
  }
  return unreadable;
}

/** A map of one text column to another, as far as it is kept. */
export function textMap(
  source: ByteSource,
  survey: DumpSurvey,
  table: string,
  [from, to]: readonly [string, string],
): Map<string, string> {
  const map = new Map<string, string>();
  eachRow(source, survey, table, (column) => {
    const [key, value] = [column(from), column(to)];
    if (key !== null && value !== null && map.size < MOST_KEPT) map.set(key, value);
  });
  return map;
}

/** Public keys of servers as the dump names them. Keys that the lab supplied stand. */
export function addServerKeys(source: ByteSource, survey: DumpSurvey, keys: Map<string, PlannedServerKey>): void {
  const add = (server: string | null, keyId: string, key: Uint8Array | null, validUntil: number | null) => {
    const name = `${server}\n${keyId}`;
    const known = keys.get(name);
    if (
      server === null ||
      key?.length !== 32 ||
      (known !== undefined && (known.validUntil ?? Infinity) >= (validUntil ?? Infinity))
    )
      return;
    if (keys.size < MOST_KEPT) keys.set(name, { key: new Uint8Array(key), validUntil });
  };
  eachRow(source, survey, 'server_signature_keys', (column) => {
    add(
      column('server_name'),
      column('key_id') ?? '',
      byteaOf(column('verify_key')),
      numberOf(column('ts_valid_until_ms')),
    );
  });
  eachRow(source, survey, 'server_keys_json', (column) => {
    const text = column('key_json');
    const document = parseObject(byteaOf(text)?.toString() ?? text ?? '');
    const validUntil = integerOf(document, 'valid_until_ts');
    for (const [list, ends] of [
      ['verify_keys', false],
      ['old_verify_keys', true],
    ] as const) {
      for (const [id, one] of Object.entries(objectOf(document, list) ?? {})) {
        const key = typeof one === 'object' ? (one as JsonObject) : null;
        add(
          textOf(document, 'server_name'),
          id,
          looseBase64(textOf(key, 'key')),
          ends ? integerOf(key, 'expired_ts') : validUntil,
        );
      }
    }
  });
}

function numberOf(text: string | null): number | null {
  const number = text === null ? Number.NaN : Number(text);
  return Number.isSafeInteger(number) ? number : null;
}

/** Opens the key backups of a dump with the supplied secrets and hands their sessions to `collector`. */
export function collectBackups(
  path: string,
  source: ByteSource,
  survey: DumpSurvey,
  { secrets, collector }: { readonly secrets: readonly SuppliedSecret[]; readonly collector: SessionCollector },
): Finding[] {
  const accounts = new Map<string, Map<string, JsonObject>>();
  let kept = 0;
  eachRow(source, survey, 'account_data', (column) => {
    const [user, type] = [column('user_id'), column('account_data_type')];
    const content = type !== null && KEPT_TYPES.test(type) ? parseObject(column('content') ?? '') : null;
    if (user === null || type === null || content === null || kept++ >= MOST_KEPT) return;
    const data = accounts.get(user) ?? new Map<string, JsonObject>();
    accounts.set(user, data.set(type, content));
  });
  const versions = new Map<string, string>();
  eachRow(source, survey, 'e2e_room_keys_versions', (column) => {
    const publicKey = publicKeyOf(parseObject(column('auth_data') ?? ''));
    const isOurs = column('algorithm') === BACKUP_ALGORITHM;
    if (isOurs && publicKey !== null && versions.size < MOST_KEPT)
      versions.set(`${column('user_id')}\n${column('version')}`, publicKey);
  });
  const opened = openBackups(path, secrets, { accounts, versions });
  collector.keyIds.push(...opened.keyIds);
  return [...opened.findings, ...collectSessions(path, source, survey, { keys: opened.keys, collector })];
}

function collectSessions(
  path: string,
  source: ByteSource,
  survey: DumpSurvey,
  { keys, collector }: { readonly keys: ReadonlyMap<string, BackupKey>; readonly collector: SessionCollector },
): Finding[] {
  if (keys.size === 0) return [];
  const state = { damaged: 0 };
  state.damaged += eachRow(source, survey, 'e2e_room_keys', (column) => {
    const key = keys.get(`${column('user_id')}\n${column('version')}`);
    if (key === undefined) return;
    const sealed = parseObject(column('session_data') ?? '');
    const session = sealed === null ? null : parseObject(key.open(sealed)?.toString() ?? '');
    if (session === null || !collector.add(session, column('session_id'), 'backup')) state.damaged++;
  });
  if (state.damaged === 0) return [];
  const detail = `The key of the backup is proven, but ${state.damaged} session(s) in it do not open, or are not the ones they are stored as: damaged.`;
  return [finding('KEY_PROVEN_THEN_DAMAGE', path, { records: 0, class: 'doubt', detail })];
}
