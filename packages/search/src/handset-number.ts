import { canonicalValue } from '@custody/entities';

const DRESS = /[\s./-]/g;

/**
 * The forms under which an identifier of a device, card or number that metadata states is found: its canonical one, and
 * for the number of a handset its IMEI with check digit too (14 digits lack it, an IMEISV has the software version in
 * its place: 3GPP TS 23.003, 6.2). Unlike in a text no check digit is asked for: the record says what it is. Empty where
 * the value cannot be one of that type.
 */
export function statedForms(type: string, value: string): readonly { readonly type: string; readonly value: string }[] {
  const digits = value.replace(DRESS, '');
  if (type === 'imei' || type === 'imeisv') return handsetForms(digits);
  if (type === 'imsi') return /^\d{14,15}$/.test(digits) ? [{ type, value: digits }] : [];
  if (type === 'iccid') {
    const card = digits.replace(/F$/i, '');
    return /^\d{18,22}$/.test(card) ? [{ type, value: card }] : [];
  }
  const canonical = canonicalValue(type, value);
  return canonical === null ? [] : [{ type, value: canonical }];
}

function handsetForms(digits: string): { type: string; value: string }[] {
  if (/^\d{15}$/.test(digits)) return [{ type: 'imei', value: digits }];
  const imei = handsetImei(digits);
  if (imei === null) return [];
  const form = { type: 'imei', value: imei };
  return digits.length === 16 ? [{ type: 'imeisv', value: digits }, form] : [form];
}

/** The IMEI, check digit included, of 14 digits without one or 16 with the software version; null for anything else. */
export function handsetImei(text: string): string | null {
  const digits = text.replace(DRESS, '');
  if (!/^\d{14}(\d\d)?$/.test(digits)) return null;
  const body = digits.slice(0, 14);
  return body + checkDigit(body);
}

/** ISO/IEC 7812-1. */
function checkDigit(body: string): string {
  let sum = 0;
  for (let i = 0; i < body.length; i++) {
    let digit = Number(body[body.length - 1 - i]);
    if (i % 2 === 0) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return String((10 - (sum % 10)) % 10);
}
