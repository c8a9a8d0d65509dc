import { createHash } from 'node:crypto';
import { IntegrityError } from '@custody/bytes';
import type { ByteRange, Vault } from '@custody/vault';

/** A vault in memory, for tests with a thousand tiles; `fork` gives another with the same objects. */
export interface MemoryVault extends Vault {
  readonly objects: Map<string, Uint8Array>;
  fork(): MemoryVault;
}

export function memoryVault(objects: Map<string, Uint8Array> = new Map()): MemoryVault {
  const held = (name: string): Uint8Array => {
    const found = objects.get(name);
    if (found === undefined) throw new IntegrityError('OBJECT_MISSING', `There is no object ${name}.`);
    return found;
  };
  return {
    location: 'memory',
    objects,
    async create(name, data) {
      if (objects.has(name)) return 'exists';
      objects.set(name, data.slice());
      return 'created';
    },
    async createFromStream(name, chunks) {
      const parts: Uint8Array[] = [];
      if (!objects.has(name)) for await (const chunk of chunks) parts.push(chunk.slice());
      const result = await this.create(name, Buffer.concat(parts));
      const stored = held(name);
      return { result, length: stored.length, sha256: createHash('sha256').update(stored).digest() };
    },
    async read(name, range?: ByteRange) {
      return range === undefined ? held(name) : held(name).subarray(range.offset, range.offset + range.length);
    },
    async *readStream(name) {
      for (let at = 0; at < held(name).length; at += 1000) yield held(name).subarray(at, at + 1000);
    },
    async info(name) {
      const found = objects.get(name);
      return found === undefined ? null : { name, length: found.length };
    },
    async *list(prefix) {
      for (const name of [...objects.keys()].sort()) {
        if (name.startsWith(prefix)) yield { name, length: held(name).length };
      }
    },
    async destroy(name) {
      objects.set(name, new Uint8Array(0));
    },
    async replace(name, data) {
      objects.set(name, data.slice());
    },
    async remove(name) {
      objects.delete(name);
    },
    fork: () => memoryVault(new Map(objects)),
  };
}
