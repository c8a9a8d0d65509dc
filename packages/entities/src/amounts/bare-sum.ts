import { isAlnum, isDigit } from '../byte-class.ts';
import type { Scan } from '../scan.ts';
import { regionCurrency } from './currencies.ts';
import { wordEnd } from './longest-name.ts';
import type { CurrencyName } from './meaning.ts';
import type { Surroundings } from './surroundings.ts';

const THOUSANDS = 3;
/** How far before the sum the word may stand that says it is owed or paid, in bytes. */
const REACH = 28;
const SPACE = 0x20;
const decoder = new TextDecoder();

/** Words of debts and prices in the languages of the cases. */
const OWED = new Set(
  (
    'owe owes owed owing pay pays paid paying price prices cost costs charge charges charging sell selling sold worth asking lend lent borrow borrowed wire wired ' +
    'deposit debt bail bribe profit earn earned invoice ransom send sent transfer transferred ' +
    'stuur stuurt gestuurd schick schicke überweis überweise envoie vire manda mandame envía enviame mandami przelej wyślij gönder yolla trimite dërgo skicka swisha ' +
    'kost kosten betaal betaalt betaald betalen schuldig schuld prijs verdien verdient krijg krijgt leen geleend kostet zahl zahle zahlt zahlen bezahlt bezahle schuldest schuldet schulde schulden preis ' +
    'dois doit doivent coûte coute payé paye payer prix vaut dette debe debes deben cuesta pago pagar pagó precio vale cobro cobra cobran deuda ' +
    'devi deve devono costa paga pagare pagato prezzo debito custa preço preco dívida wisi wisisz kosztuje zapłać zapłacił płacę cena dług ' +
    'borç borcun borcu borcum fiyat fiyatı öde ödedi ödeme skyldig kostar betala betalar pris skuld datorezi datorează costă plătește plătit preț ' +
    'borxh kushton paguaj paguan çmimi должен должна должны стоит заплати плати платит заплатил цена торчишь торчит скинь скинул скинула кинь закинь переведи перевёл перевел отправь отправил'
  ).split(' '),
);

/** Words after a sum: what a number counts would be none of these. */
const NO_NOUNS = new Set(
  (
    'for each per by to in on at a and or if cash now today tonight tomorrow upfront before until till but then max min total back more still apiece from with the since ' +
    'mate bro man lol fam bruh pls please maat broer alter bruder frère frérot tío hermano mano cara frate fra брат vlla kanka abi stary bror ' +
    'voor en of als nu vandaag morgen contant terug nog elk om op van cash für und oder wenn jetzt heute bar zurück noch bis pro ' +
    'pour et ou si demain cash chacun pièce le la par y o si por cada hoy mañana para a e se il al per ogni oggi domani à em no na pra ' +
    'za i albo do dziś jutro och eller idag för dhe ose për sot pe și sau pentru azi за и или до с мне на'
  ).split(' '),
);

/** Whose money is meant where nothing but the language shows it. */
const LANGUAGES: Readonly<Record<string, string>> = {
  ...{ nl: 'EUR', de: 'EUR', fr: 'EUR', es: 'EUR', it: 'EUR', pt: 'EUR', pl: 'PLN', tr: 'TRY', sv: 'SEK', ro: 'RON' },
  ...{ sq: 'EUR', ru: 'RUB', hi: 'INR' },
};
const USUAL = ['USD', 'EUR', 'GBP'];

/**
 * `he owes me 5k`: thousands of the currency of the region or the language, else of dollars, where a word before says
 * that something is owed, paid or asked and what follows could not be counted. The usual other currencies are kept as
 * other readings. Null where it is no sum.
 */
