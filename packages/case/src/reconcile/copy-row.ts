import type { Group } from './key-table.ts';
import type { Copy } from './source-pairs.ts';

export const FORM = { text: 0, call: 1, closed: 2 } as const;
/** Partners are bits of two numbers; of sources beyond, the last one is kept. */
const BITS = 48;
const NO_PARTNER = -1;

/** A copy of a message or call as it goes from one way of pairing to the next. */
export interface Row extends Copy {
  /** The key is the other way round. */
  readonly isTurned: boolean;
  readonly form: number;
  /** 48 bits of each key; 0 where there is none. */
  readonly pairKey: number;
  readonly idKey: number;
  readonly textKey: number;
  readonly isExact: boolean;
  /** 1 outgoing, 2 incoming, 0 neither. */
  readonly way: number;
  masks: [number, number];
  last: number;
}

/** Numbers of a row. */
export const WIDTH = 14;

export function numbersOf(row: Row): number[] {
  return [
    ...[row.index, row.source, row.sent, row.parties, Number(row.isTurned), row.form],
    ...[row.pairKey, row.idKey, row.textKey, Number(row.isExact), row.way, ...row.masks, row.last],
  ];
}

export function rowsOf(group: Group): Row[] {
  return group.map((numbers) => {
    const at = (i: number): number => numbers[i] as number;
    return {
      ...{ index: at(0), source: at(1), sent: at(2), parties: at(3), isTurned: at(4) === 1, form: at(5) },
      ...{ pairKey: at(6), idKey: at(7), textKey: at(8), isExact: at(9) === 1, way: at(10) },
      ...{ masks: [at(11), at(12)], last: at(13) },
    };
  });
}

export function unpaired(): Pick<Row, 'masks' | 'last'> {
  return { masks: [0, 0], last: NO_PARTNER };
}

export function isPaired({ last }: Row): boolean {
  return last !== NO_PARTNER;
}

export function hasPartner({ masks, last }: Row, source: number): boolean {
  if (source >= 2 * BITS) return last === source;
  const mask = masks[source < BITS ? 0 : 1];
  return Math.floor(mask / 2 ** (source % BITS)) % 2 === 1;
}

export function addPartner(row: Row, source: number): void {
  if (source < 2 * BITS && !hasPartner(row, source)) row.masks[source < BITS ? 0 : 1] += 2 ** (source % BITS);
  row.last = source;
}
