import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedFolder } from '../../../../test/shared-folder.ts';

/** A label of the Recognizers-Text sets. */
export interface RecognizersLabel {
  readonly Text: string;
  readonly Resolution?: { readonly value: string | null; readonly unit?: string; readonly isoCurrency?: string };
}

/** Rows of the sets differ from source to source; each measure reads the fields it knows. */
export interface Row {
  readonly address: string;
  readonly coin: string;
  readonly valid: boolean;
  readonly iban: string;
  readonly recognizer: string;
  readonly text: string;
  readonly expected_len: number;
  readonly expected_positions: readonly (readonly [number, number])[];
  readonly model: string;
  readonly lang: string;
  readonly input: string;
  readonly results: readonly RecognizersLabel[];
  readonly cc: string;
  readonly national: string;
  readonly region: string;
  readonly set: string;
  readonly dim: string;
  readonly value: string;
  readonly positive: boolean;
  readonly kind: string;
  readonly number: string;
  readonly result: string;
  readonly type: string;
}

/** The folder of the sets, or an error that says how to name it. */
export function labelledFolder(): string {
  const folder = sharedFolder();
  if (folder === null) throw new Error('no folder ../shared and no $CUSTODY_SHARED: the labelled sets are not here');
  return folder;
}

export function readRows(name: string): readonly Row[] {
  return readFileSync(join(labelledFolder(), 'labelled', name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
}

export function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(join(labelledFolder(), 'labelled', name), 'utf8')) as T;
}

/** Half of every set is kept unseen: misses of it are not printed, so that no rule is written for them. */
export function isUnseen(text: string): boolean {
  return ((createHash('sha256').update(text).digest()[0] as number) & 1) === 1;
}
