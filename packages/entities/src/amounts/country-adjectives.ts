import { cldrCurrencyNames } from './cldr-currency-names.ts';

/** Languages whose names of currencies begin with the country. */
const ADJECTIVE_FIRST = ['en', 'nl', 'de', 'sv', 'nb', 'da', 'ru', 'uk', 'bg', 'cs', 'hr', 'hi', 'tr', 'hu', 'ko'];

/** Countries before a name that several share: `australian dollars`. */
const COUNTRIES: Readonly<Record<string, string>> = {
  amerikaanse: 'USD',
  amerikanische: 'USD',
  amerikanischen: 'USD',
  amerikanska: 'USD',
  canadese: 'CAD',
  kanadische: 'CAD',
  kanadischen: 'CAD',
  kanadiska: 'CAD',
  australische: 'AUD',
  australischen: 'AUD',
  zwitserse: 'CHF',
  schweizer: 'CHF',
  indische: 'INR',
  britse: 'GBP',
  britische: 'GBP',
  zweedse: 'SEK',
  schwedische: 'SEK',
  deense: 'DKK',
  dänische: 'DKK',
  turkse: 'TRY',
  türkische: 'TRY',
  türk: 'TRY',
  российских: 'RUB',
  російських: 'RUB',
  українських: 'UAH',
  украинских: 'UAH',
  us: 'USD',
  american: 'USD',
  australian: 'AUD',
  aussie: 'AUD',
  canadian: 'CAD',
  'hong kong': 'HKD',
  'new zealand': 'NZD',
  singapore: 'SGD',
  taiwan: 'TWD',
  jamaican: 'JMD',
  swiss: 'CHF',
  french: 'FRF',
  belgian: 'BEF',
  british: 'GBP',
  english: 'GBP',
  egyptian: 'EGP',
  lebanese: 'LBP',
  syrian: 'SYP',
  turkish: 'TRY',
  indian: 'INR',
  pakistani: 'PKR',
  'sri lankan': 'LKR',
  nepalese: 'NPR',
  mexican: 'MXN',
  argentine: 'ARS',
  chilean: 'CLP',
  colombian: 'COP',
  philippine: 'PHP',
  cuban: 'CUP',
  kuwaiti: 'KWD',
  iraqi: 'IQD',
  serbian: 'RSD',
  algerian: 'DZD',
  tunisian: 'TND',
  jordanian: 'JOD',
  libyan: 'LYD',
  saudi: 'SAR',
  qatari: 'QAR',
  omani: 'OMR',
  iranian: 'IRR',
  yemeni: 'YER',
  moroccan: 'MAD',
  swedish: 'SEK',
  norwegian: 'NOK',
  danish: 'DKK',
  icelandic: 'ISK',
  czech: 'CZK',
  polish: 'PLN',
  hungarian: 'HUF',
  romanian: 'RON',
  bulgarian: 'BGN',
  russian: 'RUB',
  ukrainian: 'UAH',
  albanian: 'ALL',
  japanese: 'JPY',
  chinese: 'CNY',
  korean: 'KRW',
  thai: 'THB',
  vietnamese: 'VND',
  indonesian: 'IDR',
  malaysian: 'MYR',
  malaysia: 'MYR',
  brazilian: 'BRL',
  'south african': 'ZAR',
  nigerian: 'NGN',
  ghanaian: 'GHS',
  kenyan: 'KES',
  ...{
    미국: 'USD',
    중국: 'CNY',
    캐나다: 'CAD',
    호주: 'AUD',
    홍콩: 'HKD',
    대만: 'TWD',
    싱가포르: 'SGD',
    뉴질랜드: 'NZD',
  },
  ...{
    네덜란드: 'NLG',
    스위스: 'CHF',
    프랑스: 'FRF',
    영국: 'GBP',
    일본: 'JPY',
    인도: 'INR',
    스리랑카: 'LKR',
    한국: 'KRW',
  },
  ...{
    멕시코: 'MXN',
    핀란드: 'FIM',
    스웨덴: 'SEK',
    노르웨이: 'NOK',
    덴마크: 'DKK',
    러시아: 'RUB',
    터키: 'TRY',
    태국: 'THB',
  },
  ...{ फिन्निश: 'FIM', फिनिश: 'FIM' },
};

/** Not `de`, `la` and the like; a Korean one may have two letters. */
function isAdjective(word: string): boolean {
  return word.length > 3 || (word.length > 1 && word >= '\u1100');
}

/** `swiss` to `CHF`, for what stands before the name of a currency. */
export function countryAdjectives(): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  for (const lang of ADJECTIVE_FIRST) {
    for (const entry of (cldrCurrencyNames[lang] ?? '').split('|')) {
      const [codes = '', names = ''] = entry.split('=');
      for (const name of names.split(',')) {
        const words = name.split(' ');
        if (words.length === 2 && isAdjective(words[0] as string)) all.set(words[0] as string, codes.slice(0, 3));
      }
    }
  }
  for (const [word, code] of Object.entries(COUNTRIES)) all.set(word, code);
  return all;
}
