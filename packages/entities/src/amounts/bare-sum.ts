import { isDigit } from '../byte-class.ts';
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
    'deposit debt bail bribe profit earn earned invoice ransom ' +
    'kost kosten betaal betaalt betaald betalen schuldig schuld prijs verdien verdient krijg krijgt leen geleend kostet zahl zahle zahlt zahlen bezahlt bezahle schuldest schuldet schulde schulden preis ' +
    'dois doit doivent coûte coute payé paye payer prix vaut dette debe debes deben cuesta pago pagar pagó precio vale cobro cobra cobran deuda ' +
    'devi deve devono costa paga pagare pagato prezzo debito custa preço preco dívida wisi wisisz kosztuje zapłać zapłacił płacę cena dług ' +
    'borç borcun borcu borcum fiyat fiyatı öde ödedi ödeme skyldig kostar betala betalar pris skuld datorezi datorează costă plătește plătit preț ' +
    'borxh kushton paguaj paguan çmimi должен должна должны стоит заплати плати платит заплатил цена торчишь торчит'
  ).split(' '),
);

/** Words after a sum: what a number counts would be none of these. */
const NO_NOUNS = new Set(
  (
    'for each per by to in on at a and or if cash now today tonight tomorrow upfront before until till but then max min total back more still apiece from with the since ' +
    'mate bro man lol fam bruh pls please maat broer alter bruder frère frérot tío hermano mano cara frate fra брат vlla kanka abi stary bror ' +
    'voor en of als nu vandaag morgen contant terug nog elk om op van cash für und oder wenn jetzt heute bar zurück noch bis pro ' +
    'pour et ou si demain cash chacun pièce le la par y o si por cada hoy mañana para a e se il al per ogni oggi domani à em no na pra ' +
    'za i albo do dziś jutro och eller idag för dhe ose për sot pe și sau pentru azi за и или до с мне'
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
export function bareSum(scan: Scan, { number, end, power, inWords }: Surroundings): CurrencyName | null {
  if (inWords || power !== THOUSANDS || end - number.end > 2 || !isThousand(scan, number.end)) return null;
  const isPrice = isEach(scan, end);
  if (!isPrice && (!endsAsSum(scan, end) || !isOwed(scan, number.start, end))) return null;
  const code = regionCurrency(scan.region) ?? LANGUAGES[scan.language()] ?? 'USD';
  const others = USUAL.filter((other) => other !== code);
  return { code, others, scale: 0, worth: null, before: false, capitals: false, isWord: true, articled: false };
}

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

/** `owes me 5k`, `moet 5k betalen`. */
function isOwed(scan: Scan, at: number, end: number): boolean {
  const from = Math.max(scan.start, at - REACH);
  const near = decoder.decode(scan.bytes.subarray(from, wordEnd(scan, Math.min(end + 1, scan.end)))).toLowerCase();
  return near.split(/[^\p{L}]+/u).some((word) => OWED.has(word));
}
