import { encodeVerifierKey, type VerifierKey } from '@custody/chain';
import { type SoundAnchors, soundAnchors } from './exhibit-anchors.ts';
import { type Chosen, type Surroundings, surroundingsOf } from './exhibit-context.ts';
import { ExhibitLog, logLevels } from './exhibit-entries.ts';
import type { Case } from './open-case.ts';
import { RawReader, type RawWanted } from './raw-records.ts';
import { derivationOf } from './selection.ts';

/**
 * What exhibits are made of besides their items: the log's tree, what others stated of it, surveys of derivations, and
 * originals that are prepared for decoding. Where a package is made of hundreds of exhibits, each is made once for all.
 */
export class ExhibitSources {
  readonly #case: Case;
  readonly #surveys = new Map<string, Promise<Surroundings>>();
  readonly #readers = new Map<number, RawReader>();
  readonly #levels = new Map<number, readonly Uint8Array[]>();
  readonly #anchors = new Map<string, Promise<SoundAnchors>>();

  constructor(opened: Case) {
    this.#case = opened;
  }

  /** The log at a size, with no entry shown yet. */
  log(size: number): ExhibitLog {
    const levels = this.#levels.get(size) ?? logLevels(this.#case, size);
    this.#levels.set(size, levels);
    return new ExhibitLog(this.#case, { size, levels });
  }

  /** See `soundAnchors`. */
  anchors(size: number, logKey: VerifierKey): Promise<SoundAnchors> {
    const key = `${size} ${encodeVerifierKey(logKey)}`;
    const known = this.#anchors.get(key) ?? soundAnchors(this.#case, { size, logKey });
    this.#anchors.set(key, known);
    return known;
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
