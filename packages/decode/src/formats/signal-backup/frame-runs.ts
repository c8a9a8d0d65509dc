import type { ByteSource } from '../../byte-source.ts';
import type { FrameCipher } from './frame-cipher.ts';
import type { FramePlace } from './frame-place.ts';
import type { Keystream } from './keystream.ts';
import { LENGTH_LENGTH, MAC_LENGTH } from './layout.ts';
import type { MacBatch } from './mac-batch.ts';

const WINDOW = 256 * 1024;
const MOST_FRAMES = 256;
const FEWEST_FRAMES = 4;
/** Blocks of keystream for a frame: the fewest that most frames fit into; longer ones are read alone. */
const BLOCKS = [16, 24, 32, 40, 48, 64, 96, 128, 256] as const;
const LONGEST: number = 256 * 16;
/** Times the average length of the last frames. */
const FAR = 4;
/** What keystreams reach over shrinks by so much with each run that does not need it. */
const SHRINK = 0.95;
/** Field 2 of a frame: a statement, which nothing follows. */
const STATEMENT_KEY = 0x12;

/**
 * Opens statements that stand one after the other, all at once: their keystreams in one call, their MACs side by side.
 * Where the next one begins is read from bytes that are not authenticated yet; what is given out is.
 */
export class FrameRuns {
  readonly #source: ByteSource;
  readonly #cipher: FrameCipher;
  readonly #plain = new Uint8Array(WINDOW + 4 * MOST_FRAMES);
  readonly #words = new Int32Array(this.#plain.buffer);
  readonly #mac: MacBatch;
  readonly #keystreams = new Map<number, Keystream>();
  readonly #lengths = new Int32Array(MOST_FRAMES);
  readonly #starts = new Int32Array(MOST_FRAMES);
  readonly #ends = new Int32Array(MOST_FRAMES);
  readonly #macs = new Int32Array(MOST_FRAMES);
  #window: Uint8Array = new Uint8Array(0);
  #frames = FEWEST_FRAMES;
  #average = 300;
  /** Length of the longest frames of late. */
  #reach = 400;
  /** Length of a frame that the keystream did not reach over. */
  #tooLong = 0;

  constructor(source: ByteSource, cipher: FrameCipher) {
    this.#source = source;
    this.#cipher = cipher;
    this.#mac = cipher.macBatch({ most: MOST_FRAMES, bytes: WINDOW });
  }

