import type { Vault } from '@custody/vault';

/** A vault that notes what is read from it. */
export function countingVault(inner: Vault): {
  readonly vault: Vault;
  readonly reads: string[];
  bytes: () => number;
  reset: () => void;
} {
  const reads: string[] = [];
  let bytes = 0;
  const vault: Vault = {
    location: inner.location,
    create: (name, data, options) => inner.create(name, data, options),
    createFromStream: (name, chunks) => inner.createFromStream(name, chunks),
    async read(name, range) {
      const data = await inner.read(name, range);
      reads.push(name);
      bytes += data.length;
      return data;
    },
    readStream: (name, range) => inner.readStream(name, range),
    info: (name) => inner.info(name),
    list: (prefix) => inner.list(prefix),
    destroy: (name) => inner.destroy(name),
    replace: (name, data) => inner.replace(name, data),
    remove: (name) => inner.remove(name),
  };
  return {
    vault,
    reads,
    bytes: () => bytes,
    reset: () => {
      reads.length = 0;
      bytes = 0;
    },
  };
}
