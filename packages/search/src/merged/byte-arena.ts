import { grown } from '../byte-table.ts';

/** Values end to end; value `i` is `bytes[spans[i]..spans[i + 1])`. */
export class ByteArena {
  bytes: Uint8Array = new Uint8Array(1 << 16);
  spans: Uint32Array = new Uint32Array(1 << 10);
  count = 0;

  clear(): void {
    this.count = 0;
  }

  /** Bytes of all values so far. */
  get length(): number {
    return this.spans[this.count] as number;
  }

  /** Returns the number of the value added. */
  add(source: Uint8Array, start: number, end: number): number {
    const from = this.length;
    const to = from + end - start;
    if (to > this.bytes.length) {
      const bigger = new Uint8Array(Math.max(to, this.bytes.length * 2));
      bigger.set(this.bytes.subarray(0, from));
      this.bytes = bigger;
    }
    if (this.count + 2 > this.spans.length) this.spans = grown(this.spans, this.spans.length * 2);
    const { bytes } = this;
    if (end - start > 32) bytes.set(source.subarray(start, end), from);
    else for (let i = start, at = from; i < end; i++, at++) bytes[at] = source[i] as number;
    this.spans[++this.count] = to;
    return this.count - 1;
  }
}
