import { itemSlot } from '@custody/evidence';
import { mismatch } from '../errors.ts';
import type { ExhibitDocument, ExhibitItemMentions } from '../model.ts';
import { shownRuns } from '../shown-runs.ts';

/**
 * Every mention lies in what is shown of the text of an item of the exhibit. That the text says what the mention says is
 * not proven: whoever has the extractor finds them again. Throws EXHIBIT_MENTION_MISMATCH.
 */
export function verifyMentions({ mentions = [], leaves }: Pick<ExhibitDocument, 'mentions' | 'leaves'>): void {
  const texts = new Map(leaves.map((leaf) => [leaf.index, leaf.kind === 1 ? leaf.fields[itemSlot.body - 1] : null]));
  for (const one of mentions) {
    const field = texts.get(one.index);
    texts.delete(one.index);
    if (field === null || field === undefined) throw misplaced(one);
    const runs = shownRuns(field).filter((run) => run !== null);
    for (const { start, end } of one.found) {
      if (!(start < end && runs.some(({ from, bytes }) => start >= from && end <= from + bytes.length)))
        throw misplaced(one);
    }
  }
}

function misplaced({ index }: ExhibitItemMentions): Error {
  return mismatch(
    'EXHIBIT_MENTION_MISMATCH',
    `a mention in item ${index} is not in what the exhibit shows of its text`,
    {
      index,
    },
  );
}
