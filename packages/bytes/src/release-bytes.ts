/** Smaller ones are cheap to leave to the collector. */
const LEAST = 32 * 1024;

/**
 * Gives back the memory that `bytes` lie in, all of it: for buffers by the hundred that hold one chunk each. Left to
 * the collector, they make it go through the whole heap every 64 MB or so. Nobody may look at them any more; they, and
 * whatever else lies in that memory, are empty from here on. Does nothing to memory that Node or threads share.
 */
export function releaseBytes(bytes: Uint8Array): void {
  const { buffer } = bytes;
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength < LEAST) return;
  try {
    buffer.transfer(0);
  } catch {
    // The pool that Node cuts small buffers from is marked as not to be detached.
  }
}
