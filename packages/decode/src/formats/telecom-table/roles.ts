/**
 * What a column of a telecom table can be. `phone` is the number that a row is about, `caller` and `called` are the two
 * sides of a call or text.
 */
export const columnRoles = [
  'imei',
  'imeisv',
  'imsi',
  'iccid',
  'phone',
  'caller',
  'called',
  'mac',
  'ip',
  'box',
  'slot',
  'operator',
  'country',
  'service',
  'account',
  'email',
  'time',
  'start',
  'end',
  'duration',
  'received',
  'cell',
  'latitude',
  'longitude',
  'text',
  'sequence',
  'id',
  'direction',
  'model',
  'status',
  'file',
  'rows',
  'column',
  'sha256',
  'make',
  'lac',
  'uplink',
  'downlink',
  'roaming',
  'apn',
  'timeofday',
] as const;

export type ColumnRole = (typeof columnRoles)[number];

/** Roles whose values name a device, card, number or account. */
export const identifierRoles: readonly ColumnRole[] = [
  'imei',
  'imeisv',
  'iccid',
  'imsi',
  'phone',
  'caller',
  'called',
  'account',
  'email',
  'box',
  'mac',
  'ip',
];

/** Roles that several columns may have: a handset with two IMEIs, a card with two numbers. */
export const repeatable: ReadonlySet<ColumnRole> = new Set<ColumnRole>([
  'imei',
  'imsi',
  'iccid',
  'phone',
  'ip',
  'timeofday',
]);
