import type { Party } from '@custody/evidence';
import { displayOf, partyOfAddress } from './people.ts';
import type { Row } from './tables.ts';

/** Columns that named somebody by address before the table of recipients came in 2019. */
const COLUMNS = ['address', 'recipient_ids'] as const;

/** Numbers below zero for the addresses of a database that has no table of recipients. */
export class Addresses {
  readonly numbers: Map<string, number> = new Map();

  /** Numbers the addresses of a row; `people` gets whom they name, with the name that a row of preferences gives. */
  read(row: Row, people: Map<number, Party>): void {
    for (const column of COLUMNS) {
      const address = row.text(column);
      if (address === null || address === '') continue;
      const id = this.add(address, people);
      const name = row.table === 'recipient_preferences' ? displayOf(row) : null;
      if (name !== null) people.set(id, { ...partyOfAddress(address), display: name });
    }
  }

  add(address: string, people: Map<number, Party>): number {
    const known = this.numbers.get(address);
    if (known !== undefined) return known;
    const id = -1 - this.numbers.size;
    this.numbers.set(address, id);
    people.set(id, partyOfAddress(address));
    return id;
  }
}
