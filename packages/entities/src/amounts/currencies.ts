/** ISO 4217 list one, and coins by their usual tickers. */
export const currencyCodes: string =
  'AED AFN AMD ANG AOA ARS AUD AWG AZN BBD BDT BGN BHD BIF BMD BND BRL BTN BWP BYN BZD CAD CDF CHF CLP CNY CRC CVE ' +
  'CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK ' +
  'JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LBP LKR LRD LYD MDL MGA MKD MMK MNT MRU MVR MWK MXN MYR MZN ' +
  'NGN NIO NOK NPR NZD OMR PGK PKR PLN PYG QAR RSD RUB RWF SBD SDG SEK SGD SHP SRD SSP STN SVC SYP SZL THB TJS ' +
  'TMT TND TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL BTC ETH XMR LTC USDT USDC ' +
  'DOGE BCH XRP TRX BNB ZEC';

/** Codes that are words, names or products in some language: in capitals only, and only after the number. */
export const riskyCodes: string =
  'ALL BAM BOB BSD COP CUP GEL LAK LSL MAD MOP MUR NAD PAB PEN PHP RON SAR SCR SLE SOS TOP TRY SOL ADA DOT DASH AMD ANG';

/** Signs, both before and after a number. Several codes: the first is meant unless the region says otherwise. */
export const currencySigns: Readonly<Record<string, string>> = {
  $: 'USD',
  '＄': 'USD',
  '€': 'EUR',
  '£': 'GBP',
  '￡': 'GBP',
  '¥': 'JPY CNY',
  '￥': 'CNY JPY',
  '₹': 'INR',
  '₨': 'INR PKR LKR',
  '₽': 'RUB',
  '₺': 'TRY',
  '₴': 'UAH',
  '₦': 'NGN',
  '₩': 'KRW',
  '₪': 'ILS',
  '₫': 'VND',
  '₱': 'PHP',
  '฿': 'THB',
  '₿': 'BTC',
  '₡': 'CRC',
  '₭': 'LAK',
  '₲': 'PYG',
  '₵': 'GHS',
  '₸': 'KZT',
  '₼': 'AZN',
  '₾': 'GEL',
  '₮': 'MNT',
  '៛': 'KHR',
  '৳': 'BDT',
  '﷼': 'SAR IRR YER',
  Ξ: 'ETH',
  '₳': 'ADA',
  ரூ: 'LKR',
  रू: 'INR NPR',
  रु: 'INR NPR',
  zł: 'PLN',
  Kč: 'CZK',
};

/** Names before or after a number. */
export const namesBothSides: Readonly<Record<string, string>> = {
  Rs: 'INR PKR LKR',
  kr: 'SEK NOK DKK ISK',
  RM: 'MYR',
  Rp: 'IDR',
  Fr: 'CHF',
  sFr: 'CHF',
  Ft: 'HUF',
  Lei: 'RON',
  Tk: 'BDT',
  rmb: 'CNY',
  XBT: 'BTC',
  NIS: 'ILS',
  TL: 'TRY',
  STG: 'GBP',
  eur: 'EUR',
  euro: 'EUR',
  lei: 'RON',
  usd: 'USD',
  php: '',
  R: 'ZAR',
};

/** Names after a number. */
export const namesAfter: Readonly<Record<string, string>> = {
  USD:
    'dollar dollars dolar dolari dólar dólares dolares dollari dollaro bucks buck доллар доллара долларов баксов бакса доларів ' +
    'доллары dollarë dollarë 美元 美金 米ドル ドル 달러 달러 دولار डॉलर',
  EUR: 'euros euroja euró euroa eiro €ur євро евро ευρώ 欧元 歐元 ユーロ 유로 유로 يورو यूरो',
  GBP: 'quid sterling фунтов 英镑 ポンド 파운드',
  INR: 'rupee rupees rupie rupien roepie rupias roupies रुपये रुपए रुपया',
  CNY: 'yuan yuans renminbi kuai 元 块 塊 人民币 人民幣 人民元 юаней 위안',
  JPY: 'yen yens 円 日元 日圆 日圓 엔 иен',
  CHF: '瑞士法郎 法郎 スイスフラン スイス・フラン franken frank sfr',
  NOK: 'kroner krone',
  SEK: 'kronor krona spänn',
  CZK: 'koruna koruny korun kc',
  PLN: 'zloty zlotys zlotych złoty złote złotych zl',
  HUF: 'forint forints',
  RON: 'leu ron',
  BGN: 'lev leva лв лева',
  RUB: 'ruble rubles rouble roubles rubel rublos roubles рубль рубля рублей руб',
  UAH: 'hryvnia hryvnias hryvnya грн гривень гривні',
  TRY: 'lira liras lirasi lirası',
  ALL: 'lek leke lekë lekesh',
  BRL: 'reais',
  ZAR: 'rand rands',
  THB: 'baht 泰铢 บาท',
  VND: 'dong đồng',
  IDR: 'rupiah rupiahs',
  MYR: 'ringgit ringgits',
  KRW: 'won 원 韩元',
  ILS: 'shekel shekels sheqels שקל שקלים',
  SAR: 'riyal riyals ريال',
  IRR: 'rial rials toman تومان',
  NGN: 'naira',
  GHS: 'cedi cedis',
  HKD: '港元 港币 港幣 香港ドル 홍콩달러',
  TWD: '台币 新台币 台湾ドル ニュー台湾ドル',
  CAD: '加元 加拿大元 カナダドル',
  AUD: '澳元 オーストラリアドル 豪ドル',
  MNT: 'tugrik tugriks',
  BTC: 'bitcoin bitcoins биткоин',
  ETH: 'ether ethereum',
  XMR: 'monero',
  LTC: 'litecoin litecoins',
  USDT: 'tether tethers',
  DOGE: 'dogecoin dogecoins',
};

