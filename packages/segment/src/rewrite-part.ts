import { type ByteColumn, ColumnBuilder, rowBytes } from '@custody/bytes';
import {
  type DisclosedField,
  FINDING_KIND,
  FINDING_LAYOUT,
  ITEM_KIND,
  ITEM_LAYOUT,
  ITEM_RAW_FIELD,
  type PartOpener,
  SALT_LENGTH,
} from '@custody/chain';
import type { PartContent } from './part-codec.ts';
import type { OpenedPart } from './read-segment.ts';

/** A leaf of an opened part that goes into a part written anew. */
export interface KeptRow {
  readonly part: OpenedPart;
  readonly opener: PartOpener;
  readonly row: number;
  readonly position: number;
  /** Disposition code and rule that the item has from now on; without, as it was. */
  readonly decided?: { readonly code: number; readonly rule: string };
  /** Source records that take the place of the original. */
  readonly raw?: Uint8Array;
}

/** Rules are kept in one byte each. */
const MOST_RULES = 256;

/**
 * A part of these leaves only, with their salts one by one: nothing of it leads to a leaf that is not in it. `items` and
 * `findings` in order of position.
 */
export function rewritePart(
  items: readonly KeptRow[],
  findings: readonly KeptRow[],
): { readonly content: PartContent; readonly salts: Uint8Array } {
  const rules = new RuleNames();
  const rawDigests = new Uint8Array(items.length * 32);
  for (const [i, { part, row }] of items.entries()) {
    rawDigests.set(part.content.rawDigests.subarray(row * 32, row * 32 + 32), i * 32);
  }
  const raw = rawColumn(items);
  const content = {
    itemPositions: Uint16Array.from(items, ({ position }) => position),
    findingPositions: Uint16Array.from(findings, ({ position }) => position),
    codes: Uint8Array.from(items, (one) => one.decided?.code ?? (one.part.content.codes[one.row] as number)),
    rules: Uint8Array.from(items, (one) => rules.number(one.decided?.rule ?? ruleOf(one))),
    ruleNames: rules.names,
    items: columnsOf(items, ITEM_LAYOUT.fields - 1, (content) => content.items),
    rawDigests,
    ...(raw !== null && { raw }),
    findings: columnsOf(findings, FINDING_LAYOUT.fields, (content) => content.findings),
  };
  return { content, salts: listSalts(items, findings) };
}

function ruleOf({ part, row }: KeptRow): string {
  return part.content.ruleNames[part.content.rules[row] as number] ?? '';
}

class RuleNames {
  readonly names: string[] = [];

  number(name: string): number {
    const known = this.names.indexOf(name);
    if (known >= 0) return known;
    if (this.names.length < MOST_RULES) this.names.push(name);
    return this.names.length - 1;
  }
}

function columnsOf(
  rows: readonly KeptRow[],
  count: number,
  of: (content: PartContent) => readonly ByteColumn[],
): ByteColumn[] {
  return Array.from({ length: count }, (_, field) => {
    const builder = new ColumnBuilder();
    for (const { part, row } of rows) append(builder, rowBytes(of(part.content)[field] as ByteColumn, row));
    return builder.view();
  });
}

/** Null where no source records are kept, neither new ones nor those of an earlier rewrite. */
function rawColumn(rows: readonly KeptRow[]): ByteColumn | null {
  if (rows.every(({ raw, part }) => raw === undefined && part.content.raw === undefined)) return null;
  const builder = new ColumnBuilder();
  for (const { raw, part, row } of rows) {
    append(builder, raw ?? (part.content.raw === undefined ? null : rowBytes(part.content.raw, row)));
  }
  return builder.view();
}

function append(builder: ColumnBuilder, value: Uint8Array | null): void {
  if (value === null) builder.appendAbsent();
  else builder.append(value);
}

/** In the order of packages/chain/SPEC.md section 2: (field, item), (field, finding), pieces of field 10, of field 14. */
function listSalts(items: readonly KeptRow[], findings: readonly KeptRow[]): Uint8Array {
  const ofItems = items.map(({ opener, row }) => opener.open({ kind: ITEM_KIND, row }));
  const ofFindings = findings.map(({ opener, row }) => opener.open({ kind: FINDING_KIND, row }));
  const list: Uint8Array[] = [];
  for (let field = 1; field <= ITEM_LAYOUT.fields; field++) {
    for (const [i, { opener, row }] of items.entries()) {
      if (field === ITEM_RAW_FIELD) list.push(opener.saltOf({ kind: ITEM_KIND, row }, field));
      else list.push(ownSalt(ofItems[i]?.[field - 1] as DisclosedField));
    }
  }
  for (let field = 1; field <= FINDING_LAYOUT.fields; field++) {
    for (const fields of ofFindings) list.push(ownSalt(fields[field - 1] as DisclosedField));
  }
  for (const field of [ITEM_LAYOUT.bodyField, ITEM_LAYOUT.mapField]) {
    for (const fields of ofItems) list.push(...pieceSalts(fields[field - 1] as DisclosedField));
  }
  const salts = new Uint8Array(list.length * SALT_LENGTH);
  for (const [i, salt] of list.entries()) salts.set(salt, i * SALT_LENGTH);
  return salts;
}

/** A field in pieces leaves its own place unused. */
const UNUSED = new Uint8Array(SALT_LENGTH);

function ownSalt(field: DisclosedField): Uint8Array {
  return 'salt' in field ? field.salt : UNUSED;
}

function pieceSalts(field: DisclosedField): Uint8Array[] {
  return 'pieces' in field ? field.pieces.map((piece) => ('salt' in piece ? piece.salt : UNUSED)) : [];
}
