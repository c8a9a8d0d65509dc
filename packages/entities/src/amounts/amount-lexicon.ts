import { ByteLexicon } from './byte-lexicon.ts';
import { countryAdjectives } from './country-adjectives.ts';
import { dollarPrefixes } from './currencies.ts';
import { currencyNames } from './currency-names.ts';
import {
  emptyMeaning,
  LINK_AND,
  LINK_ARTICLE,
  LINK_BETWEEN,
  LINK_HALF,
  LINK_OF,
  LINK_POINT,
  LINK_TO,
  type Meaning,
} from './meaning.ts';
import { type NumberWords, numberWords } from './number-words.ts';
import { arabicTeens, hindiHalves, ideographicDigits, numberWordsOtherScripts } from './number-words-other-scripts.ts';
import { massUnits, pieceNames, powersOfTen } from './quantity-words.ts';

const ARTICLES =
  'a an one nen un una une uno ein eine einen einem een één én en ett et um uma bir один одну одна един една један nje një o un’ jeden ' +
  'אחד एक واحد';
const OF = 'de di d’ of 个 個 枚 di’ dei degli des du von der';
const TO =
  'to bis tot à a hasta até ate til till do до al до la’ ila الى إلى 到 至 から 〜 ～ à’ และ and و и y e et und en och og ve si i și dhe ' +
  'or oder eller veya lub albo sau ose или أو या ou 或 或者 또는 에서 부터 से ile ilâ deri';
/** English fractions that stand before a power: `three quarters of a million`. */
const FRACTIONS: Readonly<Record<string, number>> = {
  ...{
    half: 0.5,
    quarter: 0.25,
    'three quarters': 0.75,
    'tres cuartos': 0.75,
    'tre quarti': 0.75,
    'três quartos': 0.75,
    'trois quarts': 0.75,
    medio: 0.5,
    meio: 0.5,
    mezzo: 0.5,
    mezza: 0.5,
  },
  ...{
    halben: 0.5,
    yarım: 0.5,
    pół: 0.5,
    полмиллиона: 500000,
    полтысячи: 500,
    halve: 0.5,
    halbe: 0.5,
    halv: 0.5,
    halbes: 0.5,
    halber: 0.5,
    halvt: 0.5,
    media: 0.5,
    meia: 0.5,
    demi: 0.5,
    pola: 0.5,
  },
  ...{
    kwart: 0.25,
    viertel: 0.25,
    cuarto: 0.25,
    quart: 0.25,
    quarto: 0.25,
    çeyrek: 0.25,
    ćwierć: 0.25,
    четверть: 0.25,
  },
  ...{
    sfert: 0.25,
    fjärdedels: 0.25,
    ربع: 0.25,
    نص: 0.5,
    반: 0.5,
    adha: 0.5,
    aadha: 0.5,
    paav: 0.25,
    पाव: 0.25,
    mitad: 0.5,
  },
  ...{
    driekwart: 0.75,
    dreiviertel: 0.75,
    trekvarts: 0.75,
    kvarts: 0.25,
    kvart: 0.25,
    'en och en halv': 1.5,
    'ett och ett halvt': 1.5,
  },
  ...{ आधा: 0.5, نصف: 0.5, пол: 0.5, पौने: 0.75, jumătate: 0.5, jumate: 0.5, gjysmë: 0.5 },
};
/** What names would be without their accents, and is another word: hours in Italian and Romanian, banks in Polish. */
const OTHER_WORDS = new Set(['ore', 'banki', 'stow']);
/** Words that begin a number only where the name of a unit stands directly after: they are other words as well. */
const NEVER_FIRST = new Set('i o a do su'.split(' '));
/** Short words that are numbers in one language and something else in others. */
const WEAK: Readonly<Record<string, string>> = {
  to: 'nb',
  en: 'nb',
  et: 'nb',
  ei: 'nb',
  ti: 'nb',
  ni: 'nb',
  si: 'nb',
  on: 'tr',
  tin: 'hi',
  dy: 'sq',
  do: 'hi',
  sei: 'it',
  teen: 'hi',
  char: 'hi',
  bis: 'hi',
  saath: 'hi',
  saat: 'hi',
  panch: 'hi',
  nau: 'hi',
  once: 'es',
  tree: 'en',
  sex: 'sv',
  due: 'it',
  dos: 'es',
  tri: 'hr',
  six: '',
  at: '',
  ban: '',
  elf: '',
  sto: '',
};
const BETWEEN =
  'between from entre zwischen tussen mellan mellem mellom tra fra van von od de din între intre dari arasında между от с بين من في בין מ del du mes ndërmjet midis printre między miedzy';
