import { type ByteColumn, rowBytes } from '@custody/bytes';
import { decodeInstant, decodeParties, decodeParty, decodeType } from './decode-fields.ts';
import type { Party } from './item.ts';
import type { ItemKind } from './item-kinds.ts';
import type { BatchFacts } from './leaf-batch.ts';
import { itemSlot } from './slots.ts';

/** The facts of stored item columns: the same that the batch had when a decoder wrote it. */
export function factsOf(items: readonly ByteColumn[]): BatchFacts {
  const column = (slot: number) => items[slot - 1] as ByteColumn;
  const count = column(itemSlot.type).ends.length;
  const kinds: ItemKind[] = [];
  const platforms: string[] = [];
  const sentMs = new Float64Array(count);
  const sentWithin = new Map<number, readonly [number, number]>();
  const table = new Table();
  const partyIds: number[] = [];
  const partyEnds = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const type = decodeType(rowBytes(column(itemSlot.type), i) as Uint8Array);
    kinds.push(type.kind);
    platforms.push(type.platform);
    const bytes = rowBytes(column(itemSlot.sentAt), i);
    const sent = bytes === null ? null : decodeInstant(bytes);
    sentMs[i] = sent?.utc ?? Number.NaN;
    if (sent?.within !== undefined) sentWithin.set(i, sent.within);
    const from = partyIds.length;
    for (const party of partiesOf(column, i)) {
      const id = table.id(party);
      if (partyIds.indexOf(id, from) < 0) partyIds.push(id);
    }
    partyEnds[i] = partyIds.length;
  }
  const { parties } = table;
  return { kinds, platforms, sentMs, sentWithin, parties, partyIds: Uint32Array.from(partyIds), partyEnds };
}

function* partiesOf(column: (slot: number) => ByteColumn, i: number): Generator<Party> {
  const sender = rowBytes(column(itemSlot.sender), i);
  if (sender !== null) yield decodeParty(sender);
  const recipients = rowBytes(column(itemSlot.recipients), i);
  if (recipients !== null) yield* decodeParties(recipients);
  const owner = rowBytes(column(itemSlot.owner), i);
  if (owner !== null) yield decodeParty(owner);
}

class Table {
  readonly parties: Party[] = [];
  readonly #ids = new Map<string, number>();

  id(party: Party): number {
    const key = `${party.type}\n${party.value}\n${party.display ?? '\n'}`;
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.parties.push(party) - 1;
      this.#ids.set(key, id);
    }
    return id;
  }
}
