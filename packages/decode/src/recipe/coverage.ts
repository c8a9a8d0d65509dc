import { isList } from './is-list.ts';
import type { BytesOf, Recipe, Step } from './recipe.ts';

/** What the recipe itself says of a MAC: whether it is over the last text decrypted, sealed or not. */
export interface Coverage {
  readonly text: boolean;
  readonly ciphertext: boolean;
  /** The IV stands under the MAC too: else the first block of CBC is anybody's. */
  readonly iv: boolean;
  /** There is no IV, or it is derived from a key, so that nobody else can choose it. */
  readonly ivIsDerived: boolean;
}

/** By step; of steps that are no MAC, null. Which bytes they are is for the runner to compare, record by record. */
export function coverageOf(recipe: Recipe): readonly (Coverage | null)[] {
  const { steps } = recipe;
  const last = steps.findLast((step) => step.do === 'decrypt');
  return steps.map((step) => {
    if (step.do !== 'verify-mac' || last?.do !== 'decrypt') return null;
    const over = originsOf(step.over, steps);
    const within = (bytes: BytesOf) => [...originsOf(bytes, steps)].every((origin) => over.has(origin));
    return {
      text: over.has(last.as),
      ciphertext: within(last.ciphertext),
      iv: last.iv !== undefined && within(last.iv),
      ivIsDerived: last.iv === undefined || originsOf(last.iv, steps).size === 0,
    };
  });
}

/** Fields of the record, and values that are made and not just taken from them. Keys and derived keys do not count. */
function originsOf(bytes: BytesOf, steps: readonly Step[], out: Set<string> = new Set()): Set<string> {
  if (typeof bytes === 'string') ofName(bytes, steps, out);
  else if (isList(bytes)) for (const part of bytes) originsOf(part, steps, out);
  else if ('field' in bytes) out.add(`field:${JSON.stringify([bytes.field].flat())}`);
  else if ('of' in bytes) ofName(bytes.of, steps, out);
  return out;
}

const DERIVING = new Set([
  'key',
  'hash',
  'hmac',
  'hkdf',
  'pbkdf2',
  'scrypt',
  'argon2id',
  'concat-kdf',
  'x963-kdf',
  'agree',
]);

function ofName(name: string, steps: readonly Step[], out: Set<string>): void {
  const at = steps.findIndex((step) => 'as' in step && step.as === name);
  const step = steps[at];
  if (step === undefined || DERIVING.has(step.do)) return;
  // Only what stood before it: a name cannot lead back to itself.
  if (step.do === 'take') originsOf(step.from, steps.slice(0, at), out);
  else out.add(name);
}
