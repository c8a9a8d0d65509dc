/** Words of a field's name that say what it holds wherever they stand in it. */
const ANYWHERE: Readonly<Record<string, string>> = {
  imei: 'imei',
  imeis: 'imei',
  imeisv: 'imeisv',
  imsi: 'imsi',
  imsis: 'imsi',
  iccid: 'iccid',
  iccids: 'iccid',
  msisdn: 'phone',
  msisdns: 'phone',
};

/** Words that say it at the end of a name only: a `phone_model` is no number. */
const LAST: Readonly<Record<string, string>> = {
  ip: 'ip',
  ips: 'ip',
  ipv4: 'ip',
  ipv6: 'ip',
  mac: 'mac',
  macs: 'mac',
  bssid: 'mac',
  email: 'email',
  emails: 'email',
  phone: 'phone',
  phones: 'phone',
  telephone: 'phone',
  e164: 'phone',
  username: 'username',
};

/** What may follow: `ip_address`, `phone number`, `IMEI 2`. */
const AFTER = new Set(['address', 'addresses', 'adresse', 'addr', 'number', 'numbers', 'no', 'nr', 'value']);

/**
 * The type of identifier that a field of this name holds, or null. Names come from formats, profiles and the tables of
 * others: words are parted at capitals, digits and signs (`deviceImei`, `caller_imei`, `IP address`, `imei2`).
 */
export function identifierTypeOf(name: string): string | null {
  if (name.length > 64) return null;
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .map((word) => (Object.hasOwn(LAST, word) ? word : word.replace(/\d+$/, '')))
    .filter((word) => word !== '');
  for (const word of words) if (Object.hasOwn(ANYWHERE, word)) return ANYWHERE[word] as string;
  while (words.length > 1 && AFTER.has(words.at(-1) as string)) words.pop();
  const last = words.at(-1) ?? '';
  return Object.hasOwn(LAST, last) ? (LAST[last] as string) : null;
}