export function bareSum(scan: Scan, around: Surroundings): CurrencyName | null {
  const { number, end, power, inWords } = around;
  if (power === 0 && !inWords && (isFrenchEuro(scan, around) || isGermanNote(scan, around))) return plainEuro;
  if (inWords || power !== THOUSANDS || end - number.end > 2 || !isThousand(scan, number.end)) return null;
  const isPrice = isEach(scan, end);
  if (!isPrice && (!endsAsSum(scan, end) || !isOwed(scan, number.start, end))) return null;
  const code = regionCurrency(scan.region) ?? LANGUAGES[scan.language()] ?? 'USD';
  const others = USUAL.filter((other) => other !== code);
  return { code, others, scale: 0, worth: null, before: false, capitals: false, isWord: true, articled: false };
}

const plainEuro: CurrencyName = {
  ...{ code: 'EUR', others: [], scale: 0, worth: null },
  ...{ before: false, capitals: false, isWord: true, articled: false },
};
const FRENCH_REGIONS = new Set(['FR', 'BE', 'LU']);

/** `6e le gramme`, `tu me dois 50e`: as the French shorten euros; `le 6e` is the sixth. Takes the letter into the sum. */
function isFrenchEuro(scan: Scan, around: Surroundings): boolean {
  const { end } = around.number;
  if ((scan.at(end) | 32) !== 0x65 || isAlnum(scan.at(end + 1)) || scan.at(end + 1) >= 0x80) return false;
  if (!FRENCH_REGIONS.has(scan.region) && scan.language() !== 'fr') return false;
  const start = around.number.start;
  if (
    scan.wordBefore(start, ORDINAL) ||
    !(isEach(scan, end + 1) || (endsAsSum(scan, end + 1) && isOwed(scan, start, end + 1)))
  )
    return false;
  around.end = end + 1;
  return true;
}

const ORDINAL = ['le', 'la', 'au', 'du', 'les', 'aux', 'des', 'un', 'une', 'ce', 'cette', 'mon', 'son'];
const NOTES_OF = new Set([5, 10, 20, 50, 100, 200, 500]);
const ARTICLES = ['ein', 'einen', 'nen', 'einem', 'nem', 'n'];
const GERMAN_REGIONS = new Set(['DE', 'AT']);
/** What goes on after `nen 500er` besides what goes on after any sum. */
const AFTER_NOTE = new Set(
  'dabei gegeben geliehen verloren gefunden gewonnen drin übrig rüber her hin mehr weniger'.split(' '),
);

/** `hab nen 500er dabei`: a banknote; `ein 10er Pack` and `die 20er Jahre` are none. Takes the ending into the sum. */
function isGermanNote(scan: Scan, around: Surroundings): boolean {
  const { end, start, length, point } = around.number;
  if ((scan.at(end) | 32) !== 0x65 || (scan.at(end + 1) | 32) !== 0x72 || isAlnum(scan.at(end + 2)) || length !== point)
    return false;
  if (!GERMAN_REGIONS.has(scan.region) && scan.language() !== 'de') return false;
  const value = Number(decoder.decode(scan.bytes.subarray(start, end)));
  if (!NOTES_OF.has(value) || !scan.wordBefore(start, ARTICLES)) return false;
  const next = end + 2;
  const follows = scan.at(next) === SPACE ? textOf(scan, next + 1, wordEnd(scan, next + 1)) : '';
  if (scan.at(next) >= 0x80 || !(endsAsSum(scan, next) || AFTER_NOTE.has(follows))) return false;
  around.end = next;
  return true;
}

/** Sums in the slang of London, which are other words as well: they count where something is owed. */
const SLANG = ['monkey', 'monkeys', 'pony', 'ponies', 'bags'];
const DEBTS = new Set(
  'owe owes owed owing owin debt lend lent borrow borrowed cost costs costing pay pays paid charge charges charged bet repay'.split(
    ' ',
  ),
);

/** Whether the unit of the sum is one of those words. */
export function isSlangOfDebts(scan: Scan, { after }: Surroundings): boolean {
  return (
    after.meaning?.currency?.code === 'GBP' &&
    after.meaning.currency.worth !== null &&
    scan.wordBefore(after.end, SLANG)
  );
}

