import { sha256Hex, utf8Encode } from '@custody/bytes';
import type { AgeIdentity, Vault } from '@custody/vault';

/** Opened keys kept for one vault: about a kilobyte each. Opening one costs a read and two curve operations. */
const MOST_KEYS = 4096;

const caches = new WeakMap<Vault, TileKeys>();

/** Keys of tiles that were opened before, for the same identities only. */
export class TileKeys {
  readonly #kept = new Map<string, AgeIdentity>();

  static of(vault: Vault): TileKeys {
    let cache = caches.get(vault);
    if (cache === undefined) {
      cache = new TileKeys();
      caches.set(vault, cache);
    }
    return cache;
  }

  get(owner: string, label: string): AgeIdentity | undefined {
    return this.#kept.get(`${owner}\n${label}`);
  }

  keep(owner: string, label: string, identity: AgeIdentity): void {
    if (this.#kept.size >= MOST_KEYS) this.#kept.delete(this.#kept.keys().next().value as string);
    this.#kept.set(`${owner}\n${label}`, identity);
  }

  forget(owner: string, label: string): void {
    this.#kept.delete(`${owner}\n${label}`);
  }
}

/** A name for whoever holds these identities, so that nobody is served what another opened. */
export function ownerOf(identities: readonly string[]): string {
  return sha256Hex(utf8Encode(identities.join('\n')));
}
