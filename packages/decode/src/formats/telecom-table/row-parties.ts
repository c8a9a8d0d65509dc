import type { ColumnRole } from './roles.ts';
import type { TableKind } from './table-kind.ts';
import type { TableRow } from './table-row.ts';

/** An identifier of a row: an entity type, or `account`, `sim-box`, `sim-slot`. The value is the cell's own text. */
export interface RowParty {
  readonly type: string;
  readonly value: string;
}

/** Who a row is about and whom it concerns. `others` are further identifiers of the same device, card or account. */
export interface RowParties {
  readonly sender: RowParty | null;
  readonly recipients: readonly RowParty[];
  readonly owner: RowParty | null;
  readonly others: readonly RowParty[];
}

/** The device and card first: what cannot be had twice names a row best. */
const OWN: readonly ColumnRole[] = ['imei', 'imeisv', 'iccid', 'imsi', 'phone', 'mac'];

/**
 * A row of devices or accounts names its subject as owner and everything it ties to it as recipients; a call, session,
 * place or text has the subject's number as sender, its device as owner, and what else names the subject in the fields.
 */
export function partiesOf(kind: TableKind, row: TableRow): RowParties {
  const own = ownParties(row);
  if (kind === 'device' || kind === 'account') {
    const account = accountOf(row);
    const all = account === null ? own : kind === 'account' ? [account, ...own] : [...own, account];
    const [owner = null, ...recipients] = [...all, ...places(row)];
    return { sender: null, recipients, owner, others: [] };
  }
  const caller = row.text('caller');
  const called = row.text('called');
  const phone = row.text('phone');
  const sender = caller ?? (called === null || kind === 'session' ? null : phone);
  const from = sender === null ? null : phoneLike(sender);
  const to = called ?? (caller !== null && phone !== caller ? phone : null);
  const rest = own.filter(({ type, value }) => !(type === 'phone' && (value === sender || value === to)));
  const subject = from ?? rest.find(({ type }) => type === 'phone') ?? rest[0] ?? null;
  const owner = rest.find((party) => party !== subject && party.type !== 'phone') ?? null;
  const others = rest.filter((party) => party !== subject && party !== owner);
  return { sender: subject, recipients: to === null ? [] : [phoneLike(to)], owner, others: [...others, ...ips(row)] };
}

function ownParties(row: TableRow): RowParty[] {
  return OWN.flatMap((role) => row.texts(role).map((value) => ({ type: role, value })));
}

/** A sender of text messages may be a word (`BANK`): it is no telephone number. */
function phoneLike(value: string): RowParty {
  return { type: /^[+\d][\d\s()./-]{2,}$/.test(value) ? 'phone' : 'sender-id', value };
}

function accountOf(row: TableRow): RowParty | null {
  const id = row.text('account') ?? row.text('phone') ?? row.text('email');
  const service = row.text('service');
  if (id === null || (service === null && row.text('account') === null)) return null;
  return { type: 'account', value: service === null ? id : `${service.toLowerCase()}:${id}` };
}

function places(row: TableRow): RowParty[] {
  const box = row.text('box');
  const slot = row.text('slot');
  const email = row.text('email');
  return [
    ...(email === null ? [] : [{ type: 'email', value: email }]),
    ...ips(row),
    ...(box === null ? [] : [{ type: 'sim-box', value: box }]),
    ...(box === null || slot === null ? [] : [{ type: 'sim-slot', value: `${box}/${slot}` }]),
  ];
}

function ips(row: TableRow): RowParty[] {
  return row.texts('ip').map((value) => ({ type: 'ip', value }));
}
