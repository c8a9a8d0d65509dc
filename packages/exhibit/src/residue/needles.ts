import { type CborValue, decodeCbor, utf8DecodeLossy, utf8Encode } from '@custody/bytes';
import { cutBody, type DisclosedField, ITEM_LAYOUT, valueOfField } from '@custody/chain';
import { type ItemSlotName, itemSlot } from '@custody/evidence';
import { foldLetters } from './fold-letters.ts';

/** A text that must not occur anywhere in an exhibit, because the field that held it is withheld. */
export interface Needle {
  readonly text: string;
  /** What held it: a field, or `value` for one that was named by itself. */
  readonly field: ItemSlotName | 'value';
  /** LeafIndex of the item that held it; null for a value that was named by itself. */
  readonly index: number | null;
  /** The rule of the exhibit's redactions, from 0, that withholds it. */
  readonly rule: number;
}

/** Letters: shorter texts occur everywhere by chance and are not searched for; the exhibit says how many. */
const LETTERS_MIN = 4;
/** Bytes by which a text is looked up. */
const BYTES_MIN = 4;
/** A quotation need not be whole: stretches of a long body are searched for, too. */
const PIECE_MIN = 16;
const DIGITS_MIN = 7;
/** Words of the model and of the format, the same in every exhibit. */
const PLAIN: ReadonlySet<ItemSlotName> = new Set(['type', 'authentication', 'raw']);
const IDENTIFIERS: ReadonlySet<ItemSlotName> = new Set(['sender', 'recipients', 'owner', 'conversation']);
/** Of these only the named elements are content; the others are words of the model. */
const ELEMENTS: Partial<Record<ItemSlotName, readonly number[]>> = { sentAt: [1], locator: [0] };

/**
 * Whether a text is long enough to be searched for: four letters, two characters of Chinese or Korean, one emoji.
 */
export function isSearchable(text: string): boolean {
  let letters = 0;
  for (const char of text.trim()) {
    if (/\p{Extended_Pictographic}/u.test(char)) letters += 4;
    else letters += /[\p{Script=Han}\p{Script=Hangul}\p{Regional_Indicator}]/u.test(char) ? 2 : 1;
  }
  return letters >= LETTERS_MIN && utf8Encode(foldLetters(text)).length >= BYTES_MIN;
}

/** Whether a withheld text is searched for. Of what messages say, short answers are not: others give the same. */
export function isSearched({ text, field }: Needle): boolean {
  if (field === 'value' || IDENTIFIERS.has(field)) return isSearchable(text);
  return [...text].length >= LETTERS_MIN;
}

/** Texts that withholding `field` of an item withholds: what it holds, parts of a body, digits of a number. */
export function needlesOf(
  index: number,
  field: ItemSlotName,
  { disclosed, rule }: { readonly disclosed: DisclosedField; readonly rule: number },
): Needle[] {
  if (PLAIN.has(field)) return [];
  const slot = itemSlot[field];
  const value = valueOfField(disclosed, slot === ITEM_LAYOUT.mapField);
  if (value === null || value === undefined) return [];
  const texts = new Set<string>();
  for (const text of field === 'body' ? bodyTexts(value) : structuredTexts(field, value)) {
    if (text.trim() !== '') texts.add(text.trim());
    // The number inside an address such as 15550100001@s.example.
    if (IDENTIFIERS.has(field)) for (const [run] of text.matchAll(/\d{7,}/g)) texts.add(run);
    const digits = text.replace(/[^0-9]/g, '');
    if (field !== 'body' && digits.length >= DIGITS_MIN && digits.length >= text.length - 2) texts.add(digits);
  }
  return [...texts].map((text) => ({ text, field, index, rule }));
}

/** Texts that withholding a value withholds: itself, and the bare digits of a number that is written with others. */
export function needlesOfValue(value: string, rule: number): Needle[] {
  const digits = value.replace(/[^0-9]/g, '');
  const texts = new Set([value.trim(), ...(digits.length >= DIGITS_MIN ? [digits] : [])]);
  return [...texts].map((text) => ({ text, field: 'value' as const, index: null, rule }));
}

function bodyTexts(value: Uint8Array): string[] {
  const pieces: string[] = [];
  let at = 0;
  for (const end of cutBody(value)) {
    if (end - at >= PIECE_MIN) pieces.push(utf8DecodeLossy(value, at, end));
    at = end;
  }
  return [utf8DecodeLossy(value), ...pieces];
}

const TEXT_FIELDS: ReadonlySet<ItemSlotName> = new Set(['messageId', 'conversation']);

function structuredTexts(field: ItemSlotName, value: Uint8Array): string[] {
  if (TEXT_FIELDS.has(field)) return [utf8DecodeLossy(value)];
  const out: string[] = [];
  const read = decodeCbor(value);
  const wanted = ELEMENTS[field];
  if (wanted !== undefined && Array.isArray(read)) {
    for (const i of wanted) collect((read as readonly CborValue[])[i] ?? null, out);
  } else if (field === 'sender' || field === 'owner') {
    party(read, out);
  } else if (field === 'recipients' && Array.isArray(read)) {
    for (const one of read as readonly CborValue[]) party(one, out);
  } else if (field === 'times' && read instanceof Map) {
    for (const one of read.values()) if (Array.isArray(one)) collect((one as readonly CborValue[])[1] ?? null, out);
  } else if (field === 'refs' && Array.isArray(read)) {
    for (const one of read as readonly CborValue[])
      if (Array.isArray(one)) collect((one as CborValue[])[1] ?? null, out);
  } else if (field === 'attachments' && Array.isArray(read)) {
    // Name and SHA-256; type and size of a file are not its own.
    for (const one of read as readonly CborValue[])
      if (Array.isArray(one)) for (const i of [0, 3]) collect((one as CborValue[])[i] ?? null, out);
  } else {
    collect(read, out);
  }
  return out;
}

/** Value and shown name; the type of an identifier is a word of the model. */
function party(value: CborValue, out: string[]): void {
  if (Array.isArray(value)) for (const one of (value as readonly CborValue[]).slice(1)) collect(one, out);
}

function collect(value: CborValue, out: string[]): void {
  if (typeof value === 'string') out.push(value);
  else if (value instanceof Uint8Array) out.push(utf8DecodeLossy(value));
  else if (typeof value === 'number' || typeof value === 'bigint') {
    if (String(value).length >= DIGITS_MIN) out.push(String(value));
  } else if (value instanceof Map) for (const one of value.values()) collect(one, out);
  else if (Array.isArray(value)) for (const one of value as readonly CborValue[]) collect(one, out);
}
