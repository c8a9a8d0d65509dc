import { type ByteColumn, type CborValue, decodeCbor, equalBytes, hexEncode, rowBytes } from '@custody/bytes';
import { fieldDigest, ITEM_KIND, ITEM_RAW_FIELD } from '@custody/chain';
import { type Disposition, dispositions, findingSlot, type ItemSlotName, itemSlot, LEAF_ITEM } from '@custody/evidence';
import { type OpenedSegment, openerOf, type SegmentInput } from '@custody/segment';
import type { CaseHistory } from './case-history.ts';

/** One field of a leaf as the ledger has it and as it comes out now. */
export interface FieldDifference {
  readonly field: string;
  /** Text, or the structured value; `null` where the field is absent. */
  readonly ledger: unknown;
  readonly now: unknown;
}

/** What became of one leaf: equal, expunged, or different in these fields. */
export type LeafComparison = 'equal' | 'expunged' | readonly FieldDifference[];

/** Holds a decoded stretch against an opened segment, leaf by leaf, whatever generation its parts are of. */
export class LeafComparer {
  readonly #input: SegmentInput;
  readonly #stored: OpenedSegment;
  readonly #history: CaseHistory;
  readonly #openers = new Map<object, ReturnType<typeof openerOf>>();

  constructor(input: SegmentInput, stored: OpenedSegment, history: CaseHistory) {
    this.#input = input;
    this.#stored = stored;
    this.#history = history;
  }

  compare(position: number): LeafComparison {
    const { batch, from } = this.#input;
    const { segment, leaves } = this.#stored;
    const found = this.#stored.find(position);
    if (found === null) return 'expunged';
    const row = batch.rows[from + position] as number;
    const isItem = batch.kinds[from + position] === LEAF_ITEM;
    if (isItem !== (leaves.kinds[position] === ITEM_KIND)) {
      return [{ field: 'kind', ledger: isItem ? 'finding' : 'item', now: isItem ? 'item' : 'finding' }];
    }
    const { content } = found.part;
    const names = isItem ? itemNames : findingNames;
    const [before, now] = isItem ? [content.items, batch.items] : [content.findings, batch.findings];
    const out: FieldDifference[] = [];
    for (const [name, slot] of names) {
      const [x, y] = [bytesOf(before[slot - 1], found.row), bytesOf(now[slot - 1], row)];
      if (!same(x, y)) out.push({ field: name, ledger: readable(name, x), now: readable(name, y) });
    }
    if (isItem) {
      out.push(...this.#raw(found, row));
      const stored = dispositions[content.codes[found.row] as number] as Disposition;
      const then = this.#history.dispositionOf(segment.first + position, stored, segment.entry + 1);
      const decided = dispositions[this.#input.decisions.codes[row] as number] as Disposition;
      if (then !== decided) out.push({ field: 'disposition', ledger: then, now: decided });
    }
    return out.length === 0 ? 'equal' : out;
  }

  /** Source records are compared by their commitment: the ledger has no more of them. */
  #raw(found: NonNullable<ReturnType<OpenedSegment['find']>>, row: number): FieldDifference[] {
    const { part } = found;
    let opener = this.#openers.get(part);
    if (opener === undefined) {
      opener = openerOf(part);
      this.#openers.set(part, opener);
    }
    const value = bytesOf(this.#input.batch.items[itemSlot.raw - 1], row);
    const salt = opener.saltOf({ kind: ITEM_KIND, row: found.row }, ITEM_RAW_FIELD);
    const digest = fieldDigest({ number: ITEM_RAW_FIELD, salt, value });
    const stated = part.content.rawDigests.subarray(found.row * 32, found.row * 32 + 32);
    if (equalBytes(digest, stated)) return [];
    return [{ field: 'raw', ledger: hexEncode(stated), now: hexEncode(digest) }];
  }
}

const itemNames = (Object.entries(itemSlot) as [ItemSlotName, number][]).filter(([name]) => name !== 'raw');
const findingNames = Object.entries(findingSlot);
/** Slots whose bytes are text as found; the others are deterministic CBOR. */
const TEXTS: ReadonlySet<string> = new Set(['messageId', 'conversation', 'body', 'code', 'class', 'detail']);
const lossy = new TextDecoder();

function bytesOf(column: ByteColumn | undefined, row: number): Uint8Array | null {
  return column === undefined ? null : rowBytes(column, row);
}

function same(x: Uint8Array | null, y: Uint8Array | null): boolean {
  return x === null || y === null ? x === y : equalBytes(x, y);
}

function readable(name: string, bytes: Uint8Array | null): unknown {
  if (bytes === null) return null;
  if (TEXTS.has(name)) return lossy.decode(bytes);
  try {
    return plain(decodeCbor(bytes));
  } catch {
    return hexEncode(bytes);
  }
}

function plain(value: CborValue): unknown {
  if (value instanceof Uint8Array) return hexEncode(value);
  if (Array.isArray(value)) return (value as readonly CborValue[]).map(plain);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, inner]) => [String(key), plain(inner)]));
  return typeof value === 'bigint' ? value.toString() : value;
}
