import { createSecretKey } from 'node:crypto';
import type { Slot, Slots } from '../../profile/slots.ts';
import type { PlainGcm } from '../../recipe/plain-gcm.ts';
import type { RecipeKeys } from '../../recipe/recipe-keys.ts';
import { RecipeRunner } from '../../recipe/recipe-runner.ts';
import { BytesCache } from './bytes-cache.ts';
import { type BatchKey, batchKey } from './gcm-batch.ts';
import { NUMBER, type RecordValues, TEXT } from './record-values.ts';

/** Bytes of the fields that tell a record's key, with their kinds and lengths; longer ones are opened alone. */
const LONGEST_NAME = 256;
const MOST_KEYS = 1 << 12;
/** Keys found before it is asked whether they come again at all. */
const TRIAL = 1 << 10;

/**
 * The keys of payloads that a recipe describes and that are opened together: its steps run once for each content of the
 * fields they read. Where nearly every record has a key of its own there is nothing to open together, and it stops trying.
 */
export class RecipeBatchKeys {
  readonly #runner: RecipeRunner;
  readonly #slots: readonly Slot[];
  readonly #byFields: BytesCache<BatchKey | null>;
  readonly #byKey = new Map<string, BatchKey>();
  readonly #name: Buffer = Buffer.alloc(LONGEST_NAME);
  #record: RecordValues | null = null;
  #asked = 0;
  #found = 0;
  #worth = true;

  constructor({ key, keySlots }: PlainGcm, slots: Slots, keys: RecipeKeys) {
    this.#runner = new RecipeRunner(key, slots, keys);
    this.#slots = keySlots;
    this.#byFields = new BytesCache(() => this.#find(), MOST_KEYS);
  }

  /** The only key that the record can have; null where there are several, or none, or it is not worth finding. */
  of(values: RecordValues): BatchKey | null {
    if (!this.#worth) return null;
    const length = this.#nameOf(values);
    if (length < 0) return null;
    this.#asked++;
    this.#record = values;
    return this.#byFields.get(this.#name, 0, length);
  }

  #find(): BatchKey | null {
    if (++this.#found >= TRIAL) {
      this.#worth = this.#asked > 2 * this.#found;
      this.#asked = 0;
      this.#found = 0;
    }
    if (this.#runner.open(this.#record as RecordValues) !== 'opened') return null;
    const { bytes } = this.#runner;
    if (bytes.length !== 16 && bytes.length !== 24 && bytes.length !== 32) return null;
    const name = bytes.toString('latin1');
    let known = this.#byKey.get(name);
    if (known === undefined) {
      if (this.#byKey.size >= MOST_KEYS) this.#byKey.clear();
      known = batchKey(createSecretKey(bytes));
      this.#byKey.set(name, known);
    }
    return known;
  }

  /** Length of what is written to `#name`: kind, length and bytes of each field; -1: too long. */
  #nameOf(values: RecordValues): number {
    const name = this.#name;
    let at = 0;
    for (const slot of this.#slots) {
      const kind = values.kinds[slot] as number;
      const isBytes = kind === TEXT || kind === NUMBER;
      const bytes = isBytes ? values.bytes(slot) : name;
      const start = isBytes ? (values.starts[slot] as number) : 0;
      const length = isBytes ? (values.ends[slot] as number) - start : 0;
      if (at + 2 + length > LONGEST_NAME) return -1;
      name[at] = kind;
      name[at + 1] = length;
      at += 2;
      for (let i = 0; i < length; i++) name[at + i] = bytes[start + i] as number;
      at += length;
    }
    return at;
  }
}
