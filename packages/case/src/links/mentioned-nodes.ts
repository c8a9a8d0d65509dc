/**
 * What texts mention, by item: eight bytes a mention. Mentions come in the order of the index, items in that of the
 * log; `of` is asked with rising item numbers.
 */
export class MentionedNodes {
  #leaves = new Uint32Array(1024);
  #nodes = new Uint32Array(1024);
  #count = 0;
  #order: Uint32Array | null = null;
  #at = 0;

  add(leafIndex: number, node: number): void {
    if (this.#count === this.#leaves.length) {
      this.#leaves = doubled(this.#leaves);
      this.#nodes = doubled(this.#nodes);
    }
    this.#leaves[this.#count] = leafIndex;
    this.#nodes[this.#count++] = node;
  }

  /** Nodes that an item mentions, in the order they were added; items asked for earlier are passed. */
  of(leafIndex: number): number[] {
    const order = this.#sorted();
    const leafAt = (at: number) => this.#leaves[order[at] as number] as number;
    while (this.#at < order.length && leafAt(this.#at) < leafIndex) this.#at++;
    const out: number[] = [];
    for (; this.#at < order.length && leafAt(this.#at) === leafIndex; this.#at++) {
      out.push(this.#nodes[order[this.#at] as number] as number);
    }
    return out;
  }

  #sorted(): Uint32Array {
    if (this.#order !== null) return this.#order;
    const leaves = this.#leaves;
    this.#order = Uint32Array.from({ length: this.#count }, (_, i) => i).sort(
      (a, b) => (leaves[a] as number) - (leaves[b] as number) || a - b,
    );
    return this.#order;
  }
}

function doubled(numbers: Uint32Array): Uint32Array<ArrayBuffer> {
  const bigger = new Uint32Array(numbers.length * 2);
  bigger.set(numbers);
  return bigger;
}
