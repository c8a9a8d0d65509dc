/** An error of the stream that is being stored, as opposed to one of the store: it goes back to its owner unchanged. */
export class SourceFailure extends Error {
  readonly original: unknown;

  constructor(original: unknown) {
    super('the source stream failed');
    this.original = original;
  }
}

/** The same chunks, with the stream's own errors marked. */
export async function* markSource(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const source = chunks[Symbol.asyncIterator]();
  let done = false;
  try {
    for (;;) {
      const next = await source.next().catch((error: unknown) => {
        done = true;
        throw new SourceFailure(error);
      });
      done = next.done === true;
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    if (!done) await source.return?.();
  }
}
