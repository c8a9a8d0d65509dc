import type { CborValue } from '@custody/bytes';
import { usage } from './errors.ts';
import type { Case } from './open-case.ts';

/** What `custody correct --json` prints. */
export interface Correction {
  /** Log entry of the correction. */
  readonly entry: number;
  /** The entry that it corrects, which stays as it is. */
  readonly of: number;
  readonly kind: string;
}

/**
 * Records that an earlier entry says something wrong, and what is right. Nothing is changed: the entry stands, the
 * correction stands after it. Throws UsageError ITEM_UNKNOWN, ARGUMENT_INVALID, NO_RIGHTS.
 */
export async function correct(
  opened: Case,
  { of, text, reason }: { readonly of: number; readonly text: string; readonly reason: string },
): Promise<Correction> {
  await opened.refresh();
  const wrong = opened.ledger.entries[of];
  if (wrong === undefined)
    throw usage('ITEM_UNKNOWN', `the log has no entry ${of}: it has ${opened.ledger.size}, numbered from 0`);
  if (text.trim() === '' || reason.trim() === '')
    throw usage('ARGUMENT_INVALID', 'a correction says what is right, and why it was wrong');
  const event = opened.draft('correct', {
    reason,
    subject: new Map<string, CborValue>([
      ['kind', wrong.kind],
      ['of', of],
    ]),
    detail: new Map<string, CborValue>([
      ['leafHash', wrong.leafHash],
      ['text', text],
    ]),
  });
  const [entry] = await opened.append([event]);
  return { entry: entry?.index ?? -1, of, kind: wrong.kind };
}
