import type { RecordValues } from '../formats/envelope/record-values.ts';
import { MOST_CANDIDATES } from '../keyring.ts';
import type { Slots } from '../profile/slots.ts';
import { compileDecrypt, compileOpen, compileStep, type Decrypted } from './compile-step.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import { compileBytes, type Evaluate, type Frame, type Names } from './expression.ts';
import { checkMac, macOf } from './macs.ts';
import type { Recipe, Step } from './recipe.ts';
import type { RecipeKeys } from './recipe-keys.ts';
import { fail, type Refusal, StepFailure } from './step-failure.ts';

/** What one attempt, with one choice of keys, has come to. */
interface Attempt extends Frame {
  /** What the MACs that fitted were over. */
  readonly covered: { readonly over: Buffer; readonly coverage: Coverage }[];
  /** The last text decrypted, and whether its own tag was right. */
  last: Decrypted | null;
  /** Keys there were to choose from, over all key steps. */
  readonly choices: number;
}

type Run = (attempt: Attempt) => void;
type Compiled =
  | { readonly run: Run }
  | { readonly keys: (attempt: Attempt) => readonly Buffer[]; readonly number: number };

/** Opens payloads by a recipe: pure functions of the record and the keys. */
export class RecipeRunner {
  /** The plaintext of the last payload that opened. */
  bytes: Buffer = Buffer.alloc(0);
  /** A tag or MAC over what was decrypted was found right. */
  authenticated = false;
  /** Why, in words, where it did not open. */
  detail = '';
  /** Id of the key that was missing. */
  keyId: string | null = null;
  readonly #keys: RecipeKeys;
  readonly #steps: readonly Compiled[];
  readonly #plaintext: number;
  readonly #supported: { readonly slot: number; readonly values: readonly Buffer[] } | null;

  constructor(recipe: Recipe, slots: Slots, keys: RecipeKeys) {
    this.#keys = keys;
    const numbers = new Map<string, number>();
    const coverages = coverageOf(recipe);
    this.#steps = recipe.steps.map((step, i) => {
      const compiled = this.#compile(
        step,
        { slots, numbers },
        { number: numbers.size, coverage: coverages[i] ?? null },
      );
      if ('as' in step) numbers.set(step.as, numbers.size);
      return compiled;
    });
    this.#plaintext = numbers.size - 1;
    const { supported } = recipe;
    this.#supported =
      supported === undefined
        ? null
        : { slot: slots.of(supported.field), values: supported.values.map((value) => Buffer.from(value, 'utf8')) };
  }

  /** `opened`: see `bytes` and `authenticated`; else `detail` says why not. */
  open(record: RecordValues): 'opened' | Refusal {
    this.keyId = null;
    this.authenticated = false;
    try {
      if (this.#supported !== null && !isSupported(record, this.#supported)) {
        fail('unsupported', 'sealed in a way that the profile does not describe');
      }
      const attempt = this.#from(0, { record, made: [], covered: [], last: null, choices: 1 });
      this.bytes = attempt.made[this.#plaintext] as Buffer;
      this.authenticated = this.#isAuthenticated(attempt);
      return 'opened';
    } catch (error) {
      this.bytes = Buffer.alloc(0);
      this.detail = error instanceof StepFailure ? error.message : 'a step of the recipe cannot take these bytes';
      return error instanceof StepFailure ? error.refusal : 'malformed';
    }
  }

  /** Runs the steps from `index` on, with each candidate of a key step in turn. */
  #from(index: number, attempt: Attempt): Attempt {
    for (let i = index; i < this.#steps.length; i++) {
      const step = this.#steps[i] as Compiled;
      if ('run' in step) step.run(attempt);
      else return this.#tryKeys(i, attempt, step.keys(attempt));
    }
    // No MAC could tell the right key from the others.
    if (attempt.choices > 1 && !this.#isAuthenticated(attempt)) {
      fail('key-missing', 'several keys fit and nothing in the record would tell the right one');
    }
    return attempt;
  }

  #tryKeys(index: number, attempt: Attempt, keys: readonly Buffer[]): Attempt {
    const choices = attempt.choices * keys.length;
    if (choices > MOST_CANDIDATES) fail('key-missing', tooMany);
    const { number } = this.#steps[index] as Extract<Compiled, { number: number }>;
    let failure: unknown = null;
    for (const key of keys) {
      const next: Attempt = { ...attempt, made: [...attempt.made], covered: [...attempt.covered], choices };
      next.made[number] = key;
      try {
        return this.#from(index + 1, next);
      } catch (error) {
        if (!(error instanceof StepFailure)) throw error;
        if (failure === null || error.refusal === 'failed') failure = error;
      }
    }
    throw failure;
  }

  #compile(step: Step, names: Names, { number, coverage }: { number: number; coverage: Coverage | null }): Compiled {
    if (step.do === 'key') {
      const id = step.id === undefined ? null : compileBytes(step.id, names);
      return { keys: (attempt) => this.#candidates(id, attempt, step.length ?? null), number };
    }
    if (step.do === 'decrypt' || step.do === 'open') {
      const decrypt = step.do === 'decrypt' ? compileDecrypt(step, names) : compileOpen(step, names);
      return {
        run: (attempt) => {
          attempt.last = decrypt(attempt);
          attempt.made[number] = attempt.last.text;
        },
      };
    }
    if (step.do === 'verify-mac') {
      const [key, over, tag] = [step.key, step.over, step.tag].map((of) => compileBytes(of, names));
      return {
        run: (attempt) => {
          const covered = verify(attempt, step, [key, over, tag] as [Evaluate, Evaluate, Evaluate]);
          if (coverage !== null) attempt.covered.push({ over: covered, coverage });
        },
      };
    }
    const make = compileStep(step, names);
    return {
      run: (attempt) => {
        attempt.made[number] = make(attempt);
      },
    };
  }

  #candidates(id: Evaluate | null, attempt: Attempt, length: number | null): readonly Buffer[] {
    const name = id === null ? null : id(attempt).toString('utf8');
    const keys = this.#keys.candidates(name, length);
    if (keys === 'too-many') return fail('key-missing', tooMany);
    if (keys.length > 0) return keys;
    this.keyId = name;
    const which =
      name === null ? 'no key was supplied for the profile' : 'no key with the id that the record names was supplied';
    return fail('key-missing', which);
  }

  #isAuthenticated({ last, covered }: Attempt): boolean {
    if (last === null || last.authenticated) return last !== null;
    return covered.some(
      ({ over, coverage }) =>
        (coverage.text && over.includes(last.text)) ||
        (coverage.ciphertext &&
          over.includes(last.ciphertext) &&
          (coverage.ivIsDerived || (coverage.iv && last.iv !== null && over.includes(last.iv)))),
    );
  }
}

const tooMany = `more than ${MOST_CANDIDATES} keys would have to be tried on one record; give each its "id" in the keyring`;

function verify(
  attempt: Attempt,
  step: Extract<Step, { do: 'verify-mac' }>,
  of: [Evaluate, Evaluate, Evaluate],
): Buffer {
  const [key, over, tag] = of;
  const covered = over(attempt);
  checkMac(macOf(step.mac, key(attempt), covered), tag(attempt), step.truncate);
  return covered;
}

function isSupported(record: RecordValues, supported: { slot: number; values: readonly Buffer[] }): boolean {
  return supported.values.some((value) => record.equals(supported.slot, value));
}