  /**
   * How many statements from a place on authenticate; none: the frame there is to be read alone. `isProven`: they did
   * before, and the caller holds these bytes against those.
   */
  open(place: FramePlace, until: number, isProven: boolean): number {
    this.#tooLong = 0;
    this.#read(place, until);
    let found = this.#decrypt(place.counter, this.#frames, isProven);
    // A frame that is far longer than others is read alone; else the keystreams grow to reach over it.
    if (found === 0 && this.#tooLong > 0 && this.#tooLong <= Math.min(LONGEST, this.#average * FAR)) {
      this.#reach = this.#tooLong;
      this.#read(place, until);
      found = this.#decrypt(place.counter, this.#frames, isProven);
    }
    if (found === 0 && this.#tooLong > 0) this.#average = (this.#average + Math.min(this.#tooLong, LONGEST)) / 2;
    const intact = isProven ? found : this.#intact(found);
    // Runs are as long as the last one lets expect: a file between every two rows must not cost a long keystream each.
    const wanted = intact === this.#frames ? intact * 4 : intact;
    this.#frames = Math.max(FEWEST_FRAMES, Math.min(MOST_FRAMES, wanted));
    return intact;
  }

  /** No more than this run is likely to need: where files stand between rows, runs are short and many. */
  #read({ offset }: FramePlace, until: number): void {
    const likely = Math.max(LONGEST, this.#frames * (this.#reach + LENGTH_LENGTH + MAC_LENGTH));
    this.#window = this.#source.read(offset, Math.min(WINDOW, likely, until - offset));
  }

  /** The file from where the run was opened on. */
  get window(): Uint8Array {
    return this.#window;
  }

  /** Bytes of frame `i` in the file, with its length and MAC. */
  lengthOf(i: number): number {
    return this.#lengths[i] as number;
  }

  /** Holds the frames `startOf(i)` to `endOf(i)`, until the next run. */
  get plain(): Uint8Array {
    return this.#plain;
  }

  startOf(i: number): number {
    return this.#starts[i] as number;
  }

  endOf(i: number): number {
    return this.#ends[i] as number;
  }

  #decrypt(counter: number, most: number, isProven: boolean): number {
    const keystream = this.#keystream();
    const { stride } = keystream;
    const stream = keystream.fill(this.#cipher.start + counter, most);
    const words = wordsOf(stream);
    const window = this.#window;
    const plain = this.#plain;
    const seals = this.#cipher.sealsLength;
    const skipped = seals ? 0 : LENGTH_LENGTH;
    const mac = this.#mac;
    mac.clear();
    let at = 0;
    let out = 0;
    let i = 0;
    let longest = 0;
    for (; i < most && window.length - at >= LENGTH_LENGTH; i++) {
      const key = i * stride;
      const sealed = (word(window, at) ^ (seals ? word(stream, key) : 0)) >>> 0;
      const covered = sealed - MAC_LENGTH + LENGTH_LENGTH - skipped;
      const macAt = at + LENGTH_LENGTH + sealed - MAC_LENGTH;
      if (sealed <= MAC_LENGTH || macAt + MAC_LENGTH > window.length) break;
      if (covered > stride) {
        this.#tooLong = covered;
        break;
      }
      const end = out + covered;
      const ciphertext = window.subarray(at + skipped, macAt);
      plain.set(ciphertext, out);
      xorWords(this.#words, out >>> 2, { stream: words, from: key >>> 2, count: (covered + 3) >>> 2 });
      const start = out + LENGTH_LENGTH - skipped;
      if (plain[start] !== STATEMENT_KEY) break;
      if (covered > longest) longest = covered;
      if (!isProven) mac.add(ciphertext);
      this.#starts[i] = start;
      this.#ends[i] = end;
      // Four bytes at a time are decrypted: each frame begins where they do.
      out = (end + 3) & ~3;
      this.#macs[i] = macAt;
      this.#lengths[i] = macAt + MAC_LENGTH - at;
      at = macAt + MAC_LENGTH;
    }
    if (i === 0) return 0;
    this.#average = at / i;
    this.#reach = Math.max(longest, Math.ceil(this.#reach * SHRINK));
    return i;
  }

  #intact(found: number): number {
    if (found === 0) return 0;
    const computed = this.#mac.finish();
    for (let i = 0; i < found; i++) {
      let difference = 0;
      const at = this.#macs[i] as number;
      for (let n = 0; n < MAC_LENGTH; n++)
        difference |= (computed[i * 32 + n] as number) ^ (this.#window[at + n] as number);
      if (difference !== 0) return i;
    }
    return found;
  }

  #keystream(): Keystream {
    const blocks = BLOCKS.find((one) => one * 16 >= this.#reach) ?? 256;
    let known = this.#keystreams.get(blocks);
    if (known === undefined) {
      known = this.#cipher.keystream({ blocks, frames: MOST_FRAMES });
      this.#keystreams.set(blocks, known);
    }
    return known;
  }
}

/** The bytes as words, in the byte order of the machine: both sides of an XOR are in the same. */
function wordsOf(bytes: Uint8Array): Int32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  return new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length >>> 2);
}

function word(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  );
}

function xorWords(
  into: Int32Array,
  at: number,
  { stream, from, count }: { readonly stream: Int32Array; readonly from: number; readonly count: number },
): void {
  for (let n = 0; n < count; n++) into[at + n] = (into[at + n] as number) ^ (stream[from + n] as number);
}
