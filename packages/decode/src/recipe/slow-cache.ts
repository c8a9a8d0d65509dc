import { createHash } from 'node:crypto';

const MOST_KEPT = 1024;
const caches = new WeakMap<object, SlowCache>();

/** The cache of a step: one, however many runners have the step. */
export function slowCacheOf(step: object): SlowCache {
  const cache = caches.get(step) ?? new SlowCache();
  caches.set(step, cache);
  return cache;
}

/** Results of a derivation that is slow on purpose: records of one user share password and salt. */
class SlowCache {
  readonly #known = new Map<string, Buffer>();

  get(inputs: readonly Buffer[], make: () => Buffer): Buffer {
    const hash = createHash('sha256');
    for (const input of inputs) hash.update(`${input.length}:`).update(input);
    const name = hash.digest('base64');
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (this.#known.size >= MOST_KEPT) this.#known.clear();
    const made = make();
    this.#known.set(name, made);
    return made;
  }
}