/** Plurals that say only that there were many. */
const MANY = new Set(
  'hundreds thousands millions billions trillions honderden duizenden milioni milhares miles miliardi milliers millions centinaia tysiące tysięcy сотни тысячи тысяч миллионы миллионов hunderte tausende millionen milyonlarca binlerce'.split(
    ' ',
  ),
);
/** Masses that an article counts: `a kilo`. */
const ONE_MASS = new Set(
  (
    'kilo kile kil kilogram kilogramme kilogramm kilogramë kilogramo quilo chilo chili gram gramm gramme gramo grammo grama ounce oz onza oncia ons etto pfund ' +
    'etti hekto полкило полкг كيلو'
  ).split(' '),
);
/** One, where a number may begin with it. */
const ONE = new Set(['one', 'eins', 'uno', '一', '壹', 'один', 'одну', 'één', 'एक', 'bir']);

interface Built {
  readonly lexicon: ByteLexicon<Meaning>;
  readonly dollars: ByteLexicon<string>;
  /** Names with which a number may begin; where the second is not empty, only in that language. */
  readonly beginnings: readonly (readonly [name: string, weak: string])[];
}

let made: Built | null = null;

/** Everything that is read out of the names, in one go: the names themselves are not kept. */
function built(): Built {
  if (made !== null) return made;
  const all = meanings();
  made = {
    lexicon: new ByteLexicon(all),
    dollars: new ByteLexicon(dollarPrefixes()),
    beginnings: [...all].filter(([, { begins }]) => begins).map(([name, { weak }]) => [name, weak] as const),
  };
  return made;
}

/** Words and signs beside numbers, and number words. Built when first asked for: it has some twenty thousand names. */
export function amountLexicon(): ByteLexicon<Meaning> {
  return (made ?? built()).lexicon;
}

export function dollarLexicon(): ByteLexicon<string> {
  return (made ?? built()).dollars;
}

function meanings(): Map<string, Meaning> {
  const all = new Map<string, Meaning>();
  /** By what is said of them, spellings that are some name's own: what another would be without its accents does not change them. */
  const ownOf = new Map<string, Set<string>>();
  const set = (name: string, part: Partial<Meaning>): void => {
    const exact = name.replaceAll('’', '');
    const said = Object.keys(part)[0] as string;
    const own = ownOf.get(said) ?? new Set<string>();
    ownOf.set(said, own);
    for (const spelling of spellings(exact)) {
      if (spelling === exact) own.add(spelling);
      else if (own.has(spelling) || OTHER_WORDS.has(spelling)) continue;
      const known = all.get(spelling) ?? emptyMeaning();
      const link = known.link | (part.link ?? 0);
      if (part.number !== undefined) known.weak = WEAK[spelling] ?? '';
      all.set(spelling, Object.assign(known, part, { isPrefix: false, link }));
    }
  };
  for (const [name, power] of powersOfTen())
    set(name, {
      power,
      begins:
        isIdeograph(name) ||
        ((!power.brief || power.exponent === 3) && (name.length > 2 || name === 'सौ') && !MANY.has(name)),
    });
  for (const [name, mass] of massUnits()) set(name, { mass, begins: ONE_MASS.has(name) });
  for (const [name, piece] of pieceNames()) set(name, { piece });
  for (const [name, country] of countryAdjectives()) set(name, { country });
  for (const [name, currency] of currencyNames()) set(name, { currency, begins: currency.articled });
  for (const words of Object.values({ ...numberWords, ...numberWordsOtherScripts })) addNumberWords(words, set);
  for (const [name, value] of Object.entries(ideographicDigits)) set(name, { number: value, begins: true });
  for (const [name, value] of [...hindiHalves(), ...arabicTeens()]) set(name, { number: value, begins: true });
  for (const name of ['点', '點', '점', '쩜']) set(name, { link: LINK_POINT });
  for (const [name, value] of Object.entries(FRACTIONS)) set(name, { number: value, begins: true });
  for (const name of ARTICLES.split(' ')) set(name, { link: LINK_ARTICLE });
  for (const name of BETWEEN.split(' ')) set(name, { link: LINK_BETWEEN });
  for (const name of OF.split(' ')) set(name, { link: LINK_OF });
  for (const name of TO.split(' ')) set(name, { link: LINK_TO });
  for (const name of [...all.keys()]) notePrefix(all, name);
  return all;
}

