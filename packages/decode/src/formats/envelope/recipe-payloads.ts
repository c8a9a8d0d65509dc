import type { Authentication } from '@custody/evidence';
import type { RecordLayout } from '../../profile/layout.ts';
import { RecipeRunner } from '../../recipe/recipe-runner.ts';
import { statementsOf } from '../../recipe/recipe-statement.ts';
import type { Refusal } from '../../recipe/step-failure.ts';
import type { Dump } from './dump.ts';
import { unsealed } from './item-writer.ts';
import type { PayloadOpener } from './payload-opener.ts';
import { RecipeBatchKeys } from './recipe-batch-keys.ts';
import type { RecordValues } from './record-values.ts';

/** A plaintext, `bytes[start..end)`, and what was shown of it. */
export interface OpenedPayload {
  bytes: Buffer;
  start: number;
  end: number;
  /** It is known to be UTF-8. */
  utf8: boolean;
  authenticated: boolean;
  authentication: Authentication;
}

/** What a recipe made of a record. Filled again for each. */
export interface RecipePayload extends OpenedPayload {
  outcome: 'opened' | Refusal;
  /** A key was tried on it and its tag or MAC decided. */
  judged: boolean;
  detail: string;
  keyId: string | null;
}

/** To be filled in before it is read. */
export function noPayload(): OpenedPayload {
  return { bytes: Buffer.alloc(0), start: 0, end: 0, utf8: false, authenticated: false, authentication: unsealed };
}

/** Opens the payloads of those types of records that have a recipe. */
export class RecipePayloads {
  readonly #runners = new Map<RecordLayout, { runner: RecipeRunner; hex: boolean } & ReturnType<typeof statementsOf>>();
  readonly #batchKeys = new Map<RecordLayout, RecipeBatchKeys>();
  readonly #payload: RecipePayload = { ...noPayload(), outcome: 'opened', judged: false, detail: '', keyId: null };

  constructor({ layout, recipeKeys }: Dump) {
    for (const record of layout.records) {
      if (record.recipe === null) continue;
      const runner = new RecipeRunner(record.recipe, layout.slots, recipeKeys);
      const hex = record.recipe.inner.kind === 'hex';
      this.#runners.set(record, { runner, hex, ...statementsOf(record.recipe) });
      const { together } = record;
      if (together !== null) this.#batchKeys.set(record, new RecipeBatchKeys(together, layout.slots, recipeKeys));
    }
  }

  /** Takes a payload into the window of those that `opener` opens together; -1 where it has to be opened alone. */
  stage(values: RecordValues, layout: RecordLayout, opener: PayloadOpener): number {
    if (layout.sealed !== null) return opener.stage(values, layout.sealed);
    const keys = this.#batchKeys.get(layout);
    if (keys === undefined || layout.together === null) return -1;
    return opener.stageWith(values, layout.together.layout, keys);
  }

  /** What items say whose tag was right. */
  verified(layout: RecordLayout): Authentication {
    return this.#runners.get(layout)?.verified ?? unsealed;
  }

  open(values: RecordValues, layout: RecordLayout): RecipePayload {
    const known = this.#runners.get(layout);
    if (known === undefined) throw new Error('a layout of another dump');
    const { runner, hex, verified, unverified } = known;
    const payload = this.#payload;
    payload.outcome = runner.open(values);
    payload.authenticated = runner.authenticated;
    payload.judged = payload.outcome === 'failed' || runner.authenticated;
    payload.bytes = hex ? Buffer.from(runner.bytes.toString('hex'), 'latin1') : runner.bytes;
    payload.end = payload.bytes.length;
    payload.utf8 = hex;
    payload.authentication = runner.authenticated ? verified : unverified;
    payload.detail = runner.detail;
    payload.keyId = runner.keyId;
    return payload;
  }
}
