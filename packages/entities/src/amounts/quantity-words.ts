import { type Decimal, decimal } from './decimal.ts';

/** Powers of ten after a number, with the spellings of the languages of the cases. */
const POWERS: Readonly<Record<number, string>> = {
  3: 'k mil thousand thousands tsd tausend duizend tys tysięcy тыс тысяч тысячи mila mille हज़ार हजार 천 千',
  4: '万 萬 만',
  5: 'lakh lakhs lac lacs लाख',
  6:
    'm mm mn mio mln mill million millions millionen miljoen millón millones millon milhão milhões milhao milhoes milione ' +
    'milioni milyon miljon miljoner milion miliona milionów milioane milionë млн миллион миллиона миллионов मिलियन 백만 百万',
  7: 'crore crores cr करोड़',
  8: '億 亿 억',
  9:
    'b bn billion billions mrd mld mlrd miljard milliard milliards milliarden milyar miliard miliarde miljarder miliardi miliardo bilhão bilhões bilhoes bilhao बिलियन ' +
    'млрд миллиард миллиарда миллиардов',
  12: 'tn trillion trillions',
};

/** One letter, or so short that it is something else unless money is certain. */
const BRIEF = new Set(['k', 'mil', 'm', 'b', 'mm', 'mn', 'cr', 'tn', 'bn']);

/** Names of units of mass, and how many kilograms one is. Definitions: SI; international pound and ounce of 1959. */
const MASSES: Readonly<Record<string, string>> = {
  '1':
    'kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes kilogramm kilogramos quilo quilos quilogramas chili chilo ' +
    'кг килограмм килограммов 公斤 千克 キロ 킬로',
  '0.001': 'g gr gram grams gramm gramme grammes grammi gramos gramas grammo gramów грамм граммов 克 グラム',
  '0.000001': 'mg milligram milligrams miligramos мг 毫克',
  '1000': 't ton tons tonne tonnes tonnen tonnellate toneladas тонн тонны 吨 トン',
  '0.45359237': 'lb lbs pound pounds libras',
  '0.028349523125': 'oz ounce ounces onças onzas',
  '0.5': '斤',
};

/** Things counted by the piece, under one canonical name. */
const PIECES: Readonly<Record<string, string>> = {
  pill: 'pill pills pillen pilules pastillas pastilhas pillole tabletki таблеток 药片',
  tablet: 'tablet tablets tabletten comprimidos comprimés compresse',
};

export interface PowerOfTen {
  readonly exponent: number;
  readonly brief: boolean;
  /** Exponent where the currency stands before the number and none after: `$5 mil` is English, `5 mil euros` is not. */
  readonly alone: number;
}

export function powersOfTen(): Map<string, PowerOfTen> {
  const words = new Map<string, PowerOfTen>([['mil millones', { exponent: 9, brief: false, alone: 9 }]]);
  for (const [exponent, list] of Object.entries(POWERS)) {
    for (const word of list.split(' ')) {
      const alone = word === 'mil' ? 6 : Number(exponent);
      words.set(word, { exponent: Number(exponent), brief: BRIEF.has(word), alone });
    }
  }
  return words;
}

export function massUnits(): Map<string, Decimal> {
  return spread(MASSES, decimal);
}

export function pieceNames(): Map<string, string> {
  return spread(PIECES, (name) => name);
}

function spread<T>(table: Readonly<Record<string, string>>, read: (key: string) => T): Map<string, T> {
  const words = new Map<string, T>();
  for (const [key, list] of Object.entries(table)) for (const word of list.split(' ')) words.set(word, read(key));
  return words;
}
