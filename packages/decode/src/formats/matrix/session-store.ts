import { compareBytes } from '@custody/bytes';
import type { ByteSource } from '../../byte-source.ts';
import type { Scratch, ScratchHandle } from '../../scratch.ts';
import { compareRecords, RECORD_LENGTH, type StoredSession, unpackSession } from './session-record.ts';

/** Stores up to this size are read into memory whole; larger ones are searched where they lie. */
const IN_MEMORY = 32 * 1024 * 1024;
const WRITTEN_AT_ONCE = 4096;
/** Supplied sessions beyond this are refused: 240 MB. */
export const MOST_SESSIONS = 1_000_000;

/** Writes records sorted, each once. They are keys: scratch seals what is written to it. */
export function storeSessions(records: readonly Uint8Array[], scratch: Scratch): ScratchHandle | null {
  if (records.length === 0) return null;
  const sorted = [...records]
    .sort(compareRecords)
    .filter((one, i, all) => i === 0 || compareBytes(all[i - 1] as Uint8Array, one) !== 0);
  const file = scratch.create();
  for (let at = 0; at < sorted.length; at += WRITTEN_AT_ONCE)
    file.append(Buffer.concat(sorted.slice(at, at + WRITTEN_AT_ONCE)));
  return file.finish();
}

/** Supplied sessions by their id. */
export class SessionStore {
  readonly #source: ByteSource;
  readonly #count: number;

  constructor(source: ByteSource | null) {
    const length = source?.length ?? 0;
    this.#count = Math.floor(length / RECORD_LENGTH);
    if (source === null || length > IN_MEMORY) this.#source = source ?? { length: 0, read: () => new Uint8Array(0) };
    else {
      const whole = new Uint8Array(source.read(0, length));
      this.#source = { length, read: (at, size) => whole.subarray(at, at + size) };
    }
  }

  get count(): number {
    return this.#count;
  }

  /** Every supplied key of the session with this public key, the one that begins earliest first. */
  find(publicKey: Uint8Array): StoredSession[] {
    let [low, high] = [0, this.#count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareBytes(this.#record(middle).subarray(0, 32), publicKey) < 0) low = middle + 1;
      else high = middle;
    }
    const found: StoredSession[] = [];
    for (let i = low; i < this.#count && found.length < 16; i++) {
      const record = this.#record(i);
      if (compareBytes(record.subarray(0, 32), publicKey) !== 0) break;
      found.push(unpackSession(new Uint8Array(record)));
    }
    return found;
  }

  #record(i: number): Uint8Array {
    return this.#source.read(i * RECORD_LENGTH, RECORD_LENGTH);
  }
}
