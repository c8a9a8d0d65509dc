import type { Cursor } from './cursor.ts';
import { compareKeys } from './sort-key.ts';

/** Open cursors with the least key on top; of several with the same key the one of the first input. */
export class CursorHeap<C extends Cursor> {
  readonly #heap: C[] = [];

  constructor(cursors: readonly C[]) {
    for (const cursor of cursors) if (cursor.open) this.#heap.push(cursor);
    for (let at = this.#heap.length >>> 1; at >= 0; at--) this.#sink(at);
  }

  get top(): C | null {
    return this.#heap[0] ?? null;
  }

  /** To be called when the top has stepped on, or is through. */
  settle(): void {
    const heap = this.#heap;
    if (heap[0]?.open === false) {
      const last = heap.pop() as C;
      if (heap.length > 0) heap[0] = last;
    }
    this.#sink(0);
  }

  #sink(from: number): void {
    const heap = this.#heap;
    const size = heap.length;
    const cursor = heap[from];
    if (cursor === undefined) return;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && before(heap[child + 1] as C, heap[child] as C)) child++;
      if (!before(heap[child] as C, cursor)) break;
      heap[at] = heap[child] as C;
      at = child;
    }
    heap[at] = cursor;
  }
}

function before(a: Cursor, b: Cursor): boolean {
  const order = compareKeys(a.key, b.key);
  return order < 0 || (order === 0 && a.base < b.base);
}
