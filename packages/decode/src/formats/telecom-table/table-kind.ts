import type { ItemKind } from '@custody/evidence';
import type { ColumnRole } from './roles.ts';

/** What the rows of a table are. */
export const tableKinds = ['device', 'account', 'call', 'session', 'location', 'message', 'manifest'] as const;
export type TableKind = (typeof tableKinds)[number];

/** The kind of item that a row becomes: a data session is a call record of another service. */
export const itemKindOf: Readonly<Record<TableKind, ItemKind>> = {
  device: 'device',
  account: 'account',
  call: 'call',
  session: 'call',
  location: 'location',
  message: 'message',
  manifest: 'note',
};

/** What the columns say the rows are; null where they do not decide. */
export function kindOfColumns(roles: ReadonlySet<ColumnRole>): TableKind | null {
  const has = (...names: ColumnRole[]) => names.every((name) => roles.has(name));
  const any = (...names: ColumnRole[]) => names.some((name) => roles.has(name));
  const subject = any('phone', 'imsi', 'imei', 'iccid', 'account', 'email');
  if (has('file', 'rows')) return 'manifest';
  if (has('text') && any('caller', 'called', 'phone')) return 'message';
  if (any('caller', 'called')) return 'call';
  if (has('latitude', 'longitude') && subject) return 'location';
  const isData = any('uplink', 'downlink', 'apn');
  if (subject && any('start', 'time') && (isData || (any('end', 'duration') && any('ip', 'cell')))) return 'session';
  if (has('cell') && any('time', 'start') && subject) return 'location';
  if (any('service') && any('phone', 'account', 'email')) return 'account';
  if (any('imei', 'imeisv', 'iccid', 'imsi') && roles.size >= 2) return 'device';
  if (has('box', 'slot')) return 'device';
  return has('account') && any('phone', 'email', 'ip') ? 'account' : null;
}
