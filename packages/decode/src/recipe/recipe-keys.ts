import { type Keyring, MOST_CANDIDATES, type SuppliedKey } from '../keyring.ts';
import { candidatesFor } from '../keys/candidates.ts';
import { keyIdOf } from '../keys/key-id.ts';

/** The keys supplied for one profile, of any length: bytes, or the UTF-8 of a passphrase. */
export class RecipeKeys {
  /** Fingerprints; a passphrase has none, since one could be guessed from it. */
  readonly ids: readonly string[];
  readonly #keyring: Keyring;
  readonly #purpose: string;
  readonly #known = new Map<string, readonly Buffer[] | 'too-many'>();

  constructor(keyring: Keyring, profile: string) {
    this.#keyring = keyring;
    this.#purpose = `profile:${profile}`;
    const ours = keyring.keys.filter((key) => key.for === this.#purpose && key.bytes !== undefined);
    this.ids = [...new Set(ours.map((key) => keyIdOf(key.bytes as Uint8Array)))];
  }

  /** Keys with the id, else those supplied without one; `id` null: all. `length` leaves out keys of another length. */
  candidates(id: string | null, length: number | null): readonly Buffer[] | 'too-many' {
    const name = `${length ?? ''}:${id === null ? '' : `=${id}`}`;
    let known = this.#known.get(name);
    if (known === undefined) {
      const fits = (key: SuppliedKey) => length === null || bytesOf(key).length === length;
      known = this.#find((key) => fits(key) && (id === null || key.id === id));
      if (known.length === 0 && id !== null) known = this.#find((key) => fits(key) && key.id === undefined);
      if (this.#known.size >= MOST_KNOWN) this.#known.clear();
      this.#known.set(name, known);
    }
    return known;
  }

  #find(fits: (key: SuppliedKey) => boolean): readonly Buffer[] | 'too-many' {
    const { keys, tooMany } = candidatesFor(this.#keyring, [this.#purpose], fits);
    return tooMany !== null && tooMany > MOST_CANDIDATES ? 'too-many' : keys.map(bytesOf);
  }
}

/** Ids whose keys are remembered; a stranger writes the ids. */
const MOST_KNOWN = 10_000;

function bytesOf(key: SuppliedKey): Buffer {
  return Buffer.from(key.bytes ?? Buffer.from(key.passphrase ?? '', 'utf8'));
}
