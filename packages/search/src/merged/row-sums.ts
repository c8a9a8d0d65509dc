import { itemKinds } from '@custody/evidence';
import type { Vault } from '@custody/vault';
import { hashBytes } from '../byte-table.ts';
import { packFlags } from '../mention-flags.ts';
import { PartReader } from '../part-reader.ts';
import type { TilePlain } from '../tile-builder.ts';
import { readKeyObject } from '../tile-key.ts';
import { type MergedTile, mergedKeyName, segmentsOf, TILE_LEAVES, type TilePart, tileParts } from '../tile-names.ts';
import { type PartBlocks, wholePart } from '../whole-part.ts';
import type { MentionRow } from './mention-blocks.ts';
import { MentionCursor, type MentionSink } from './mention-cursor.ts';
import { typeTag } from './merge-parts.ts';
import { MergedPart } from './merged-part.ts';
import { WordCursor } from './word-cursor.ts';

/**
 * Sums over the rows of each segment of a tile, whatever their order: for a check that a merged tile holds just what
 * its segments give, in one pass. They find faults, not malice: what is stored is authenticated by its seal.
 */
class SegmentSums {
  readonly counts: Float64Array;
  readonly #first: Int32Array;
  readonly #second: Int32Array;

  constructor(segments: number) {
    this.counts = new Float64Array(segments);
    this.#first = new Int32Array(segments);
    this.#second = new Int32Array(segments);
  }

  /** Adds a row: `hash` is of its content without the place. */
  add(place: number, hash: number): void {
    const segment = Math.floor(place / TILE_LEAVES);
    const mixed = mix(hash, place % TILE_LEAVES);
    this.counts[segment] = (this.counts[segment] as number) + 1;
    this.#first[segment] = ((this.#first[segment] as number) + mixed) | 0;
    this.#second[segment] = ((this.#second[segment] as number) + mix(mixed, hash)) | 0;
  }

  of(segment: number): string {
    return `${this.counts[segment]}/${this.#first[segment]}/${this.#second[segment]}`;
  }
}

function mix(a: number, b: number): number {
  let hash = Math.imul(a ^ (a >>> 16) ^ Math.imul(b + 1, 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

class MentionSums implements MentionSink {
  readonly #sums: SegmentSums;
  readonly #tags: readonly number[];
  #key = 0;

  constructor(sums: SegmentSums, types: readonly string[]) {
    this.#sums = sums;
    this.#tags = types.map(typeTag);
  }

  begin(type: number, source: Uint8Array, { from, to }: { readonly from: number; readonly to: number }): void {
    this.#key = mix(hashBytes(source, from, to), this.#tags[type] as number);
  }

  row(row: MentionRow, others: Uint8Array): void {
    const span = mix(mix(this.#key, packFlags(row)), mix(row.start, row.end));
    this.#sums.add(row.position, mix(span, hashBytes(others, 0, others.length)));
  }
}

async function sumMentions(part: PartBlocks, sums: SegmentSums): Promise<void> {
  const ranks = new Map(part.types.map((type, rank) => [type, rank]));
  const cursor = new MentionCursor(part, 0, ranks);
  const sink = new MentionSums(sums, part.types);
  for (await cursor.load(); cursor.open; ) {
    cursor.give(sink);
    if (!cursor.next()) await cursor.load();
  }
}

async function sumWords(part: PartBlocks, sums: SegmentSums): Promise<void> {
  const cursor = new WordCursor(part, 0);
  for (await cursor.load(); cursor.open; ) {
    const word = hashBytes(cursor.key.bytes, cursor.key.from, cursor.key.to);
    const { bytes, starts, ends } = cursor.postings;
    const end = ends[cursor.row] as number;
    let place = 0;
    for (let at = starts[cursor.row] as number; at < end; ) {
      let byte = bytes[at++] as number;
      let step = byte & 0x7f;
      for (let shift = 7; byte > 0x7f && at < end; shift += 7) {
        byte = bytes[at++] as number;
        step |= (byte & 0x7f) << shift;
      }
      place += step;
      sums.add(place, word);
    }
    if (!cursor.next()) await cursor.load();
  }
}

async function sumItems(part: PartBlocks, sums: SegmentSums): Promise<void> {
  for (let block = 0; block < part.blocks; block++) {
    const reader = await part.block(block);
    const kinds = reader.names('kind').map((kind) => (itemKinds as readonly string[]).indexOf(kind));
    for (let page = 0; page < reader.pages; page++) {
      const places = reader.numbers('position', page);
      const ms = reader.longNumbers('sentMs', page);
      const codes = reader.codes('kind', page);
      for (let row = 0; row < places.length; row++) {
        const time = ms[row] as number;
        const dated = Number.isNaN(time) ? 0 : mix(time | 0, Math.floor(time / 2 ** 32) | 0);
        sums.add(places[row] as number, mix(dated, kinds[codes[row] as number] ?? -1));
      }
    }
  }
}

const summing: Readonly<Record<TilePart, (part: PartBlocks, sums: SegmentSums) => Promise<void>>> = {
  mentions: sumMentions,
  words: sumWords,
  items: sumItems,
};

/** What the rows of each segment of a merged tile add up to; null where it has no key. Errors as MergedPart.open. */
export async function sumMergedTile(
  vault: Vault,
  tile: MergedTile,
  identities: readonly string[],
): Promise<readonly string[] | null> {
  const key = await readKeyObject(vault, mergedKeyName(tile), identities);
  if (key === null) return null;
  const segments = segmentsOf(tile.level);
  const all: SegmentSums[] = [];
  for (const part of tileParts) {
    const sums = new SegmentSums(segments);
    await summing[part](await MergedPart.open(vault, { tile, part }, key), sums);
    all.push(sums);
  }
  return Array.from({ length: segments }, (_, segment) => all.map((sums) => sums.of(segment)).join(' '));
}

/** The same for a segment whose tile was built in memory. */
export async function sumTilePlain(plain: TilePlain): Promise<string> {
  const sums: string[] = [];
  for (const part of tileParts) {
    const one = new SegmentSums(1);
    await summing[part](wholePart(new PartReader(plain[part]), part === 'mentions'), one);
    sums.push(one.of(0));
  }
  return sums.join(' ');
}
