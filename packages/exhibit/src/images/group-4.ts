import { type Code, END_OF_LINE, HORIZONTAL, PASS, runCodes, vertical } from './group-4-codes.ts';

/** The longest run that one make-up code tells. */
const LONGEST_MAKE_UP = 2560;
/** Grey from 0, black, to 255, white: darker than this prints. */
const THRESHOLD = 160;

/** Rows of grey pixels, one byte each, without gaps. */
export interface GreyPage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** A page in black and white as ITU-T T.6 codes it (Group 4 of TIFF): white is 0, most significant bit first. */
export function encodeGroup4({ width, height, pixels }: GreyPage): Uint8Array {
  const out = new BitWriter();
  // A line of white stands above the first.
  let above = Uint32Array.of(width, width, width);
  for (let row = 0; row < height; row++) {
    const line = changesOf(pixels.subarray(row * width, (row + 1) * width));
    encodeLine(out, { line, above, width });
    above = line;
  }
  out.put(END_OF_LINE);
  out.put(END_OF_LINE);
  return out.bytes();
}

/** Where a line changes its colour, white at first: black begins at even places. Ended by the width, thrice. */
function changesOf(row: Uint8Array): Uint32Array<ArrayBuffer> {
  const { length } = row;
  const changes: number[] = [];
  let isBlack = false;
  for (let x = 0; x < length; x++) {
    if ((row[x] as number) < THRESHOLD === isBlack) continue;
    isBlack = !isBlack;
    changes.push(x);
  }
  changes.push(length, length, length);
  return Uint32Array.from(changes);
}

interface Line {
  readonly line: Uint32Array;
  readonly above: Uint32Array;
  readonly width: number;
}

/** T.6, 2.2: `next` is the element a1 that is coded next, `b` its place in the line above. */
function encodeLine(out: BitWriter, { line, above, width }: Line): void {
  let [at, next, b] = [-1, 0, 0];
  while (at < width) {
    // b1: the first change above to the right of here that is to the other colour.
    b = Math.max(0, b - 2);
    while (b % 2 !== next % 2 || (above[b] as number) <= at) {
      if ((above[b] as number) === width) break;
      b++;
    }
    const [a1, a2] = [line[next] as number, line[next + 1] as number];
    const [b1, b2] = [above[b] as number, (above[b] as number) === width ? width : (above[b + 1] as number)];
    if (b2 < a1) {
      out.put(PASS);
      at = b2;
    } else if (Math.abs(a1 - b1) <= 3) {
      out.put(vertical[a1 - b1 + 3] as Code);
      at = a1;
      next++;
    } else {
      out.put(HORIZONTAL);
      putRun(out, a1 - Math.max(at, 0), next % 2 === 1);
      putRun(out, a2 - a1, next % 2 === 0);
      at = a2;
      next += 2;
    }
  }
}

function putRun(out: BitWriter, length: number, isBlack: boolean): void {
  const { terminating, makeUp } = isBlack ? runCodes.black : runCodes.white;
  let left = length;
  for (; left > LONGEST_MAKE_UP + 63; left -= LONGEST_MAKE_UP) out.put(makeUp[LONGEST_MAKE_UP / 64 - 1] as Code);
  if (left >= 64) out.put(makeUp[Math.floor(left / 64) - 1] as Code);
  out.put(terminating[left % 64] as Code);
}

/** Bits from the most significant on, in bytes that grow. */
class BitWriter {
  #bytes: Uint8Array = new Uint8Array(65_536);
  #length = 0;
  #held = 0;
  #heldBits = 0;

  put({ bits, length }: Code): void {
    // At most 7 + 13 bits.
    this.#held = (this.#held << length) | bits;
    this.#heldBits += length;
    while (this.#heldBits >= 8) {
      this.#heldBits -= 8;
      this.#push(this.#held >>> this.#heldBits);
      this.#held &= (1 << this.#heldBits) - 1;
    }
  }

  bytes(): Uint8Array {
    const last = this.#heldBits === 0 ? [] : [this.#held << (8 - this.#heldBits)];
    for (const byte of last) this.#push(byte);
    return this.#bytes.slice(0, this.#length);
  }

  #push(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const grown = new Uint8Array(this.#bytes.length * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes[this.#length++] = byte;
  }
}
