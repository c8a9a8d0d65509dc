import { type ByteColumn, ColumnBuilder } from '@custody/bytes';
import { type DisclosedField, ITEM_LAYOUT, valueOfField } from '@custody/chain';
import { type Finding, findingSlot, type Item, itemSlot, readFinding, readItem } from '@custody/evidence';

/** What is opened of an item, and the names of the fields that are not. */
export interface ItemView {
  readonly item: Item;
  readonly withheld: readonly string[];
}

const itemNames = namesOf(itemSlot);
const findingNames = namesOf(findingSlot);

/**
 * The item that opened fields tell; what is withheld reads as absent and is named. Null where its type or its place is
 * withheld. Throws IntegrityError LEAF_FIELD_INVALID, FormatError CBOR_INVALID.
 */
export function viewItem(fields: readonly DisclosedField[]): ItemView | null {
  const { columns, withheld } = columnsOf(fields, itemNames, ITEM_LAYOUT.mapField);
  if (withheld.includes('type') || withheld.includes('locator')) return null;
  return { item: readItem(columns, 0), withheld };
}

/** The finding that opened fields tell. */
export function viewFinding(fields: readonly DisclosedField[]): Finding {
  return readFinding(columnsOf(fields, findingNames, null).columns, 0);
}

/** Names of the fields of a leaf that are withheld in whole or in part. */
export function withheldFields(kind: 1 | 2, fields: readonly DisclosedField[]): string[] {
  return kind === 1
    ? columnsOf(fields, itemNames, ITEM_LAYOUT.mapField).withheld
    : columnsOf(fields, findingNames, null).withheld;
}

function columnsOf(
  fields: readonly DisclosedField[],
  names: readonly string[],
  mapField: number | null,
): { columns: ByteColumn[]; withheld: string[] } {
  const withheld: string[] = [];
  const columns = fields.map((field, i) => {
    const value = valueOfField(field, i + 1 === mapField);
    if (value === undefined) withheld.push(names[i] ?? `field ${i + 1}`);
    const column = new ColumnBuilder(1, 64);
    if (value === null || value === undefined) column.appendAbsent();
    else column.append(value);
    return column.view();
  });
  return { columns, withheld };
}

/** Names in order of their numbers, which begin at 1. */
function namesOf(slots: Readonly<Record<string, number>>): string[] {
  return Object.entries(slots)
    .sort((a, b) => a[1] - b[1])
    .map(([name]) => name);
}
