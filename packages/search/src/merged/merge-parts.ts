import { itemKinds } from '@custody/evidence';
import { hashBytes } from '../byte-table.ts';
import { partMalformed } from '../errors.ts';
import type { TilePart } from '../tile-names.ts';
import type { PartBlocks } from '../whole-part.ts';
import type { Block, ItemKey, MentionKey, WordKey } from './block.ts';
import { CursorHeap } from './cursor-heap.ts';
import { ItemBlocks } from './item-blocks.ts';
import { KeyFilter } from './key-filter.ts';
import { MentionBlocks } from './mention-blocks.ts';
import { MentionCursor } from './mention-cursor.ts';
import { compareKeys, type SortKey, setKey } from './sort-key.ts';
import { WordBlocks } from './word-blocks.ts';
import { WordCursor } from './word-cursor.ts';
import type { PartStream } from './write-part.ts';

/** One input of a merge: the blocks of a part, and what is added to the places of its leaves. */
export interface MergeInput {
  readonly part: PartBlocks;
  readonly base: number;
}

/** The merged part of these inputs, which are in order of place. */
export function mergePart(part: TilePart, inputs: readonly MergeInput[]): PartStream {
  if (part === 'items') return { part, types: [], blocks: mergeItems(inputs), filter: () => new Uint8Array(0) };
  const filter = new KeyFilter();
  const types = part === 'mentions' ? typesOf(inputs) : [];
  const blocks = part === 'mentions' ? mergeMentions(inputs, types, filter) : mergeWords(inputs, filter);
  return { part, types, blocks, filter: () => filter.finish() };
}

/** The tag of a type in the filter of a mentions part. */
export function typeTag(type: string): number {
  const bytes = Buffer.from(type);
  return hashBytes(bytes, 0, bytes.length);
}

function typesOf(inputs: readonly MergeInput[]): string[] {
  const all = new Set(inputs.flatMap(({ part }) => part.types));
  return [...all].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

async function* mergeMentions(
  inputs: readonly MergeInput[],
  types: readonly string[],
  filter: KeyFilter,
): AsyncGenerator<Block<MentionKey>> {
  const ranks = new Map(types.map((type, rank) => [type, rank]));
  const tags = types.map(typeTag);
  const cursors = inputs.map(({ part, base }) => new MentionCursor(part, base, ranks));
  for (const cursor of cursors) await cursor.load();
  const out = new MentionBlocks(types);
  const last = new LastKey();
  const heap = new CursorHeap(cursors);
  for (let at = heap.top; at !== null; at = heap.top) {
    const { type, bytes, from, to } = at.key;
    if (last.changes(at.key)) filter.add(tags[type] as number, bytes, from, to);
    at.give(out);
    if (!at.next()) await at.load();
    heap.settle();
    if (out.ready.length > 0) yield* out.ready.splice(0);
  }
  out.flush();
  yield* out.ready.splice(0);
}

async function* mergeWords(inputs: readonly MergeInput[], filter: KeyFilter): AsyncGenerator<Block<WordKey>> {
  const cursors = inputs.map(({ part, base }) => new WordCursor(part, base));
  for (const cursor of cursors) await cursor.load();
  const out = new WordBlocks();
  const last = new LastKey();
  const heap = new CursorHeap(cursors);
  for (let at = heap.top; at !== null; at = heap.top) {
    const { bytes, from, to } = at.key;
    if (last.changes(at.key)) {
      out.end();
      out.begin(bytes, from, to);
      filter.add(0, bytes, from, to);
    }
    const { postings, row } = at;
    out.add(postings.bytes, {
      from: postings.starts[row] as number,
      to: postings.ends[row] as number,
      base: at.base,
    });
    if (!at.next()) await at.load();
    heap.settle();
    if (out.ready.length > 0) yield* out.ready.splice(0);
  }
  out.end();
  out.flush();
  yield* out.ready.splice(0);
}

async function* mergeItems(inputs: readonly MergeInput[]): AsyncGenerator<Block<ItemKey>> {
  const out = new ItemBlocks();
  for (const { part, base } of inputs) {
    for (let block = 0; block < part.blocks; block++) {
      const reader = await part.block(block);
      const kinds = reader.names('kind').map((kind) => (itemKinds as readonly string[]).indexOf(kind));
      for (let page = 0; page < reader.pages; page++) {
        const positions = reader.numbers('position', page);
        const sentMs = reader.longNumbers('sentMs', page);
        const codes = reader.codes('kind', page);
        for (let row = 0; row < positions.length; row++) {
          const kind = kinds[codes[row] as number] ?? -1;
          if (kind < 0) throw partMalformed('has a kind of item that this version does not know');
          out.row((positions[row] as number) + base, sentMs[row] as number, kind);
        }
      }
      yield* out.ready.splice(0);
    }
  }
  out.flush();
  yield* out.ready.splice(0);
}

/** Tells whether a key is another than the one before. */
class LastKey {
  readonly #key: SortKey = { type: -1, high: 0, low: 0, bytes: new Uint8Array(0), from: 0, to: 0 };

  changes(key: SortKey): boolean {
    if (compareKeys(this.#key, key) === 0) return false;
    setKey(this.#key, key.type, key.bytes, key);
    return true;
  }
}
