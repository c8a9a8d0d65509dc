import { type Decimal, decimal } from './decimal.ts';

/** Powers of ten after a number, with the spellings of the languages of the cases. */
const POWERS: Readonly<Record<number, string>> = {
  1: '十 拾 십',
  2:
    'hundred hundreds honderd hundert hundra hundre hundrede cent cents centinaia yüz yuz sute sută suta qind सौ sau 百 佰 백 ' +
    'מאות сотни сотен',
  3:
    'k к mil mille thousand thousands tsd tsd. tausend duizend tys tys. tysiąc tysiące tysiąca tysiac tysiace tysięcy tysiecy тыс тыс. тысяча тысячи тысяч тысячу ' +
    'хиляди хил хил. mila mille bin mijë mij mije mii mie mia हज़ार हजार hazar hazaar tusen tusind тысячей тысячам тысячами тысячах тыща тыщи тыщ тыщу ألف الف آلاف الاف אלף אלפים 천 千 仟 ribu rb nghìn ngàn mijëra тисяч тис мянга ' +
    'millier milers tisíc tisuća tisuće',
  4: '万 萬 만 w',
  5: 'lakh lakhs lac lacs लाख lak lkh l',
  6:
    'mi m mm mn mio mio. mln mln. mill mill. million million. millions millionen miljoen miljoenen millón millones millon milhão milhões milhao milhoes milione ' +
    'milioni milyon miljon miljoner million millioner milion miliona miliony milionów milionow milioane milioana milionë milion мільйон мільйонів мільйони млн млн. миллион миллиона миллионов милион милиона मिलियन مليون ملايين ' +
    'מיליון מיליוני juta triệu milijun milijuna сая milions milió kk',
  7: 'crore crores cr करोड़ करोड kror',
  8: '億 亿 억',
  9:
    'b bn bil billion billions mrd mrd. mld mld. mlrd mlrd. miljard miljarden milliard milliards milliarder milliarden milyar miliard miliarda miliardy miliardów miliarde miliardë miljard miljarder miliardi miliardo bilhão bilhões bilhoes bilhao बिलियन ' +
    'млрд млрд. миллиард миллиарда миллиардов мільярд мільярдів милиард милиарда مليار مليارات מיליארד milijarda milijarde tỷ tỉ arab अरब',
  12: 'tn trillion trillions trilhão trilhões trilyon biljoen billionen biljon триллион триллионов 兆 조',
};

/** One letter, or so short that it is something else unless money is certain. */
const BRIEF = new Set('w l mi k к mil m b mm mn cr tn bn mia mie mii bil bin mill sau kk lak arab'.split(' '));

/** Names of units of mass, and how many kilograms one is. Definitions: SI; international pound and ounce of 1959. */
const MASSES: Readonly<Record<string, string>> = {
  '1':
    "kg kgs kgr kil kile kilo kilos kilo's kilogram kilograms kilogramy kilogramów kilogramme kilogrammes kilogramm kilogramos kilogramo quilo quilos quilograma quilogramas chili chilo chilogrammi chilogrammo " +
    'кг килограмм килограмма килограммов кило кг. 公斤 千克 キロ キログラム 킬로 킬로그램 키로 키로그램 kilosu kilosunu kiloyu kiloluk kilograma kilogramów quilinho quilinhos kilootje kilootjes kilolar kilogramë kilograme kilogramm किलो किलोग्राम كيلو كغ كجم كيلوغرام كيلوجرام كيلوات קילו ק"ג',
  '0.001':
    'g gr grs gram grams gramme grammes gramm grammi grammo gramos gramas grama gramo gramów gramy gramow gramă grame gramë грамм грамма граммов г гр грам грама 克 グラム 그램 그람 grammetje grammetjes gramı gramlık ग्राम غرام جرام غرامات جرامات غم גרם',
  '0.000001':
    'mg mgs milligram milligrams milligramm milligrammes miligramos miligramas miligramów мг миллиграмм 毫克 ミリグラム mcg.',
  '1000':
    't ton tons tonne tonnes tonnen tonnellata tonnellate tonelada toneladas tona tony ton. тонн тонны тонна тонну 吨 噸 トン 톤 टन طن',
  '0.45359237': 'lb lbs lb. lbs. pound pounds',
  '0.028349523125': 'oz ozs oz. ounce ounces onça onças onza onzas oncia once unzen unze унций унция унции 盎司 オンス',
  '0.5': '斤 市斤 полкило полкг pond pondje pfund',
  '0.05': '钱重',
  '0.01': 'deko dkg dekagram dekagramów dekagramy',
  '0.1': 'ons onsje hg hekto hektogram etto etti ettogrammo ettogrammi',
  '6.35029318': 'stone',
};

/** Things counted by the piece, under one canonical name. */
const PIECES: Readonly<Record<string, string>> = {
  pill: 'pill pills pilletje pilletjes pillen pil pille pilules pilule pastillas pastilla pastilhas pastilha pillole pillola tabletki tabletka таблеток таблетки таблетка 药片 粒药 haplar hap hapı гранул piller pilula pilulas xtc-pillen kolesa колес колёс pasticca pasticche pastiglia pastiglie pigułek pigułki pigułka cachet cachets cacheton cachetons tabletten tablette comprimidos comprimido comprimés comprimé compresse compressa tabletek tabletter tablett tableta tabletë pastile pastila pastilă comprimate 粒 錠 알 정 알약 गोली गोलियां गोलियाँ गोलियों حبة حبات حبوب قرص أقراص اقراص таблетке таблетку',
  tablet: 'tablet tablets',
};

/** The same in two words. */
const PAIRS: Readonly<Record<string, string>> = {
  'xtc pillen': 'pill',
  'xtc pills': 'pill',
  'xtc pill': 'pill',
  'ecstasy pills': 'pill',
  'ecstasy pillen': 'pill',
  'ecstasy tabletten': 'pill',
  'ecstasy tablets': 'pill',
  'mdma pills': 'pill',
  'mdma pillen': 'pill',
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
      const alone = word === 'mil' || word === 'mill' ? 6 : Number(exponent);
      words.set(word, { exponent: Number(exponent), brief: BRIEF.has(word), alone });
    }
  }
  return words;
}

export function massUnits(): Map<string, Decimal> {
  return spread(MASSES, decimal);
}

export function pieceNames(): Map<string, string> {
  return new Map([...spread(PIECES, (name) => name), ...Object.entries(PAIRS)]);
}

function spread<T>(table: Readonly<Record<string, string>>, read: (key: string) => T): Map<string, T> {
  const words = new Map<string, T>();
  for (const [key, list] of Object.entries(table)) for (const word of list.split(' ')) words.set(word, read(key));
  return words;
}
