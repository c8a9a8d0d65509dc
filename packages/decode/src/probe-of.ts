import type { ByteSource } from './byte-source.ts';
import type { Probe } from './format.ts';

const HEAD = 64 * 1024;
const TAIL = 4 * 1024;

/** What `detect` looks at, read from a file. */
export function probeOf(name: string, source: ByteSource, more: Pick<Probe, 'beside' | 'keyring'> = {}): Probe {
  const { length } = source;
  const from = Math.max(0, length - TAIL);
  return {
    name,
    length,
    head: source.read(0, Math.min(HEAD, length)).slice(),
    tail: source.read(from, length - from).slice(),
    ...more,
  };
}