/** Names after a number that several countries use. */
export const sharedNames: Readonly<Record<string, string>> = {
  pesos: 'MXN ARS CLP COP PHP',
  peso: 'MXN ARS CLP COP PHP',
  francs: 'CHF XAF XOF',
  franc: 'CHF XAF XOF',
  pounds: 'GBP EGP',
  pound: 'GBP EGP',
  libras: 'GBP',
  dinars: 'KWD IQD RSD DZD TND',
  dinar: 'KWD IQD RSD DZD TND',
  kuna: 'HRK',
  dirhem: 'AED MAD',
  dirham: 'AED MAD',
  dirhams: 'AED MAD',
  درهم: 'AED MAD',
};

/** Parts of a unit after a number: code and power of ten. */
export const partNames: Readonly<Record<string, string>> = {
  cent: 'EUR USD',
  cents: 'USD EUR',
  '¢': 'USD EUR',
  '￠': 'USD EUR',
  centavos: 'MXN BRL',
  centavo: 'MXN BRL',
  centimes: 'EUR CHF',
  centime: 'EUR CHF',
  céntimos: 'EUR',
  céntimo: 'EUR',
  centesimi: 'EUR',
  pence: 'GBP',
  p: 'GBP',
  penny: 'GBP',
  pennies: 'USD GBP',
  paise: 'INR',
  paisa: 'INR',
  kopecks: 'RUB',
  копеек: 'RUB',
  öre: 'SEK',
  øre: 'NOK DKK',
  groszy: 'PLN',
  kuruş: 'TRY',
  fen: 'CNY',
};

/** Letters before `$`. */
const DOLLARS: Readonly<Record<string, string>> = {
  us: 'USD',
  usd: 'USD',
  'u.s': 'USD',
  'u.s.': 'USD',
  a: 'AUD',
  au: 'AUD',
  aud: 'AUD',
  c: 'CAD',
  ca: 'CAD',
  cad: 'CAD',
  can: 'CAD',
  hk: 'HKD',
  hkd: 'HKD',
  nz: 'NZD',
  nzd: 'NZD',
  s: 'SGD',
  sg: 'SGD',
  r: 'BRL',
  mx: 'MXN',
  mex: 'MXN',
  nt: 'TWD',
  ntd: 'TWD',
  j: 'JMD',
  bz: 'BZD',
  tt: 'TTD',
  ec: 'XCD',
  ar: 'ARS',
  cl: 'CLP',
  col: 'COP',
  fj: 'FJD',
  n: 'NAD',
  mop: 'MOP',
  abd: 'USD',
  kan: 'CAD',
  twd: 'TWD',
  mxn: 'MXN',
};

/** Whose dollars, crowns, pesos and rupees are meant in a country. */
const REGIONS: Readonly<Record<string, string>> = {
  AU: 'AUD',
  CA: 'CAD',
  NZ: 'NZD',
  HK: 'HKD',
  SG: 'SGD',
  TW: 'TWD',
  MX: 'MXN',
  AR: 'ARS',
  CL: 'CLP',
  CO: 'COP',
  PH: 'PHP',
  NO: 'NOK',
  DK: 'DKK',
  SE: 'SEK',
  IS: 'ISK',
  IN: 'INR',
  PK: 'PKR',
  LK: 'LKR',
  NP: 'NPR',
  CN: 'CNY',
  JP: 'JPY',
  EG: 'EGP',
  GB: 'GBP',
  IQ: 'IQD',
  RS: 'RSD',
  DZ: 'DZD',
  TN: 'TND',
  KW: 'KWD',
  SA: 'SAR',
  IR: 'IRR',
  JM: 'JMD',
  TT: 'TTD',
  BZ: 'BZD',
  US: 'USD',
  CH: 'CHF',
  ...{ JO: 'JOD', LY: 'LYD', BH: 'BHD', MA: 'MAD', AE: 'AED', LB: 'LBP', SY: 'SYP', SD: 'SDG', YE: 'YER', OM: 'OMR' },
  ...{ QA: 'QAR', BR: 'BRL', PE: 'PEN', TR: 'TRY', PL: 'PLN', RO: 'RON', MD: 'MDL', RU: 'RUB', UA: 'UAH', BG: 'BGN' },
  ...{ CZ: 'CZK', AL: 'ALL', KZ: 'KZT', ZA: 'ZAR', NG: 'NGN', GH: 'GHS', KE: 'KES', IL: 'ILS', ...euroArea() },
};

/** Where cents are those of the euro. */
function euroArea(): Record<string, string> {
  const countries = 'NL BE DE AT FR ES PT IT IE FI GR LU MT CY SI SK EE LV LT HR XK ME AD MC SM';
  return Object.fromEntries(countries.split(' ').map((country) => [country, 'EUR']));
}

/** Coins are quoted with many decimals: 1.234 BTC is little more than one. */
const COINS = new Set('BTC ETH XMR LTC USDT USDC DOGE BCH XRP TRX BNB ZEC SOL ADA DOT DASH'.split(' '));

export function isCoin(code: string): boolean {
  return COINS.has(code);
}

/** The currency of a region, or null where a text there is read as anywhere. */
export function regionCurrency(region: string): string | null {
  return REGIONS[region] ?? null;
}

/** `us` to `USD`, for what stands before a dollar sign. */
export function dollarPrefixes(): ReadonlyMap<string, string> {
  return new Map(Object.entries(DOLLARS));
}
