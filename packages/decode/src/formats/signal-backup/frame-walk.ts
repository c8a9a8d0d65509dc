import { FormatError } from '@custody/bytes';
import type { ByteSource } from '../../byte-source.ts';
import { type Frame, readFrame } from './frame.ts';
import type { FrameCipher } from './frame-cipher.ts';
import type { FramePlace } from './frame-place.ts';
import { FrameRuns } from './frame-runs.ts';
import type { FrameSum } from './frame-sum.ts';
import { LENGTH_LENGTH, LONGEST_FRAME, LONGEST_SOUGHT, MAC_LENGTH } from './layout.ts';
import { Statement } from './statement.ts';

/** One intact frame, with where it stands. `blob` is what follows it. */
export interface WalkedFrame extends FramePlace {
  readonly length: number;
  /** The frame is `bytes[start..end)`; it holds until the next one. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Null where the bytes are authentic but no frame that this build can read. */
  readonly frame: Frame | null;
  readonly blob: BlobPlace | null;
}

export interface BlobPlace extends FramePlace {
  /** Of the content, without its MAC. */
  readonly length: number;
}

/** Bytes that hold no frame that authenticates. */
export interface Gap extends FramePlace {
  readonly end: number;
  /** Frames and blobs in it, known from the counter of the next intact frame; null where none follows. */
  readonly units: number | null;
  readonly why: 'mac' | 'length' | 'end';
}

/** Frames and blobs that a gap may hold: the next intact frame is looked for with as many counters. */
const COUNTERS_SOUGHT = 64;
/** Bytes looked through at once. */
const WINDOW = 1024 * 1024;
/** Bytes looked through for the next intact frame; a blob that lost its frame may be longer, and then all after it is lost. */
const MOST_SOUGHT = 512 * 1024 * 1024;

/** Goes from frame to frame; a damaged one costs itself, the next intact one is found by its MAC. */
export class FrameWalk {
  readonly #source: ByteSource;
  readonly #cipher: FrameCipher;
  readonly #runs: FrameRuns;
  /** Read into again and again: a frame holds until the next one. */
  readonly #statement = new Statement();
  readonly #sum: FrameSum;
  /** Where the run begins that frames are given from. */
  #runAt = 0;
  /** Where the frames end that were given, and those of them that are summed up. */
  #given = 0;
  #summed = 0;
  /** The frame that was read alone last, as it stands in the file. */
  #sealed: Uint8Array = new Uint8Array(0);

  constructor(source: ByteSource, cipher: FrameCipher) {
    this.#source = source;
    this.#cipher = cipher;
    this.#runs = new FrameRuns(source, cipher);
    this.#sum = cipher.sum();
  }

  /** The sum of all frames since it was last asked for: those of a gap, and the contents of files, are not in it. */
  takeSum(): string {
    this.#sumUp();
    return this.#sum.take();
  }

  /**
   * Frames and gaps from a place up to the end of the file or to `until`. Each holds until the next one. `isProven`: all
   * of them authenticated before; the caller uses nothing until it has held `takeSum` against the sum of then.
   */
  *walk(
    from: FramePlace,
    until: number = this.#source.length,
    isProven: boolean = false,
  ): Generator<WalkedFrame | Gap> {
    const bytes = this.#runs.plain;
    // One object for all frames of runs, which are nearly all there are.
    const row = { ...from, length: 0, bytes, start: 0, end: 0, frame: null as Frame | null, blob: null };
    let place = from;
    this.#sum.clear();
    while (place.offset < until) {
      const intact = this.#runs.open(place, until, isProven);
      this.#moveTo(place.offset);
      let { offset, counter } = place;
      for (let i = 0; i < intact; i++) {
        row.offset = offset;
        row.counter = counter++;
        row.length = this.#runs.lengthOf(i);
        row.start = this.#runs.startOf(i);
        row.end = this.#runs.endOf(i);
        row.frame = this.#frameOf(bytes, row.start, row.end);
        offset += row.length;
        this.#given = offset;
        yield row;
      }
      this.#sumUp();
      if (intact > 0) place = { offset, counter };
      if (intact > 0) continue;
      const found = this.#frameAt(place);
      if ('why' in found) {
        const gap = this.#resume(place, found.why);
        yield gap;
        if (gap.units === null) return;
        place = { offset: gap.end, counter: place.counter + gap.units };
        continue;
      }
      this.#sum.add(this.#sealed);
      yield found;
      if (found.frame?.kind === 'end') return;
      const end = place.offset + found.length;
      const { blob } = found;
      place =
        blob === null
          ? { offset: end, counter: place.counter + 1 }
          : { offset: end + blob.length + MAC_LENGTH, counter: place.counter + 2 };
    }
  }