/** `he owes me a monkey`, `paid 20 bags`; not `paid for 3 bags`, and only in the United Kingdom. */
export function isOwedInSlang(scan: Scan, { number, after }: Surroundings): boolean {
  if (scan.region !== 'GB' || scan.wordBefore(number.start, FOR)) return false;
  if (textOf(scan, after.end + 1, wordEnd(scan, after.end + 1)) === 'of') return false;
  return (endsAsSum(scan, after.end) || isEach(scan, after.end)) && isSaidBefore(scan, number.start, DEBTS);
}

const FOR = ['for'];

/** `5k each`, `6k per stuk`, `8k le kilo`: what one of them costs. */
function isEach(scan: Scan, end: number): boolean {
  if (scan.at(end) !== SPACE || isDigit(scan.at(end + 1))) return false;
  const first = end + 1;
  const firstEnd = wordEnd(scan, first);
  const one = textOf(scan, first, firstEnd);
  if (EACH.has(one)) return !TIMES.has(textOf(scan, firstEnd + 1, wordEnd(scan, firstEnd + 1)));
  if (!A_PIECE.has(one) || scan.at(firstEnd) !== SPACE) return false;
  return PIECES.has(textOf(scan, firstEnd + 1, wordEnd(scan, firstEnd + 1)));
}

function textOf(scan: Scan, start: number, end: number): string {
  return decoder.decode(scan.bytes.subarray(start, end)).toLowerCase();
}

const EACH = new Set(
  'each apiece cash contant bar upfront stuk chacun chacune cadauno cadauna contado styck sztuka tanesi'.split(' '),
);
/** `5k each morning` is run. */
const TIMES = new Set(['day', 'morning', 'night', 'evening', 'week', 'month', 'time', 'year', 'way']);
const A_PIECE = new Set('a an per the le la el al il o pro das der för za за the kilosu'.split(' '));
const PIECES = new Set(
  (
    'kilo kg key ki gram g gr gramo grammo grammi gramme gramm piece pop unit oz ounce box brick block blok lot stuk stück stuck pièce piece pezzo pieza unidad unidade ' +
    'styck st sztukę sztuke kilogram кило кг грамм штуку штука килограмм litre liter'
  ).split(' '),
);

/** `k`, `K` or the Cyrillic `к`, directly behind the digits. */
function isThousand(scan: Scan, at: number): boolean {
  return (scan.at(at) | 32) === 0x6b || (scan.at(at) === 0xd0 && scan.at(at + 1) === 0xba);
}

function endsAsSum(scan: Scan, end: number): boolean {
  const after = scan.at(end);
  if (after !== SPACE) return after < SPACE || after === 0x2e || after === 0x2c || after === 0x21 || after === 0x3f;
  return !isDigit(scan.at(end + 1)) && scan.hasWordBefore(end + 1) && countsNothing(scan, end + 1);
}

/** Whether the word at `at` is none that could be counted or described: what stands before it is complete. */
export function countsNothing(scan: Scan, at: number): boolean {
  const word = decoder.decode(scan.bytes.subarray(at, wordEnd(scan, at))).toLowerCase();
  return NO_NOUNS.has(word) || OWED.has(word);
}

function isSaidBefore(scan: Scan, at: number, words: ReadonlySet<string>): boolean {
  const near = decoder.decode(scan.bytes.subarray(Math.max(scan.start, at - REACH), at)).toLowerCase();
  return near.split(/[^\p{L}]+/u).some((word) => words.has(word));
}

/** `owes me 5k`, `moet 5k betalen`. */
function isOwed(scan: Scan, at: number, end: number): boolean {
  const from = Math.max(scan.start, at - REACH);
  const near = decoder.decode(scan.bytes.subarray(from, wordEnd(scan, Math.min(end + 1, scan.end)))).toLowerCase();
  return near.split(/[^\p{L}]+/u).some((word) => OWED.has(word));
}
