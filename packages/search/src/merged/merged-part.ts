import { equalBytes } from '@custody/bytes';
import { type AgeIdentity, openSealedRange, type SealedRangeReader, type Vault } from '@custody/vault';
import { partMalformed } from '../errors.ts';
import { openFrame } from '../frame.ts';
import { LINE_LENGTH } from '../index-object.ts';
import { PartReader } from '../part-reader.ts';
import { type MergedTile, mergedPartName, type TilePart } from '../tile-names.ts';
import type { PartBlocks } from '../whole-part.ts';
import { PartIndex } from './part-index.ts';
import { TRAILER_LENGTH, TRAILER_MAGIC } from './write-part.ts';

/** Sealed chunks of 64 KiB that an open part keeps: the last one asked for and the one before. */
const CHUNKS_KEPT = 2;
/** An index of some 20 million messages is a tenth of this. */
const MOST_TAIL_BYTES = 64 * 1024 * 1024;

/** A part of a merged tile, read by ranges: its index and filter are opened with it, its blocks when they are asked for. */
export class MergedPart implements PartBlocks {
  readonly name: string;
  readonly index: PartIndex;
  readonly filter: Uint8Array;
  /** Bytes that it takes in memory, about. */
  readonly bytes: number;
  readonly #sealed: SealedRangeReader;

  private constructor(
    name: string,
    sealed: SealedRangeReader,
    tail: { index: PartIndex; filter: Uint8Array; bytes: number },
  ) {
    this.name = name;
    this.index = tail.index;
    this.filter = tail.filter;
    this.bytes = tail.bytes;
    this.#sealed = sealed;
  }

  /** Throws IntegrityError OBJECT_MISSING, SEAL_BROKEN, INDEX_PART_MALFORMED; UsageError SEALED_TO_OTHERS. */
  static async open(
    vault: Vault,
    place: { tile: MergedTile; part: TilePart },
    identity: AgeIdentity,
  ): Promise<MergedPart> {
    const name = mergedPartName(place.tile, place.part);
    const sealed = await openSealedRange(withoutSum(vault), name, [identity], { kept: CHUNKS_KEPT });
    const { offset, length, filter } = await readTail(sealed, name);
    const plain = openFrame(await sealed.read(offset, length), name);
    const index = new PartIndex(place.part, plain, offset);
    return new MergedPart(name, sealed, { index, filter, bytes: plain.length * 2 + filter.length + 3 * 65536 });
  }

  get blocks(): number {
    return this.index.blocks;
  }

  get types(): readonly string[] {
    return this.index.types;
  }

  /** Number of a block's first row in the part. */
  firstRow(block: number): number {
    return this.index.firstRows[block] as number;
  }

  async block(block: number): Promise<PartReader> {
    return new PartReader(await this.plain(block));
  }

  /** The Parquet file of a block. */
  async plain(block: number): Promise<Uint8Array> {
    const offset = this.index.offsets[block] as number;
    return openFrame(await this.#sealed.read(offset, this.index.lengths[block] as number), this.name);
  }
}

/** The object without the line that it ends with. */
function withoutSum(vault: Vault): Pick<Vault, 'info' | 'read' | 'location'> {
  return {
    location: vault.location,
    info: async (name) => {
      const info = await vault.info(name);
      return info === null ? null : { name, length: Math.max(0, info.length - LINE_LENGTH) };
    },
    read: (name, range) => vault.read(name, range),
  };
}

async function readTail(
  sealed: SealedRangeReader,
  name: string,
): Promise<{ offset: number; length: number; filter: Uint8Array }> {
  const end = sealed.length - TRAILER_LENGTH;
  if (end < 0) throw partMalformed(`(${name}) is too short`);
  const trailer = await sealed.read(end, TRAILER_LENGTH);
  const view = new DataView(trailer.buffer, trailer.byteOffset, trailer.length);
  const offset = Number(view.getBigUint64(0, true));
  const length = view.getUint32(8, true);
  const filterLength = view.getUint32(12, true);
  const known = equalBytes(trailer.subarray(16), TRAILER_MAGIC);
  if (!known || offset + length + 8 + filterLength !== end || length + filterLength > MOST_TAIL_BYTES) {
    throw partMalformed(`(${name}) does not end as merged parts do`);
  }
  // A filter is a power of two: else a place in it could not be told by a mask.
  if ((filterLength & (filterLength - 1)) !== 0) throw partMalformed(`(${name}) has a filter of no proper length`);
  return { offset, length, filter: (await sealed.read(end - filterLength, filterLength)).slice() };
}
