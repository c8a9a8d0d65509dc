const encoder = new TextEncoder();
/** Five bits of a byte: letters in either case alike, and three of them are a place in the table. */
const FIVE = 31;
const SIZE = 1 << 15;
const MASK = SIZE - 1;
const LENGTH = 3;

/**
 * Everyday words of the languages of chats. They only choose which three letters of a word are looked for; a poor choice
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

/** Where in a text words of a list may be: at three letters of each, chosen because they are rare. */
export class WordAnchors {
  readonly table: Uint8Array = new Uint8Array(SIZE);

  constructor(words: Iterable<string>) {
    const often = counts();
    const chosen = [...words].map((word) => encoder.encode(word)).sort((a, b) => a.length - b.length);
    for (const word of chosen) this.#choose(word, often);
  }

  /** One that is in the table already costs nothing; else the rarest. */
  #choose(word: Uint8Array, often: Uint32Array): void {
    if (word.length < LENGTH) {
      this.#addShort(word);
      return;
    }
    let best = -1;
    for (let k = 0; k + LENGTH <= word.length; k++) {
      const place = placeOf(word, k);
      if (this.table[place] === 1) return;
      if (best < 0 || (often[place] as number) < (often[best] as number)) best = place;
    }
    this.table[best] = 1;
  }

  /** Two letters and a space, a hyphen or U+00A0. */
  #addShort(word: Uint8Array): void {
    for (const follow of [0x20, 0x2d, 0xc2]) this.table[placeOf(Uint8Array.of(...word, follow), 0)] = 1;
  }
}

/** The place of the bytes that end with `byte`, after those at `place`. */
export function nextPlace(place: number, byte: number): number {
  return ((place << 5) | (byte & FIVE)) & MASK;
}

function placeOf(bytes: Uint8Array, at: number): number {
  return nextPlace(nextPlace(nextPlace(0, bytes[at] as number), bytes[at + 1] as number), bytes[at + 2] as number);
}

/** How often three letters occur in everyday words, with the spaces around. */
function counts(): Uint32Array {
  const often = new Uint32Array(SIZE);
  const bytes = encoder.encode(` ${EVERYDAY} `);
  for (let k = 0; k + LENGTH <= bytes.length; k++) {
    const place = placeOf(bytes, k);
    often[place] = (often[place] as number) + 1;
  }
  return often;
}
