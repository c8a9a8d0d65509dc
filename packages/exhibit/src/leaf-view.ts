import { type ByteColumn, ColumnBuilder } from '@custody/bytes';
import { type DisclosedField, ITEM_LAYOUT, valueOfField } from '@custody/chain';
import { type Finding, findingSlot, type Item, itemSlot, readFinding, readItem } from '@custody/evidence';

/** What is withheld of a leaf, by field name. */
export interface ItemView {
  readonly item: Item;
  readonly withheld: readonly string[];
}

const itemNames = new Map<number, string>(Object.entries(itemSlot).map(([name, slot]) => [slot, name]));
const findingNames = new Map<number, string>(Object.entries(findingSlot).map(([name, slot]) => [slot, name]));

/** The item that opened fields tell; what is withheld reads as absent and is named. Throws IntegrityError LEAF_FIELD_INVALID. */
export function viewItem(fields: readonly DisclosedField[]): ItemView {
  const { columns, withheld } = columnsOf(fields, itemNames, ITEM_LAYOUT.mapField);
  return { item: readItem(columns, 0), withheld };
}

export function viewFinding(fields: readonly DisclosedField[]): Finding {
  return readFinding(columnsOf(fields, findingNames, null).columns, 0);
}

function columnsOf(
  fields: readonly DisclosedField[],
  names: ReadonlyMap<number, string>,
  mapField: number | null,
): { columns: ByteColumn[]; withheld: string[] } {
  const withheld: string[] = [];
  const columns = fields.map((field, i) => {
    const value = valueOfField(field, i + 1 === mapField);
    if (value === undefined) withheld.push(names.get(i + 1) ?? `field ${i + 1}`);
    const column = new ColumnBuilder(1, 64);
    if (value === null || value === undefined) column.appendAbsent();
    else column.append(value);
    return column.view();
  });
  return { columns, withheld };
}
