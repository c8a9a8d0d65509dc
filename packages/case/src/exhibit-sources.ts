import { type Chosen, type Surroundings, surroundingsOf } from './exhibit-context.ts';
import type { Case } from './open-case.ts';
import { RawReader, type RawWanted } from './raw-records.ts';
import { derivationOf } from './selection.ts';

/**
 * What exhibits are made of besides their items: surveys of derivations, and originals that are prepared for decoding.
 * Where a package is made of hundreds of exhibits, each derivation is surveyed and each original prepared once for all.
 */
export class ExhibitSources {
  readonly #case: Case;
  readonly #surveys = new Map<string, Promise<Surroundings>>();
  readonly #readers = new Map<number, RawReader>();

  constructor(opened: Case) {
    this.#case = opened;
  }

  /** As `surroundingsOf`. Without context, conversations of items that were not chosen may be counted, too. */
  async surroundings(
    chosen: readonly Chosen[],
    terms: { readonly size: number; readonly context: number },
  ): Promise<Surroundings> {
    if (terms.context > 0) return surroundingsOf(this.#case, chosen, terms);
    const derivations = [...new Set(chosen.map((one) => one.segment.derive))].sort((a, b) => a - b);
    const key = [terms.size, ...derivations].join(' ');
    const known = this.#surveys.get(key) ?? surroundingsOf(this.#case, { derivations }, terms);
    this.#surveys.set(key, known);
    return known;
  }

  /** Source records of items, by LeafIndex: see `RawReader.read`. */
  async records(wanted: readonly RawWanted[]): Promise<ReadonlyMap<number, readonly Uint8Array[]>> {
    const out = new Map<number, readonly Uint8Array[]>();
    for (const [derivation, own] of Map.groupBy(wanted, (one) => derivationOf(this.#case, one.segment))) {
      const reader = this.#readers.get(derivation.entry) ?? new RawReader(this.#case, derivation);
      this.#readers.set(derivation.entry, reader);
      for (const [index, records] of await reader.read(own)) out.set(index, records);
    }
    return out;
  }

  async close(): Promise<void> {
    for (const reader of this.#readers.values()) await reader.close();
    this.#readers.clear();
  }
}
