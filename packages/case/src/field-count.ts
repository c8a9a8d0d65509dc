import { rowBytes } from '@custody/bytes';
import { decodeNamedFields, dispositions, itemSlot } from '@custody/evidence';
import type { OpenedPart } from '@custody/segment';

const IN_SCOPE = dispositions.indexOf('in-scope');

/** Counts, by derivation, how many items in scope have each field: what was received, for an inventory. */
export class FieldCount {
  readonly byDerivation: Map<number, Map<string, number>> = new Map();

  add(derivation: number, { items, codes, itemPositions }: OpenedPart['content']): void {
    const counts = this.byDerivation.get(derivation) ?? new Map<string, number>();
    this.byDerivation.set(derivation, counts);
    for (const [name, slot] of Object.entries(itemSlot)) {
      const column = items[slot - 1];
      if (name === 'raw' || column === undefined) continue;
      for (let row = 0; row < itemPositions.length; row++) {
        if (codes[row] !== IN_SCOPE) continue;
        const bytes = rowBytes(column, row);
        if (bytes === null) continue;
        bump(counts, name);
        if (slot === itemSlot.fields) for (const key of keysOf(bytes)) bump(counts, `fields.${key}`);
      }
    }
  }
}

function bump(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function keysOf(map: Uint8Array): Iterable<string> {
  return decodeNamedFields(map).keys();
}
