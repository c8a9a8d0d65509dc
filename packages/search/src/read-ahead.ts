/** What `load` gives for each, in order, with a few loads under way at a time. A failure is thrown when its turn comes. */
export async function* readAhead<A, B>(
  all: readonly A[],
  atOnce: number,
  load: (one: A) => Promise<B>,
): AsyncGenerator<readonly [A, B], void, undefined> {
  const running: Promise<B>[] = [];
  let next = 0;
  for (const one of all) {
    while (next < all.length && running.length < atOnce) {
      const begun = load(all[next++] as A);
      // The caller may have stopped listening by then.
      begun.catch(() => undefined);
      running.push(begun);
    }
    yield [one, await (running.shift() as Promise<B>)];
  }
}
