import { FormatError } from '@custody/bytes';
import { fieldsOf, integer, textOf } from './frame.ts';

/** A reaction as it stood in the row of its message until 2021. */
export interface OldReaction {
  readonly emoji: string;
  /** Row id of the recipient. */
  readonly author: number;
  readonly sent: number;
  readonly received: number;
}

/** Reads the column `reactions` (ReactionList of Signal's Database.proto); what is none gives null. */
export function readOldReactions(list: Uint8Array): OldReaction[] | null {
  try {
    return fieldsOf(list).map(({ number, value }) => {
      if (number !== 1 || !(value instanceof Uint8Array)) throw new FormatError('PROTOBUF_INVALID', 'no reaction');
      const fields = fieldsOf(value);
      const numberOf = (field: number) => Number(BigInt.asIntN(64, integer(fields, field)));
      return { emoji: textOf(fields, 1), author: numberOf(2), sent: numberOf(3), received: numberOf(4) };
    });
  } catch (error) {
    if (error instanceof FormatError) return null;
    throw error;
  }
}
