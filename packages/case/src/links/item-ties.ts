import type { Item, Party } from '@custody/evidence';

/** Names of fields that hold an identifier of the record's own subject, with the type they hold. */
const IDENTIFIER_FIELDS: ReadonlyMap<string, string> = new Map([
  ['imei', 'imei'],
  ['imeisv', 'imeisv'],
  ['imsi', 'imsi'],
  ['iccid', 'iccid'],
  ['phone', 'phone'],
  ['msisdn', 'phone'],
  ['mac', 'mac'],
  ['ip', 'ip'],
  ['email', 'email'],
]);

/**
 * The identifiers that the metadata of an item gives to one subject. Rows of devices and accounts tie everything they
 * name. A message or call ties its sender to the device and card it was sent with, never to whom it went. The owner of
 * a capture is a subject of its own: it is tied to a sender only where a table says that the device is the sender's.
 */
export function tiesOf(item: Item): readonly Party[] {
  const { sender, recipients, owner } = item;
  const isTable = item.platform === 'telecom';
  const named = fieldIdentifiers(item);
  if (isTable && (item.kind === 'device' || item.kind === 'account')) {
    return [...(owner === null ? [] : [owner]), ...(recipients ?? []), ...named];
  }
  if (isTable) return [sender, owner].filter((party) => party !== null).concat(named);
  const subject = sender ?? owner;
  return subject === null || named.length === 0 ? [] : [subject, ...named];
}

/** Whose words a text is: mentions in it are tied to this party. */
export function speakerOf(item: Item): Party | null {
  return item.sender ?? null;
}

function fieldIdentifiers({ fields }: Item): Party[] {
  const out: Party[] = [];
  if (fields === null) return out;
  for (const [name, value] of fields) {
    const type = IDENTIFIER_FIELDS.get(name);
    if (type === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof one === 'string' && one !== '') out.push({ type, value: one });
      else if (Number.isSafeInteger(one)) out.push({ type, value: String(one) });
    }
  }
  return out;
}
