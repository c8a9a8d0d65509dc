import { cldrCurrencyNames } from './cldr-currency-names.ts';
import {
  currencyCodes,
  currencySigns,
  namesAfter,
  namesBothSides,
  partNames,
  riskyCodes,
  sharedNames,
} from './currencies.ts';
import { coinNames, ideographicNames, ideographicParts, moreParts } from './currency-slang.ts';
import { decimal } from './decimal.ts';
import type { CurrencyName } from './meaning.ts';
import { slangByCode } from './slang-by-code.ts';

/** Units that people have one of; many another name is a word of some language too. */
const ARTICLED = new Set(
  (
    'dollar euro ton monkey pony pound rial riyal dinar quid buck grand tenner fiver yen yuan kuai rupee ruble rouble peso lira dirham shekel cent penny dime nickel ' +
    'quarter bitcoin kwartje dubbeltje stuiver tientje barkie meier donnie doezoe gulden pond pfund kroon roebel krona krone frank franc ' +
    'franken dólar dolar dollaro libra sterlina centavo céntimo centime cêntimo centesimo rubel rupie lire złoty zloty ' +
    'доллар рубль евро бакс косарь лям фунт шекель лев лари гривна долар евро цент डॉलर रुपया यूरो रुपये पेनी पाउंड दीनार دولار يورو جنيه ريال درهم دينار ' +
    'yenlik liralık dolarlık euroluk kuruş penique penny pêni yene ien sent zehner zwanziger fuffi hunni zwanni fünfziger hunderter hundring tusenlapp femhundring стольник полтинник пятихатка пятихатку tysiaka stówa stówę pund dollár c-note satoshi spänn'
  ).split(' '),
);

/** Names of currencies that are everyday words, or numbers, where they are written so: the Turkish birr. */
const WORDS = new Set(['bir', 'yeni', 'soms']);

/** Languages whose names of currencies carry no weight of their own in bare form: `yen` and `euro` are everybody's. */
const MOST_OTHERS = 3;

/** Every name a number may have after it, and those it may have before it (`before`), in small letters. */
export function currencyNames(): Map<string, CurrencyName> {
  const names = new Map<string, CurrencyName>();
  const add = (name: string, codes: string, use: Partial<CurrencyName>): void => {
    if (codes === '' || name === '' || WORDS.has(name)) return;
    const [code, ...others] = codes.split(/[ /]/) as [string, ...string[]];
    const usual = {
      scale: 0,
      worth: null,
      before: false,
      capitals: false,
      isWord: false,
      // `un dinar kuweitian` as well as `un dinar`.
      articled: ARTICLED.has(name.toLowerCase().split(' ')[0] as string),
    };
    names.set(name.toLowerCase(), { code, others: others.slice(0, MOST_OTHERS), ...usual, ...use });
  };
  const word = { isWord: true };
  for (const list of Object.values(cldrCurrencyNames)) {
    for (const entry of list.split('|')) {
      const [codes = '', spelled = ''] = entry.split('=');
      for (const name of spelled.split(',')) if (!names.has(name)) add(name, codes, { ...word, before: true });
    }
  }
  for (const code of riskyCodes.split(' ')) add(code, code, { capitals: true });
  for (const code of currencyCodes.split(' ')) if (!riskyCodes.includes(code)) add(code, code, { before: true });
  for (const [code, list] of Object.entries(namesAfter))
    for (const name of list.split(' ')) add(name, code, { ...word, before: name.length > 3 });
  for (const [name, codes] of Object.entries(sharedNames)) add(name, codes, { ...word, before: true });
  for (const [codes, list] of Object.entries(slangByCode)) {
    for (const name of list.split(',')) add(name, codes, { ...word, before: name.length > 4 });
  }
  for (const [code, list] of Object.entries(ideographicNames)) {
    for (const name of list.split(' ')) add(name, code, { ...word, before: /人民|美元|欧元|港/.test(name) });
  }
  for (const [name, codes] of Object.entries(partNames)) add(name, codes, { ...word, scale: -2 });
  for (const [name, [codes, scale]] of Object.entries({ ...ideographicParts, ...moreParts })) {
    add(name, codes, { ...word, scale, before: name === 'sen' });
  }
  for (const [name, codes] of Object.entries(currencySigns)) add(name, codes, { before: true });
  for (const [name, codes] of Object.entries(namesBothSides))
    add(name, codes, { before: true, isWord: name === 'TL' || name === 'kr' });
  for (const [name, [codes, worth]] of Object.entries(coinNames)) add(name, codes, { ...word, worth: decimal(worth) });
  for (const name of ['satoshi', 'satoshis', 'sats']) add(name, 'BTC', { ...word, scale: -8 });
  return names;
}
