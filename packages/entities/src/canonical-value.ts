import { extractText } from './extract-text.ts';
import { withoutPlus } from './phones/phone-plan.ts';
import { classOf } from './vocabulary.ts';

/** Cue words, for types that are only believed after one. */
const CUES: Readonly<Record<string, string>> = {
  imei: 'imei ',
  imeisv: 'imei ',
  imsi: 'imsi ',
  xmpp: 'xmpp ',
  pgp: 'fingerprint ',
  threema: 'threema id ',
  wickr: 'wickr ',
  session: 'session ',
  code: 'otp ',
};

const CANONICAL_SUM = /^[A-Z]{3,5} (0|[1-9]\d*)(\.\d*[1-9])?$/;

/** A day without its year, and its time: RFC 6350 4.3.1. Nobody writes it so in a text. */
const YEARLESS = /^--(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T\d\d:\d\d[\d:.+Z-]{0,20})?$/;

/**
 * The canonical form of a value somebody typed, for looking it up: `+49 170 …`, `EUR 431,000`. Null where the text is
 * not a value of that type or the type is unknown.
 */
export function canonicalValue(type: string, value: string): string | null {
  if (classOf(type) === null) return null;
  const text = value.trim();
  return whole(type, text) ?? whole(type, `${CUES[type] ?? ''}${text}`) ?? alternative(type, text);
}

function alternative(type: string, text: string): string | null {
  if (type === 'username' && !text.startsWith('@')) return whole(type, `@${text}`);
  // Canonical already, though a text would not be believed: ALL and TRY before a number, the unspecified address.
  if ((type === 'money' && CANONICAL_SUM.test(text)) || (type === 'ip' && text === '::')) return text;
  if (type === 'datetime' && YEARLESS.test(text)) return text;
  if (type === 'xmpp' && text.includes('/')) return whole(type, `xmpp ${text.slice(0, text.indexOf('/'))}`);
  if (type === 'threema') return whole(type, `threema ${text.toUpperCase()}`);
  if (type === 'wickr' && text !== '') return text.toLowerCase();
  if (type === 'phone') return dialled(text);
  if (type === 'codeword' && text !== '') return text;
  return null;
}

/** A number without its plus: E.164 where it is a valid one, else the digits as dialled. */
function dialled(text: string): string | null {
  if (/^\+\d{9,15}$/.test(text)) return text;
  if (!/^\d[\d\s()./-]{2,24}$/.test(text)) return null;
  const digits = text.replace(/\D/g, '');
  const planned = withoutPlus(digits);
  return planned === null ? digits : `+${planned.digits}`;
}

/** The value of the mention of this type that reaches the end of the text. */
function whole(type: string, text: string): string | null {
  for (const mention of extractText(text)) {
    if (mention.end !== text.length) continue;
    if (mention.type === type) return mention.value;
    const other = mention.alternatives?.find((reading) => reading.type === type);
    if (other !== undefined) return other.value;
  }
  return null;
}
