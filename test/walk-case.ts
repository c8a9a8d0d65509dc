import { zstdDecompressSync } from 'node:zlib';
import type { Person } from '@custody/case';

import { openSealed, type Vault } from '@custody/vault';

/** Everything that the store gives to somebody with every key there is: stored bytes, and each layer below them. */
export async function everythingReadable(vault: Vault, person: Person): Promise<Map<string, Buffer[]>> {
  const objects = new Map<string, Uint8Array>();
  for await (const { name, length } of vault.list('')) if (length > 0) objects.set(name, await vault.read(name));
  const identities = new Set<string>([person.identity.secret]);
  // Keys lead to keys: round after round until no new one is found.
  for (let before = 0; before !== identities.size; ) {
    before = identities.size;
    for (const bytes of objects.values())
      for (const plain of openings(bytes, identities)) collectIdentities(plain, identities);
  }
  const out = new Map<string, Buffer[]>();
  for (const [name, bytes] of objects) {
    const layers: Buffer[] = [Buffer.from(bytes)];
    for (const plain of openings(bytes, identities)) {
      layers.push(Buffer.from(plain));
      const inflated = inflate(plain);
      if (inflated !== null) layers.push(inflated);
    }
    out.set(name, layers);
  }
  return out;
}

/** What a sealed object, wherever its age file begins, opens to with one of the identities. */
function* openings(bytes: Uint8Array, identities: ReadonlySet<string>): Generator<Uint8Array> {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf('age-encryption.org/v1');
  if (at < 0) return;
  try {
    yield openSealed(bytes.subarray(at), [...identities]);
  } catch {
    // Nobody can open it: that is what a destroyed key leaves.
  }
}

function collectIdentities(plain: Uint8Array, into: Set<string>): void {
  for (const [found] of Buffer.from(plain)
    .toString('latin1')
    .matchAll(/AGE-SECRET-KEY-1[A-Z0-9]{58}/g))
    into.add(found);
}

function inflate(plain: Uint8Array): Buffer | null {
  try {
    return zstdDecompressSync(plain);
  } catch {
    return null;
  }
}

/** Names of objects in which the bytes stand, as they are or in hex or base64. */
export function objectsWith(all: ReadonlyMap<string, readonly Buffer[]>, wanted: Uint8Array): string[] {
  const bytes = Buffer.from(wanted);
  const forms = [
    bytes,
    Buffer.from(bytes.toString('hex')),
    Buffer.from(bytes.toString('base64').replace(/.{0,2}=*$/, '')),
  ];
  return [...all]
    .filter(([, layers]) => layers.some((layer) => forms.some((form) => layer.includes(form))))
    .map(([name]) => name);
}
