import { byteClass, LETTER, TRIGGER } from './byte-class.ts';

const encoder = new TextEncoder();
/** Bits of the class of a byte in `anchorClass`. */
export const CLASS_BITS = 5;
export const CLASS: number = (1 << CLASS_BITS) - 1;
/** Places of the three bytes before one: a number of 32 bits each, one for each class of the byte itself. */
const SIZE = 1 << (3 * CLASS_BITS);
/** The class of no byte: in each place of a table its bit stops the prefilter. */
export const STOP_CLASS: number = CLASS;
const OTHER_CLASS = CLASS - 1;
const LENGTH = 4;
/** Characters of three bytes, whose scripts need no space: whatever stands before them. */
const WIDE = 0xe3;
const ALL = 1 << CLASS_BITS;

/** Bits of `anchorClass` above the class: where else the prefilter stops. */
export const STOP: number = 1 << CLASS_BITS;
/** A byte that matters only beside a Latin letter or a digit. */
export const LOOKALIKE: number = 2 << CLASS_BITS;
/** A sign that matters only where no white space follows. */
export const SIGN: number = 4 << CLASS_BITS;

/**
 * Everyday words of the languages of chats. They only choose which four letters of a word are looked for; a poor choice
 * costs time, never a find.
 */
const EVERYDAY =
  'the and you that was for are with his they this have from one had word but not what all were when your can said there use each which ' +
  'she how their will other about out many then them these some her would make like him into time has look more write see number way ' +
  'could people than first water been call who oil its now find long down day did get come made may part over new sound take only little ' +
  'work know place year live back give most very after thing our just name good sentence man think say great where help through much before ' +
  'line right too mean old any same tell boy follow came want show also around form three small set put end does another well large must ' +
  'big even such because turn here why ask went men read need land different home move try kind hand picture again change off play spell ' +
  'air away animal house point page letter mother answer found study still learn should world high every near add food between own below ' +
  'country plant last school father keep tree never start city earth eye light thought head under story saw left few while along might ' +
  'close something seem next hard open example begin life always those both paper together got group often run important until children ' +
  'tomorrow tonight later maybe street car money friend phone meeting please thanks okay yeah going gonna dont cant install ubuntu file ' +
  'here there where when server using package problem works doesnt channel driver system version update sudo kernel join joined left quit ' +
  'de het een van dat niet zijn maar voor met deze naar wordt door worden heeft geen goed gaan kunnen ook bij nog ' +
  'der die und den von das mit sich des auf für ist nicht ein eine als auch werden aus hat dass sie nach wird bei einer ' +
  'que les des est pas pour dans vous sur avec tout fait nous mais comme bien elle être avoir cette ' +
  'los por una con para como más pero sus este entre cuando todo esta ser son también fue había era muy años hasta desde ' +
  'não uma para com você mais isso ele ela muito está tem bem aqui seu vai quando ' +
  'che non per una sono con come più anche della ho hai questo ma si lo mi ti ' +
  'bir bu için ve daha çok gibi kadar sonra ama değil var yok ben sen iyi şey';

/**
 * What the prefilter needs to know of a byte: its class (a letter in either case alike, 0 for what parts words, of other
 * bytes five bits) and whether it stops there.
 */
export const anchorClass: Uint8Array = byteClass.map((kind, byte) => classOf(kind, byte) | stopOf(kind, byte));

function classOf(kind: number, byte: number): number {
  if (byte < 0x80) return (kind & LETTER) === 0 ? 0 : byte & CLASS;
  const low = byte & CLASS;
  return low === 0 || low === STOP_CLASS ? OTHER_CLASS : low;
}

/** First bytes of Greek and Cyrillic letters are looked at only beside Latin ones, as `mayFold` does. */
function stopOf(kind: number, byte: number): number {
  if ((kind & TRIGGER) === 0) return 0;
  if (byte >= 0xce && byte <= 0xd1) return LOOKALIKE;
  return byte < 0x30 || (byte > 0x39 && byte < 0x80) ? SIGN : STOP;
}

/**
 * Where in a text words of a list may be: at four letters of each, chosen because they are rare, or at the three of a
 * short word with what parts it from the word before. `table[place]` has the bit of the class of each byte that ends
 * such letters after those at `place`, and that of STOP_CLASS.
 */
