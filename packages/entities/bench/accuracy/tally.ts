import { labelFault } from './label-faults.ts';
import { isUnseen } from './labelled-rows.ts';

interface Half {
  right: number;
  found: number;
  wanted: number;
  /** Labels whose span was found, and those of them whose value is right. */
  valued: number;
  valueRight: number;
  /** Of the labels that were not met, those that are wrong themselves (label-faults.ts). They count as missed. */
  faults: number;
}

/** Counts one measure over both halves of a set and keeps what went wrong. */
export class Tally {
  readonly name: string;
  readonly #halves: readonly [Half, Half] = [emptyHalf(), emptyHalf()];
  readonly misses: string[] = [];
  readonly #showUnseen: boolean;

  constructor(name: string, showUnseen: boolean) {
    this.name = name;
    this.#showUnseen = showUnseen;
  }

  /** Compares spans by their text, without case, as the sets give them. `isRight` decides about the value of a match. */
  spans<L>(
    id: string,
    labels: readonly { readonly text: string; readonly label: L }[],
    found: readonly { readonly text: string; readonly value: string }[],
    isRight: ((label: L, value: string, index: number) => boolean) | null = null,
  ): void {
    const half = this.#half(id);
    const left = found.map((one, index) => ({ ...one, index, key: spanKey(one.text) }));
    half.found += left.length;
    for (const { text, label } of labels) {
      half.wanted++;
      const at = left.findIndex((one) => one.key === spanKey(text));
      if (at < 0) {
        this.miss(id, `not found: «${text}»`);
        continue;
      }
      half.right++;
      const [one] = left.splice(at, 1) as [(typeof left)[number]];
      if (isRight === null) continue;
      half.valued++;
      if (isRight(label, one.value, one.index)) half.valueRight++;
      else this.#missValue(id, `value: «${text}» is ${JSON.stringify(label)}, read as ${one.value}`);
    }
    for (const one of left) this.miss(id, `not there: «${one.text}» = ${one.value}`);
  }

  /** One row that is right or wrong as a whole. */
  row(id: string, isRight: boolean, what: string): void {
    const half = this.#half(id);
    half.wanted++;
    half.found++;
    if (isRight) half.right++;
    else this.miss(id, what);
  }

  miss(id: string, what: string): void {
    if (this.#showUnseen || !isUnseen(id)) this.misses.push(`${what}  in «${id.slice(0, 160).replaceAll('\n', ' ')}»`);
  }

  #missValue(id: string, what: string): void {
    const fault = labelFault(id);
    if (fault !== null) this.#half(id).faults++;
    this.miss(id, fault === null ? what : `${what} [the label is at fault: ${fault}]`);
  }

  /** `0.971 / 0.968 (n 120 / 118)`: seen and unseen half. */
  line(): string {
    const [seen, unseen] = this.#halves;
    const score = (half: Half): string =>
      half.found + half.wanted === 0 ? '-' : ((2 * half.right) / (half.found + half.wanted)).toFixed(3);
    const value = (half: Half): string => (half.valued === 0 ? '-' : (half.valueRight / half.valued).toFixed(3));
    const values = seen.valued + unseen.valued > 0 ? `  value ${value(seen)} / ${value(unseen)}` : '';
    return `${this.name.padEnd(34)} ${score(seen)} / ${score(unseen)}${values}  (n ${seen.wanted} / ${unseen.wanted})`;
  }

  /** F1 or share right over both halves. */
  score(): number {
    const [seen, unseen] = this.#halves;
    return (2 * (seen.right + unseen.right)) / (seen.found + seen.wanted + unseen.found + unseen.wanted);
  }

  /** Share of the spans found whose value is right, over both halves; and the same without labels that are at fault. */
  valueShare(): { asLabelled: number; withoutFaults: number } {
    const [seen, unseen] = this.#halves;
    const valued = seen.valued + unseen.valued;
    const right = seen.valueRight + unseen.valueRight;
    return { asLabelled: right / valued, withoutFaults: right / (valued - seen.faults - unseen.faults) };
  }

  /** How many were not found right, over both halves. */
  errors(): number {
    const [seen, unseen] = this.#halves;
    return seen.wanted + unseen.wanted - seen.right - unseen.right;
  }

  #half(id: string): Half {
    return this.#halves[isUnseen(id) ? 1 : 0];
  }
}

function emptyHalf(): Half {
  return { right: 0, found: 0, wanted: 0, valued: 0, valueRight: 0, faults: 0 };
}

/** The sets give spans in lower case, full width folded. */
function spanKey(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim();
}
