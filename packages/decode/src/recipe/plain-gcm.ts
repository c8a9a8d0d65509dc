import { utf8Encode } from '@custody/bytes';
import {
  type AadLayout,
  type BatchLayout,
  constantAad,
  EncodedFields,
  type PartLayout,
  supportedLayout,
  wholeField,
} from '../profile/sealed-layout.ts';
import type { Slot, Slots } from '../profile/slots.ts';
import { isList } from './is-list.ts';
import type { BytesOf, Recipe, Step } from './recipe.ts';
import { bytesIn, namesIn, recipeFields } from './recipe-fields.ts';

/** A recipe whose payloads can be opened many at a time. */
export interface PlainGcm {
  readonly layout: BatchLayout;
  /** The steps that give the key, which is their last value. They fail where more than one key would have to be tried. */
  readonly key: Recipe;
  /** The fields that they read: the same values, the same key. */
  readonly keySlots: readonly Slot[];
}

type Take = Extract<Step, { do: 'take' }>;
type FieldBytes = Extract<BytesOf, { field: unknown }>;
type Range = Readonly<Pick<FieldBytes, 'from' | 'to'>>;

/** What a key may be made by. MACs and ciphers before the last step authenticate or refuse: they are the recipe's own. */
const MAKES_KEYS: ReadonlySet<Step['do']> = new Set([
  ...(['take', 'key', 'hash', 'hmac', 'hkdf', 'pbkdf2', 'scrypt', 'argon2id'] as const),
  ...(['concat-kdf', 'x963-kdf', 'agree', 'unwrap'] as const),
]);

/**
 * A recipe that makes a key, takes stretches of fields and opens AES-GCM with a tag, in the form in which many records
 * are opened together; null for any other. What opens so has the plaintext that the recipe gives: what does not, by a
 * tag that does not fit or by parts of other lengths than 12 and 16 bytes, is left to the recipe.
 */
export function plainGcm({ steps, supported, inner }: Recipe, slots: Slots): PlainGcm | null {
  const last = steps.at(-1);
  if (last?.do !== 'decrypt' || last.cipher !== 'aes-gcm' || last.tag === undefined || inner.kind === 'hex')
    return null;
  const before = steps.slice(0, -1);
  const ofKey = stepsFor(last.key, before);
  if (!ofKey.every((step) => MAKES_KEYS.has(step.do))) return null;
  const takes = before.filter((step) => step.do === 'take');
  if (before.some((step) => step.do !== 'take' && !ofKey.includes(step))) return null;
  const parts = new Parts(takes, slots);
  const { iv, ciphertext, tag } = last;
  const [a, b, c] = [iv, ciphertext, tag].map((bytes) => (bytes === undefined ? null : parts.part(bytes)));
  const aad = last.aad === undefined ? [] : parts.aad(last.aad);
  if (a == null || b == null || c == null || aad === null) return null;
  // A value that nobody uses may yet be missing, and then the recipe refuses the record.
  if (!takes.every((take) => ofKey.includes(take) || parts.used.has(take))) return null;
  const key: Recipe = { steps: [...ofKey, { do: 'take', as: last.as, from: last.key }], inner: { kind: 'text' } };
  const keySlots = [...new Set(recipeFields(key).map(({ field }) => slots.of(field)))];
  const { slots: encoded, hex } = parts.fields;
  const layout = { encoded, hex, iv: a, ciphertext: b, tag: c, aad, supported: supportedLayout(supported, slots) };
  return { layout, key, keySlots };
}

/** Those of `steps` that `bytes` are made by, in their order. */
function stepsFor(bytes: BytesOf, steps: readonly Step[]): Step[] {
  const needed = new Set(namesIn(bytes, '').map(({ name }) => name));
  const out: Step[] = [];
  for (const step of [...steps].reverse()) {
    if (!('as' in step) || !needed.has(step.as)) continue;
    out.unshift(step);
    for (const part of bytesIn(step)) for (const { name } of namesIn(part.bytes, '')) needed.add(name);
  }
  return out;
}

/** Finds the fields behind what a cipher is given. */
class Parts {
  readonly fields: EncodedFields;
  /** Takes that were come across. */
  readonly used = new Set<Take>();
  readonly #slots: Slots;
  readonly #takes: ReadonlyMap<string, Take>;

  constructor(takes: readonly Take[], slots: Slots) {
    this.fields = new EncodedFields(slots);
    this.#slots = slots;
    this.#takes = new Map(takes.map((take) => [take.as, take]));
  }

  /** A stretch of one encoded field. */
  part(bytes: BytesOf): PartLayout | null {
    const field = this.#field(bytes);
    if (field === null || (field.encoding ?? 'utf8') === 'utf8') return null;
    return this.fields.part(field, field.encoding === 'hex');
  }

  aad(bytes: BytesOf): AadLayout[] | null {
    if (isList(bytes)) {
      const pieces = bytes.map((one) => this.aad(one));
      return pieces.includes(null) ? null : pieces.flatMap((piece) => piece ?? []);
    }
    if (typeof bytes === 'object' && 'text' in bytes) return [constantAad(utf8Encode(bytes.text))];
    if (typeof bytes === 'object' && 'hex' in bytes) return [constantAad(Buffer.from(bytes.hex, 'hex'))];
    const field = this.#field(bytes);
    if (field === null) return null;
    if ((field.encoding ?? 'utf8') === 'utf8') return isWhole(field) ? [wholeField(this.#slots.of(field.field))] : null;
    return [{ ...constantAad(new Uint8Array(0)), part: this.fields.part(field, field.encoding === 'hex') }];
  }

  /** The field that the bytes are a stretch of, itself or by a name. */
  #field(bytes: BytesOf): FieldBytes | null {
    if (typeof bytes === 'string') return this.#taken(bytes, {});
    if (isList(bytes)) return null;
    if ('field' in bytes) return bytes;
    return 'of' in bytes ? this.#taken(bytes.of, bytes) : null;
  }

  #taken(name: string, range: Range): FieldBytes | null {
    const take = this.#takes.get(name);
    const field = take === undefined ? null : this.#field(take.from);
    if (take === undefined || field === null) return null;
    this.used.add(take);
    if (isWhole(range)) return field;
    if (!isWhole(field)) return null;
    const { from, to } = range;
    return { ...field, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  }
}

function isWhole({ from, to }: Range): boolean {
  return from === undefined && to === undefined;
}