export class WordAnchors {
  readonly table: Int32Array = new Int32Array(SIZE).fill(1 << STOP_CLASS);

  /** `compounds`: beginnings of numbers written as one word, many of which hold one of `words` anyway. */
  constructor(words: Iterable<string>, compounds: Compounds) {
    const often = lettersOften();
    for (const word of new Set(Array.from(words, firstLetters))) this.#choose(encoder.encode(word), often);
    for (const word of compounds.starts) {
      const bytes = encoder.encode(`\0${word}`);
      if (bytes.length >= LENGTH && !this.#has(bytes) && compounds.isNumber(word)) this.#addRarest(bytes, often);
    }
  }

  #choose(word: Uint8Array, often: Uint8Array): void {
    if ((word[0] as number) >= WIDE) this.#addWide(word);
    else if (word.length >= LENGTH) this.#addRarest(word, often);
    else if (word.length === LENGTH - 1) this.#add(Uint8Array.of(0, ...word), 0);
    else if (word.length === LENGTH - 2) this.#add(Uint8Array.of(0, ...word, 0), 0);
    else if (word.length === 1) this.#addLetter(word);
  }

  /** Whether four letters of the word are looked for already. */
  #has(word: Uint8Array): boolean {
    for (let k = 0; k + LENGTH <= word.length; k++) {
      const last = classAt(word, k + LENGTH - 1);
      if ((((this.table[placeOf(word, k)] as number) >>> last) & 1) === 1) return true;
    }
    return false;
  }

  /** Those that are in the table already cost nothing; else the rarest. */
  #addRarest(word: Uint8Array, often: Uint8Array): void {
    if (this.#has(word)) return;
    let best = 0;
    let least = 256;
    for (let k = 0; k + LENGTH <= word.length; k++) {
      const count = often[(placeOf(word, k) << CLASS_BITS) | classAt(word, k + LENGTH - 1)] as number;
      if (count >= least) continue;
      best = k;
      least = count;
    }
    this.#add(word, best);
  }

  /** One letter by itself, whatever stands before the sign before it. */
  #addLetter(word: Uint8Array): void {
    for (let before = 0; before < ALL; before++) {
      const place = (before << (2 * CLASS_BITS)) | classAt(word, 0);
      this.table[place] = (this.table[place] as number) | 1;
    }
  }

  #addWide(word: Uint8Array): void {
    for (let before = 0; before < ALL; before++) {
      const place = (before << (2 * CLASS_BITS)) | (classAt(word, 0) << CLASS_BITS) | classAt(word, 1);
      this.table[place] = (this.table[place] as number) | (1 << classAt(word, 2));
    }
  }

  #add(word: Uint8Array, at: number): void {
    const place = placeOf(word, at);
    this.table[place] = (this.table[place] as number) | (1 << classAt(word, at + LENGTH - 1));
  }
}

/** Beginnings of numbers written as one word; `isNumber` says of one whether its parts fit each other. */
export interface Compounds {
  readonly starts: Iterable<string>;
  isNumber(start: string): boolean;
}

/** Names of several words are found by their first. */
function firstLetters(word: string): string {
  return word.split(/[^A-Za-z\u0080-\uffff]/, 1)[0] as string;
}

function classAt(bytes: Uint8Array, at: number): number {
  return (anchorClass[bytes[at] as number] as number) & CLASS;
}

/** Of the three bytes at `at`. */
function placeOf(bytes: Uint8Array, at: number): number {
  return (classAt(bytes, at) << (2 * CLASS_BITS)) | (classAt(bytes, at + 1) << CLASS_BITS) | classAt(bytes, at + 2);
}

let counted: Uint8Array | null = null;

/** How often four letters occur in everyday words, with the spaces around. Counted once: not to be written to. */
export function lettersOften(): Uint8Array {
  if (counted !== null) return counted;
  const often = new Uint8Array(SIZE << CLASS_BITS);
  const bytes = encoder.encode(` ${EVERYDAY} `);
  for (let k = 0; k + LENGTH <= bytes.length; k++) {
    const at = (placeOf(bytes, k) << CLASS_BITS) | classAt(bytes, k + LENGTH - 1);
    often[at] = Math.min((often[at] as number) + 1, 255);
  }
  counted = often;
  return often;
}
