import type { BatchWriter } from '@custody/evidence';
import type { Unit, UnitDecoder, UnitResult } from '../../../format.ts';
import type { Scratch } from '../../../scratch.ts';
import { decodeIncrement, type IncrementSource } from './increment-store.ts';
import type { JoinedIncrement, JoinedUnit } from './joined-increment.ts';

/** Decodes the units of a whole backup and of the incremental ones behind it. */
export class IncrementsDecoder implements UnitDecoder {
  readonly #whole: UnitDecoder;
  readonly #sources: readonly IncrementSource[];

  constructor(
    whole: UnitDecoder,
    set: {
      readonly joined: readonly JoinedIncrement[];
      readonly path: string;
      readonly owner: string | null;
      readonly scratch: Scratch;
    },
  ) {
    this.#whole = whole;
    const { joined, owner, scratch } = set;
    const paths = [set.path, ...joined.map(({ path }) => path)];
    this.#sources = joined.map(({ handle, path, earlier }) => {
      return { source: scratch.open(handle), path, owner, earlier: scratch.open(earlier), paths };
    });
  }

  decode(unit: Unit, out: BatchWriter): UnitResult {
    if (Array.isArray(unit.state)) return this.#whole.decode(unit, out);
    const { joined, unit: state } = unit.state as JoinedUnit;
    return decodeIncrement(state, out, this.#sources[joined] as IncrementSource);
  }

  close(): void {
    this.#whole.close();
  }
}
