import { canonicalValue, classOf } from '@custody/entities';
import { statedForms } from '@custody/search';

/** Types that only tables have, and what class of thing they name. */
const TABLE_CLASSES: Readonly<Record<string, string>> = {
  imeisv: 'device',
  'sim-box': 'device',
  'sim-slot': 'device',
  account: 'account',
};

/** The class of an identifier's type, for `--to`. */
export function classOfIdentifier(type: string): string {
  return TABLE_CLASSES[type] ?? classOf(type) ?? 'handle';
}

const MOST_KEPT = 65_536;
const known = new Map<string, string>();

/**
 * One spelling for one identifier, so that tables and chats meet. An IMEI of 14 digits gets its check digit and the 16
 * digits of an IMEISV become the IMEI of the same handset (3GPP TS 23.003, 6.2). What has no canonical form stays as it is.
 */
export function canonicalIdentifier(type: string, value: string): { readonly type: string; readonly value: string } {
  const text = value.trim();
  if (type === 'imei' || type === 'imeisv') return handset(type, text);
  if (type === 'imsi') return { type, value: text.replace(/[\s./-]/g, '') };
  if (type === 'iccid') return { type, value: text.replace(/[\s./-]/g, '').replace(/F$/i, '') };
  if (type === 'phone' && /^\+\d{7,15}$/.test(text)) return { type, value: text };
  if (TABLE_CLASSES[type] !== undefined) return { type, value: type === 'account' ? text.toLowerCase() : text };
  const key = `${type}\n${text}`;
  let canonical = known.get(key);
  if (canonical === undefined) {
    canonical = canonicalValue(type, text) ?? text;
    if (known.size >= MOST_KEPT) known.clear();
    known.set(key, canonical);
  }
  return { type, value: canonical };
}

/** The IMEI is the last of the forms that a handset's number is found under. */
function handset(type: string, text: string): { readonly type: string; readonly value: string } {
  return statedForms(type, text).at(-1) ?? { type, value: text.replace(/[\s./-]/g, '') };
}
