/** Places of leaves, rising, in a flat array that grows. */
export class PositionList {
  #places = new Int32Array(64);
  #rising = true;
  length = 0;

  push(place: number): void {
    if (this.length > 0 && place <= (this.#places[this.length - 1] as number)) this.#rising = false;
    if (this.length === this.#places.length) {
      const bigger = new Int32Array(this.length * 2);
      bigger.set(this.#places);
      this.#places = bigger;
    }
    this.#places[this.length++] = place;
  }

  /** Sorted, each place once. */
  sorted(): Int32Array {
    const places = this.#places.slice(0, this.length);
    if (this.#rising) return places;
    places.sort();
    let kept = 0;
    for (let i = 0; i < places.length; i++) {
      if (i === 0 || places[i] !== places[i - 1]) places[kept++] = places[i] as number;
    }
    return places.subarray(0, kept);
  }
}

/** Places in both lists. */
export function inBoth(a: Int32Array, b: Int32Array): Int32Array {
  const both = new Int32Array(Math.min(a.length, b.length));
  let count = 0;
  for (let i = 0, k = 0; i < a.length && k < b.length; ) {
    const difference = (a[i] as number) - (b[k] as number);
    if (difference === 0) both[count++] = a[i] as number;
    if (difference <= 0) i++;
    if (difference >= 0) k++;
  }
  return both.subarray(0, count);
}

/** Whether a sorted list has a place. */
export function hasPlace(places: Int32Array, place: number): boolean {
  if (places.length === 0 || place < (places[0] as number) || place > (places.at(-1) as number)) return false;
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((places[middle] as number) < place) low = middle + 1;
    else high = middle;
  }
  return places[low] === place;
}
