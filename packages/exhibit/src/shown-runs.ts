import { concatBytes } from '@custody/bytes';
import { hex } from './field-json.ts';
import type { FieldJson } from './model.ts';

/** Shown bytes of a text without a gap, from `from` counted over what is shown; null: here something is withheld. */
export type ShownRun = { readonly from: number; readonly bytes: Uint8Array } | null;

/** What is shown of a text, in order: neighbouring pieces are one run. Throws EXHIBIT_MALFORMED. */
export function shownRuns(field: FieldJson | undefined): ShownRun[] {
  if (field === undefined || 'digest' in field) return field === undefined ? [] : [null];
  if ('value' in field) return field.value === null ? [] : [{ from: 0, bytes: hex(field.value) }];
  const runs: ShownRun[] = [];
  let waiting: Uint8Array[] = [];
  let at = 0;
  const close = () => {
    if (waiting.length === 0) return;
    const bytes = concatBytes(waiting);
    runs.push({ from: at, bytes });
    at += bytes.length;
    waiting = [];
  };
  for (const piece of field.pieces) {
    if ('value' in piece) {
      waiting.push(hex(piece.value));
      continue;
    }
    close();
    runs.push(null);
  }
  close();
  return runs;
}
