import type { SealedPart, SealedPayload } from '../profile/profile.ts';
import { isList } from './is-list.ts';
import type { BytesOf, Recipe, Step } from './recipe.ts';

const AES_256_KEY = 32;
const TAG_BYTES = 16;

type Decrypt = Extract<Step, { do: 'decrypt' }>;
type Aad = NonNullable<SealedPayload['aad']>;

/**
 * A recipe that only takes fields, looks up a key by its id and opens AES-256-GCM, as the payload that many records of are
 * opened together; null for any other. What opens so has the plaintext that the recipe gives: what does not is left to it.
 */
export function plainGcm({ steps, supported, inner }: Recipe): SealedPayload | null {
  const last = steps.at(-1);
  const [key, ...more] = steps.filter((step) => step.do === 'key');
  if (last?.do !== 'decrypt' || last.cipher !== 'aes-gcm' || key === undefined || more.length > 0) return null;
  if (inner.kind === 'hex' || last.key !== key.as || key.length !== AES_256_KEY || last.tag === undefined) return null;
  const id = key.id;
  if (id === undefined || !isPlainField(id)) return null;
  const taken = takenFields(steps.slice(0, -1));
  const parts = taken === null ? null : partsOf(last, taken);
  const aad = last.aad === undefined ? [] : aadOf(last.aad);
  if (parts === null || aad === null) return null;
  const rest = {
    encoding: 'base64',
    cipher: 'aes-256-gcm',
    key: { field: id.field },
    inner: { kind: 'text' },
  } as const;
  return { ...rest, ...parts, aad, ...(supported !== undefined && { supported }) };
}

/** A field whose bytes are read as they stand. */
function isPlainField(bytes: BytesOf): bytes is Extract<BytesOf, { field: unknown }> {
  if (typeof bytes !== 'object' || isList(bytes) || !('field' in bytes)) return false;
  return (bytes.encoding ?? 'utf8') === 'utf8' && bytes.from === undefined && bytes.to === undefined;
}

/** Names of whole fields in base64; null where a step is anything but such a take, or the key. */
function takenFields(steps: readonly Step[]): ReadonlyMap<string, SealedPart['field']> | null {
  const out = new Map<string, SealedPart['field']>();
  for (const step of steps) {
    if (step.do === 'key') continue;
    if (step.do !== 'take') return null;
    const part = partOf(step.from, new Map());
    if (part === null || part.from !== undefined || part.to !== undefined) return null;
    out.set(step.as, part.field);
  }
  return out;
}

function partOf(bytes: BytesOf, taken: ReadonlyMap<string, SealedPart['field']>): SealedPart | null {
  if (typeof bytes === 'string') {
    const field = taken.get(bytes);
    return field === undefined ? null : { field };
  }
  if (isList(bytes)) return null;
  const range = (one: { from?: number; to?: number }) => ({
    ...(one.from !== undefined && { from: one.from }),
    ...(one.to !== undefined && { to: one.to }),
  });
  if ('field' in bytes) return bytes.encoding === 'base64' ? { field: bytes.field, ...range(bytes) } : null;
  if (!('of' in bytes)) return null;
  const field = taken.get(bytes.of);
  return field === undefined ? null : { field, ...range(bytes) };
}

function partsOf(
  { iv, ciphertext, tag }: Decrypt,
  taken: ReadonlyMap<string, SealedPart['field']>,
): Pick<SealedPayload, 'iv' | 'ciphertext' | 'tag'> | null {
  const [a, b, c] = [iv, ciphertext, tag].map((part) => (part === undefined ? null : partOf(part, taken)));
  if (a == null || b == null || c == null || c.from !== -TAG_BYTES || c.to !== undefined) return null;
  return { iv: a, ciphertext: b, tag: c };
}

function aadOf(bytes: BytesOf): Aad | null {
  const out: Aad[number][] = [];
  for (const one of isList(bytes) ? bytes : [bytes]) {
    if (typeof one === 'string' || isList(one)) return null;
    if ('text' in one) out.push({ text: one.text });
    else if (isPlainField(one)) out.push({ field: one.field });
    else return null;
  }
  return out;
}
