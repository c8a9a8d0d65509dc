import { utf8Encode } from '@custody/bytes';
import { sealStream } from '@custody/vault';
import { makeFrame } from '../frame.ts';
import { sumLine, sumOf } from '../index-object.ts';
import type { TilePart } from '../tile-names.ts';
import type { Block, ItemKey, MentionKey, WordKey } from './block.ts';
import { encodePartIndex, type IndexedBlock } from './part-index.ts';

/** A skippable frame (RFC 8878 section 3.1.2): `zstd -d` of a whole part gives its Parquet files end to end. */
const SKIPPABLE = 0x184d2a50;
/** The last bytes of a part: offset and length of the index frame, length of the filter, these eight bytes. */
export const TRAILER_MAGIC: Uint8Array = utf8Encode('CUSTIDX1');
export const TRAILER_LENGTH = 24;

/** What a merge makes of one part. */
export interface PartStream {
  readonly part: TilePart;
  /** All types of a mentions part, known before its first block. */
  readonly types: readonly string[];
  readonly blocks: AsyncIterable<Block<MentionKey | WordKey | ItemKey>>;
  /** The filter, asked for after the last block. */
  readonly filter: () => Uint8Array;
}

/** The stored object of a merged part, as it grows: frames, index, filter and trailer in an age file, then its sum. */
export async function* partObject(name: string, stream: PartStream, recipient: string): AsyncGenerator<Uint8Array> {
  const sum = sumOf(name);
  for await (const chunk of sealStream(plainOf(stream), [recipient], { passing: true })) {
    sum.update(chunk);
    yield chunk;
  }
  yield sumLine(sum.digest());
}

async function* plainOf({ part, types, blocks, filter }: PartStream): AsyncGenerator<Uint8Array> {
  const indexed: IndexedBlock<MentionKey | WordKey | ItemKey>[] = [];
  let offset = 0;
  for await (const { plain, rows, key } of blocks) {
    const frame = makeFrame(plain);
    indexed.push({ key, rows, offset, length: frame.length });
    offset += frame.length;
    yield frame;
  }
  const index = makeFrame(encodePartIndex(part, indexed, types));
  yield index;
  yield tailOf({ offset, length: index.length }, filter());
}

function tailOf(index: { readonly offset: number; readonly length: number }, filter: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + filter.length + TRAILER_LENGTH);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, SKIPPABLE, true);
  view.setUint32(4, filter.length + TRAILER_LENGTH, true);
  bytes.set(filter, 8);
  const at = 8 + filter.length;
  view.setBigUint64(at, BigInt(index.offset), true);
  view.setUint32(at + 8, index.length, true);
  view.setUint32(at + 12, filter.length, true);
  bytes.set(TRAILER_MAGIC, at + 16);
  return bytes;
}
