import { ByteLexicon } from './amounts/byte-lexicon.ts';
import { byteClass, HIGH, LETTER } from './byte-class.ts';

/** Languages told apart by their small words, in the order of their bits. */
const LATIN = ['en', 'nl', 'de', 'fr', 'es', 'pt', 'it', 'tr', 'pl', 'sv', 'sq', 'ro'] as const;

/** Small words of each language; one that several share counts for each of them. */
const WORDS: Readonly<Record<(typeof LATIN)[number], string>> = {
  en: 'the and you that was for are with his they this have from what when your can there will just for of to is it in he she we my me not but at by on an be do if so up out get got need want bring pay owes price each send him her',
  nl: 'de het een en van ik je dat die niet is op te zijn met voor hij er maar wat dit ook aan naar nog heb wel nu om geen kan moet voor per krijgt kost betaal jij ben bij of dan hem',
  de: 'der die das und ich du nicht ist es ein eine mit auf für von zu dem den sich wir hat kann noch aber auch nur wie oder pro bei ihm kriegt bekommt brauche kostet im am zum heute',
  fr: 'le la les de des et je tu il que qui pas est un une dans pour avec sur ce mais ne vous nous on du au par plus ça moi lui doit donne il elle faut',
  es: 'el la los las de que y en un una por con no para es lo se me te su como más pero ya le mi muy está hay cada al del son yo tienes debe necesito',
  pt: 'o a os as de que e em um uma por com não para é se me te seu como mais mas já do da no na ao dos das você ele ela meu cada eu preciso tem vai',
  it: 'il lo la gli le di che e un una per con non è si mi ti del della al sono ho ha ma più anche come questo da nel ogni devo deve ne ci mio',
  tr: 've bir bu da de için ile ben sen o ne var yok mi mı çok ama gibi kadar sonra benim senin lazım tane abi gel al ver',
  pl: 'i w na nie się to z do jest że co jak po za ale mam ma masz od o dla tak ja ty on mi ci już za jeszcze weź daj ile po',
  sv: 'och att det i en ett jag du som är på för med inte till har den av om så men vad kan vi han de ska vill mig dig hos kostar per styck',
  sq: 'dhe të në një me për nga që është ka i e unë ti ai kam ke po jo nuk si ku do sa ma mi tani duhet',
  ro: 'și si de la în in pe cu nu este e un o să că mai eu tu el ai am are pentru din dar ce cât imi îmi te ma mă',
};

/** The languages by number, as mentions name them. Those from the script come after those from words. */
export const languageCodes: readonly string[] = [...LATIN, 'ru', 'ar', 'hi', 'zh', 'ja', 'ko', 'he', 'th', 'el'];

/** No more of a text is read: a message shows its language sooner. */
const REACH = 600;
const FEWEST_HITS = 2;

let lexicon: ByteLexicon<number> | null = null;
const hits = new Uint16Array(LATIN.length);

function wordBits(): ByteLexicon<number> {
  if (lexicon !== null) return lexicon;
  const bits = new Map<string, number>();
  LATIN.forEach((code, k) => {
    for (const word of WORDS[code].split(' ')) bits.set(word, (bits.get(word) ?? 0) | (1 << k));
  });
  lexicon = new ByteLexicon(bits);
  return lexicon;
}

/**
 * Number in `languageCodes` of the language of `bytes[start..end)`, or -1 where its words and letters do not show it:
 * two small words of one language, and more than of any other.
 */
export function languageOf(bytes: Uint8Array, start: number, end: number): number {
  const words = wordBits();
  hits.fill(0);
  const limit = Math.min(end, start + REACH);
  for (let i = start; i < limit; ) {
    const from = i;
    while (i < limit && ((byteClass[bytes[i] as number] as number) & (LETTER | HIGH)) !== 0) i++;
    if (i === from) {
      i++;
      continue;
    }
    const script = scriptOf(bytes[from] as number, bytes[from + 1] ?? 0);
    if (script !== '') return languageCodes.indexOf(script === 'zh' && hasKana(bytes, start, limit) ? 'ja' : script);
    count(words.find(bytes, from, i) ?? 0);
  }
  return winner();
}

function count(bits: number): void {
  for (let k = 0; k < LATIN.length; k++) if (((bits >> k) & 1) === 1) hits[k] = (hits[k] as number) + 1;
}

function winner(): number {
  let best = 0;
  let second = -1;
  for (let k = 1; k < LATIN.length; k++) {
    if ((hits[k] as number) > (hits[best] as number)) {
      second = best;
      best = k;
    } else if (second < 0 || (hits[k] as number) > (hits[second] as number)) second = k;
  }
  const most = hits[best] as number;
  return most >= FEWEST_HITS && most > (hits[second] as number) ? best : -1;
}

/** The language a script is nearly always of; empty for Latin letters. */
function scriptOf(lead: number, next: number): string {
  if (lead < 0xce) return '';
  if (lead <= 0xcf) return 'el';
  if (lead <= 0xd3) return 'ru';
  if (lead === 0xd6 || lead === 0xd7) return 'he';
  if (lead >= 0xd8 && lead <= 0xdb) return 'ar';
  if (lead === 0xe0) return next === 0xa4 || next === 0xa5 ? 'hi' : next === 0xb8 || next === 0xb9 ? 'th' : '';
  if (lead === 0xe3) return next >= 0x81 && next <= 0x83 ? 'ja' : '';
  if (lead >= 0xe4 && lead <= 0xe9) return 'zh';
  return lead >= 0xea && lead <= 0xed ? 'ko' : '';
}

function hasKana(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i + 1 < end; i++)
    if (bytes[i] === 0xe3 && (bytes[i + 1] as number) >= 0x81 && (bytes[i + 1] as number) <= 0x83) return true;
  return false;
}
