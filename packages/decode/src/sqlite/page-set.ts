/** Page numbers that were met: one bit each, in blocks, so that memory follows what was visited. */
export class PageSet {
  readonly #blocks = new Map<number, Uint32Array>();
  #size = 0;

  /** False where the page was in the set already. */
  add(page: number): boolean {
    const block = this.#block(page >>> 12);
    const word = (page >>> 5) & 127;
    const bit = 1 << (page & 31);
    if ((block[word]! & bit) !== 0) return false;
    block[word] = block[word]! | bit;
    this.#size++;
    return true;
  }

  has(page: number): boolean {
    const block = this.#blocks.get(page >>> 12);
    return block !== undefined && (block[(page >>> 5) & 127]! & (1 << (page & 31))) !== 0;
  }

  get size(): number {
    return this.#size;
  }

  #block(index: number): Uint32Array {
    let block = this.#blocks.get(index);
    if (block === undefined) {
      block = new Uint32Array(128);
      this.#blocks.set(index, block);
    }
    return block;
  }
}