/**
 * Words with which a number or a unit that an article counts may begin. Words of two letters are other words in most
 * texts: they begin a number only where the language is said to be theirs.
 */
export function beginningWords(lang: string): readonly string[] {
  const isMeant = (name: string, weak: string): boolean => weak === '' || weak === lang || name.length > 2;
  return built()
    .beginnings.filter(([name, weak]) => isMeant(name, weak))
    .map(([name]) => name);
}

/** Chinese, Japanese and Korean characters stand side by side without spaces. */
function isIdeograph(name: string): boolean {
  return name.length === 1 && name >= '\u3000';
}

type Setter = (name: string, part: Partial<Meaning>) => void;

function addNumberWords(words: NumberWords, set: Setter): void {
  for (const [name, value] of valuesOf(words))
    set(name, { number: value, begins: (value !== 1 || ONE.has(name)) && !NEVER_FIRST.has(name) });
  for (const name of words.and.split(',')) if (name !== '') set(name, { link: LINK_AND });
  for (const name of words.point.split(',')) if (name !== '') set(name, { link: LINK_POINT });
  for (const name of words.half.split(',')) if (name !== '') set(name, { link: LINK_HALF });
}

/** Every plain word of a language with its value. */
export function valuesOf(words: NumberWords): Map<string, number> {
  const values = new Map<string, number>();
  const count = (list: string, step: number, from: number): void => {
    list.split(' ').forEach((spelled, k) => {
      for (const name of spelled.split('/')) if (name !== '-' && name !== '') values.set(name, from + k * step);
    });
  };
  count(words.run, 1, 0);
  count(words.tens, 10, 10);
  if (words.hundreds !== undefined) count(words.hundreds, 100, 100);
  for (const pair of (words.more ?? '').split(' ')) {
    const [name = '', value] = pair.split('=');
    if (name !== '') values.set(name, Number(value));
  }
  return values;
}

/** For the first word of a longer name: how many words to look for. */
function notePrefix(all: Map<string, Meaning>, name: string): void {
  if (!name.includes(' ') && !name.includes('-')) return;
  const words = name.split(/[ -]/);
  const first = words[0] as string;
  if (first === '') return;
  const meaning = all.get(first) ?? emptyMeaning();
  meaning.words = Math.max(meaning.words, words.length);
  if (all.get(name)?.begins === true) meaning.begins = true;
  all.set(first, meaning);
}

const NUKTA: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from({ length: 8 }, (_, k) => String.fromCharCode(0x958 + k)).map((one) => [one.normalize('NFD'), one]),
);

/** The name, without accents, and beyond ASCII also in capitals: lookups fold ASCII only. */
function spellings(name: string): Iterable<string> {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the question is what is beyond ASCII.
  if (/^[\x00-\x7f]*$/.test(name)) return [name];
  const found = new Set([name, name.normalize('NFC'), name.normalize('NFD')]);
  // Letters with a dot below that Unicode composes no more, but keyboards still write as one.
  if (name.includes('\u093c')) found.add(name.normalize('NFC').replace(/.\u093c/g, (pair) => NUKTA[pair] ?? pair));
  if (/[\u00c0-\u024f]/.test(name)) {
    found.add(
      name
        .normalize('NFD')
        .replace(/[\u0300-\u036f]/g, '')
        .replaceAll('ł', 'l')
        .replaceAll('ı', 'i')
        .replaceAll('ß', 'ss')
        .replaceAll('ø', 'o'),
    );
  }
  found.add(name.toUpperCase());
  found.add(name.charAt(0).toUpperCase() + name.slice(1));
  return found;
}