  /** Whether a frame at this place authenticates. */
  isIntact(place: FramePlace): boolean {
    return !('why' in this.#frameAt(place));
  }

  /** The first place from here on whose frame authenticates, at most `most` bytes on; null where there is none. */
  seek(from: FramePlace, most: number = MOST_SOUGHT): FramePlace | null {
    const masks = Array.from({ length: COUNTERS_SOUGHT }, (_, i) => this.#cipher.lengthMask(from.counter + i));
    const end = Math.min(this.#source.length, from.offset + most);
    for (let at = from.offset; at < end; at += WINDOW) {
      const window = this.#source.read(at, WINDOW + LENGTH_LENGTH - 1);
      const view = new DataView(window.buffer, window.byteOffset, window.length);
      const places = Math.min(WINDOW, end - at, window.length - LENGTH_LENGTH + 1);
      for (let i = 0; i < places; i++) {
        const word = view.getUint32(i);
        for (let n = 0; n < masks.length; n++) {
          const length = (word ^ (masks[n] as number)) >>> 0;
          if (length <= MAC_LENGTH || length > LONGEST_SOUGHT) continue;
          const place = { offset: at + i, counter: from.counter + n };
          if (this.isIntact(place)) return place;
        }
      }
    }
    return null;
  }

  #frameAt(place: FramePlace): WalkedFrame | { readonly why: Gap['why'] } {
    const head = this.#source.read(place.offset, LENGTH_LENGTH);
    if (head.length < LENGTH_LENGTH) return { why: 'end' };
    const mask = this.#cipher.lengthMask(place.counter);
    const sealed = (new DataView(head.buffer, head.byteOffset, LENGTH_LENGTH).getUint32(0) ^ mask) >>> 0;
    // Whoever made the file chose this length: it is held against the file before anything is taken.
    if (sealed <= MAC_LENGTH || sealed > LONGEST_FRAME) return { why: 'length' };
    const length = LENGTH_LENGTH + sealed;
    if (place.offset + length > this.#source.length) return { why: 'end' };
    this.#sealed = this.#source.read(place.offset, length);
    const bytes = this.#cipher.openFrame(place.counter, this.#sealed);
    if (bytes === null) return { why: 'mac' };
    const frame = this.#frameOf(bytes, 0, bytes.length);
    return {
      ...place,
      length,
      bytes,
      start: 0,
      end: bytes.length,
      frame,
      blob: blobAfter(frame, { ...place, length }),
    };
  }

  #moveTo(offset: number): void {
    this.#runAt = offset;
    this.#given = offset;
    this.#summed = offset;
  }

  #sumUp(): void {
    if (this.#given === this.#summed) return;
    this.#sum.add(this.#runs.window.subarray(this.#summed - this.#runAt, this.#given - this.#runAt));
    this.#summed = this.#given;
  }

  #frameOf(bytes: Uint8Array, start: number, end: number): Frame | null {
    try {
      return readFrame(bytes, this.#statement, start, end);
    } catch (error) {
      if (error instanceof FormatError) return null;
      throw error;
    }
  }

  #resume(place: FramePlace, why: Gap['why']): Gap {
    // The frame itself is bad: the next one has another counter, and stands behind the length at the earliest.
    const next = this.seek({ offset: place.offset + 1, counter: place.counter + 1 });
    const { length } = this.#source;
    if (next === null) return { ...place, end: length, units: null, why };
    return { ...place, end: next.offset, units: next.counter - place.counter, why };
  }
}

function blobAfter(
  frame: Frame | null,
  { offset, counter, length }: FramePlace & { readonly length: number },
): BlobPlace | null {
  if (frame === null || !('length' in frame)) return null;
  return { offset: offset + length, counter: counter + 1, length: frame.length };
}
