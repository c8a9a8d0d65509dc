/** Everyday and slang names after a number: code, or codes with the first meant unless the region says otherwise. */
export const slangNames: Readonly<Record<string, string>> = {
  // English
  ...{ smackers: 'USD', dollaz: 'USD', dolla: 'USD', simoleons: 'USD', greenbacks: 'USD', },
  ...{ nicker: 'GBP', 'pounds sterling': 'GBP', 'pound sterling': 'GBP', 'l.e': 'EGP', 'l.e.': 'EGP', },
  ...{ geneh: 'EGP', 'genihat masriya': 'EGP', egyptianpound: 'EGP', egyptianpounds: 'EGP', saudiriyal: 'SAR' },
  ...{ 'us dollars': 'USD', 'us dollar': 'USD', 'u.s. dollars': 'USD', 'u.s. dollar': 'USD', 'united states dollars': 'USD' },
  ...{ 'united states dollar': 'USD', 'usa dollars': 'USD', jod: 'JOD', btc: 'BTC', rs: 'INR PKR LKR' },
  ...{ zl: 'PLN', ruppees: 'INR', rupess: 'INR', inr: 'INR', 'indian rs': 'INR', dhs: 'AED', dh: 'AED MAD' },
  // Dutch
  ...{ eurootjes: 'EUR', eurotjes: 'EUR', ekkies: 'EUR', pleuro: 'EUR', pegel: 'EUR', gulden: 'NLG', guldens: 'NLG', piek: 'EUR' },
  ...{ ponden: 'GBP', pond: 'GBP', dollars: 'USD', kronen: 'SEK NOK DKK', kroon: 'SEK NOK DKK', roebel: 'RUB', roebels: 'RUB' },
  ...{ markka: 'FIM', markkaa: 'FIM', 'finse mark': 'FIM', lire: 'ITL', 'lira turche': 'TRY' },
  // German
  ...{ tacken: 'EUR', öcken: 'EUR', pfund: 'GBP', 'us-dollars': 'USD', rubeln: 'RUB', 'euronen': 'EUR' },
  ...{ 'finnische mark': 'FIM', 'kanadischen dollar': 'CAD', 'dänische kronen': 'DKK', 'deutsche mark': 'DEM', 'd-mark': 'DEM' },
  ...{ 'indischen rupien': 'INR', rupien: 'INR', 'niederländische gulden': 'NLG', 'niederländischen gulden': 'NLG' },
  // French
  ...{ balles: 'EUR', livres: 'GBP', livre: 'GBP', sterling: 'GBP', 'dollars américains': 'USD' },
  ...{ 'dollar américain': 'USD', 'dollars us': 'USD', 'dollars canadiens': 'CAD', 'dollar hong kong': 'HKD', 'dollars hong kong': 'HKD' },
  ...{ 'dollars de hong-kong': 'HKD', 'dollars états-unis': 'USD', 'francs français': 'FRF', 'marks finlandais': 'FIM' },
  ...{ 'mark finlandais': 'FIM', 'florins néerlandais': 'NLG', 'florins hollandais': 'NLG', florins: 'NLG', couronnes: 'SEK NOK DKK CZK' },
  ...{ roupies: 'INR PKR LKR', pesetas: 'ESP', peseta: 'ESP', euri: 'EUR', 'yens japonais': 'JPY' },
  // Spanish
  ...{ pavos: 'EUR USD', euritos: 'EUR', lucas: 'COP ARS CLP', varos: 'MXN', pesitos: 'MXN ARS', },
  ...{ 'marcos finlandeses': 'FIM', 'florines neerlandeses': 'NLG', 'florines holandeses': 'NLG', florines: 'NLG', soles: 'PEN' },
  ...{ 'dólares americanos': 'USD', 'dólares de estados unidos': 'USD', 'dólares de ee. uu.': 'USD', 'dolares americanos': 'USD' },
  ...{ 'dólares de hong kong': 'HKD', 'pesos argentinos': 'ARS', 'pesos colombianos': 'COP', 'pesos chilenos': 'CLP' },
  ...{ coronas: 'SEK NOK DKK CZK', marcos: 'DEM', liras: 'TRY ITL', reais: 'BRL', reales: 'BRL', rublos: 'RUB', yenes: 'JPY' },
  // Portuguese
  ...{ conto: 'BRL', contos: 'BRL', pila: 'BRL', pilas: 'BRL', 'dólares estadunidenses': 'USD', 'ienes': 'JPY' },
  ...{ 'florins holandeses': 'NLG', 'francos suicos': 'CHF', 'francos suíços': 'CHF', francos: 'CHF FRF' },
  ...{ 'dólares canadenses': 'CAD', coroas: 'SEK NOK DKK', 'coronas danesas': 'DKK', },
  // Italian
  ...{ eurini: 'EUR', sterline: 'GBP', sterlina: 'GBP', franchi: 'CHF FRF', corone: 'SEK NOK DKK', 'marchi finlandesi': 'FIM' },
  ...{ 'fiorini olandesi': 'NLG', 'dollari americani': 'USD', 'franchi svizzeri': 'CHF', rupie: 'INR', 'lire turche': 'TRY' },
  // Turkish
  ...{ liralık: 'TRY', liraya: 'TRY', liradan: 'TRY', 'türk lirası': 'TRY', 'turk lirasi': 'TRY', },
  ...{ dolara: 'USD', dolarlık: 'USD', euroya: 'EUR', euroluk: 'EUR', avro: 'EUR', sterlin: 'GBP', 'amerikan doları': 'USD', 'abd doları': 'USD' },
  ...{ 'kanada doları': 'CAD', 'hong kong doları': 'HKD', 'avustralya doları': 'AUD', 'isviçre frangı': 'CHF', frank: 'CHF FRF' },
  ...{ frangı: 'CHF', 'japon yeni': 'JPY', 'çin yuanı': 'CNY', rupi: 'INR PKR', rupisi: 'INR', 'fin markası': 'FIM', 'finlandiya markkası': 'FIM' },
  ...{ 'hollanda guldeni': 'NLG', 'hollanda loncası': 'NLG', kron: 'SEK NOK DKK', ruble: 'RUB', euroyu: 'EUR', liralik: 'TRY' },
  // Polish, Czech, Croatian
  ...{ zlotych: 'PLN', złociszy: 'PLN', złotówek: 'PLN', zlotowek: 'PLN', ziko: 'PLN', dolarów: 'USD', dolarow: 'USD', funtów: 'GBP', funtow: 'GBP' },
  ...{ euraków: 'EUR', koron: 'CZK SEK NOK DKK', koruna: 'CZK', kuna: 'HRK', kune: 'HRK', dolara: 'USD', rubli: 'RUB', hrywien: 'UAH' },
  // Swedish, Norwegian, Danish
  ...{ bagis: 'SEK', riksdaler: 'SEK', kr: 'SEK NOK DKK ISK', spänn: 'SEK', daler: 'SEK', pund: 'GBP' },
  ...{ 'finska mark': 'FIM', gryn: 'NOK', kroner: 'NOK DKK', 'kr.': 'DKK NOK SEK', kroners: 'NOK' },
  // Romanian, Albanian
  ...{ lei: 'RON MDL', leuți: 'RON', lekë: 'ALL', leke: 'ALL', lekësh: 'ALL', dollarë: 'USD', eurosh: 'EUR', },
  // Russian, Ukrainian, Bulgarian
  ...{ руб: 'RUB', 'руб.': 'RUB', р: 'RUB', 'р.': 'RUB', рублей: 'RUB', рубликов: 'RUB', 'долларов сша': 'USD', 'доллара сша': 'USD' },
  ...{ 'доллар сша': 'USD', долл: 'USD', 'долл.': 'USD', бакс: 'USD', баксы: 'USD', зелени: 'USD', евриков: 'EUR', 'лв.': 'BGN', долара: 'USD' },
  ...{ доларов: 'USD', фунта: 'GBP', фунт: 'GBP', фунты: 'GBP', динара: 'KWD', динар: 'KWD', динаров: 'KWD RSD IQD', крон: 'CZK SEK NOK DKK' },
  ...{ юаня: 'CNY', иены: 'JPY', шекелей: 'ILS', шекеля: 'ILS', тенге: 'KZT', дирхам: 'AED', дирхамов: 'AED', риалов: 'IRR', битка: 'BTC', битков: 'BTC', биткоина: 'BTC', биткоинов: 'BTC', биткойнов: 'BTC' },
  // Arabic, Hebrew, Hindi
  ...{ دولارات: 'USD', دولارا: 'USD', دولاراً: 'USD', يوروات: 'EUR', اورو: 'EUR', أورو: 'EUR', 'جنيه استرليني': 'GBP', 'جنيه إسترليني': 'GBP', 'ريال قطري': 'QAR', 'ريالات قطرية': 'QAR', 'ريال عماني': 'OMR', جنيه: 'EGP GBP', جنيهات: 'EGP GBP', 'جنيه مصري': 'EGP', دينار: 'KWD IQD JOD DZD', دنانير: 'KWD IQD JOD DZD' },
  ...{ 'دينار كويتي': 'KWD', 'ريال سعودي': 'SAR', ريالات: 'SAR', دراهم: 'AED MAD', ليرة: 'TRY LBP SYP', ليرات: 'TRY LBP SYP', 'ليرة لبنانية': 'LBP', درهما: 'AED' },
  ...{ 'د.ك': 'KWD', 'د.إ': 'AED', 'ر.س': 'SAR', 'ج.م': 'EGP', 'شيكل': 'ILS', شواقل: 'ILS', 'دولار أمريكي': 'USD', 'دولار امريكي': 'USD' },
  ...{ 'ש"ח': 'ILS', 'ש״ח': 'ILS', שח: 'ILS', דולר: 'USD', דולרים: 'USD', יורו: 'EUR', אירו: 'EUR', פאונד: 'GBP', לירות: 'GBP TRY', דינר: 'KWD JOD' },
  ...{ रुपये: 'INR', रु: 'INR', 'रु.': 'INR', रूपए: 'INR', रूपये: 'INR', रुपयों: 'INR', 'अमेरिकी डॉलर': 'USD', पाउंड: 'GBP', येन: 'JPY', युआन: 'CNY', फ़्रैंक: 'CHF FRF' },
  ...{ फ्रैंक: 'CHF FRF', 'डच गिल्डर': 'NLG', गिल्डर: 'NLG', 'फिनिश मार्का': 'FIM', मार्का: 'FIM', रूबल: 'RUB', 'हांगकांग डॉलर': 'HKD', 'हॉन्ग कॉन्ग डॉलर': 'HKD', 'कनाडाई डॉलर': 'CAD', 'कैनेडियन डॉलर': 'CAD' },
  ...{ 'ऑस्ट्रेलियाई डॉलर': 'AUD', rupaye: 'INR', rupay: 'INR', rupaiya: 'INR', rupiya: 'INR', 'फ़िनिश मार्का': 'FIM', 'फ़िनिश मार्क्का': 'FIM', 'फिनिश मार्क': 'FIM', बिटकॉइन: 'BTC' },
};

/** Names in scripts without spaces, longest first wins. */
export const ideographicNames: Readonly<Record<string, string>> = {
  USD: '美元 美金 美刀 美圆 刀 米ドル アメリカドル ドル どる 달러 불 미국달러 미달러 미화',
  EUR: '欧元 歐元 ユーロ 유로',
  GBP: '英镑 英鎊 英磅 ポンド イギリスポンド 파운드 镑',
  CNY: '元 块 塊 块钱 人民币 人民幣 人民元 元人民币 人民币元 中国元 圆 위안 위안화 人民币元 圆人民币 元人民幣 软妹币 rmb 中国人民元',
  JPY: '円 日元 日圆 日圓 엔 엔화 日本円 円玉 円札 日円',
  CHF: '瑞士法郎 法郎 スイスフラン スイス・フラン 스위스프랑',
  FRF: '프랑 フラン',
  HKD: '港元 港币 港幣 港纸 港紙 香港ドル 홍콩달러 蚊',
  TWD: '台币 台幣 新台币 新台幣 新臺幣 臺幣 台湾ドル ニュー台湾ドル 新台湾ドル 대만달러',
  CAD: '加元 加拿大元 加币 カナダドル',
  AUD: '澳元 澳币 オーストラリアドル 豪ドル',
  SGD: '新加坡元 新币 坡币 シンガポールドル',
  NZD: '纽元 新西兰元 ニュージーランドドル',
  KRW: '韩元 韓元 원 ウォン 韩币 원화',
  THB: '泰铢 泰銖 バーツ',
  NGN: '奈拉 ナイラ',
  RUB: '卢布 盧布 ルーブル 루블',
  INR: '卢比 盧比 ルピー 루피',
  VND: '越南盾 盾 ドン',
  PHP: '比索 ペソ',
  PAB: 'パナマ・バルボア バルボア',
  TRY: '里拉 トルコリラ',
  BTC: '比特币 比特幣 ビットコイン 비트코인 大饼',
  ETH: '以太坊 以太币 イーサリアム 이더리움',
  USDT: '泰达币 テザー u币',
  FIM: '芬兰马克 フィンランド・マルッカ 마르카',
  NLG: '荷兰盾 オランダ・ギルダー 휠던 길더',
  GEL: '라리 拉里',
  AED: '迪拉姆 ディルハム',
};

/** Parts of a unit in scripts without spaces, with the power of ten. */
export const ideographicParts: Readonly<Record<string, readonly [string, number]>> = {
  ...{ 角: ['CNY', -1], 毛: ['CNY', -1], 毛钱: ['CNY', -1], 分: ['CNY', -2], 分钱: ['CNY', -2], 美分: ['USD', -2], 仙: ['HKD', -2] },
  ...{ セント: ['USD EUR', -2], 銭: ['JPY', -2], 日本銭: ['JPY', -2], 센트: ['USD EUR', -2], 페니: ['GBP', -2], 펜스: ['GBP', -2], 欧分: ['EUR', -2] },
  ...{ ペンス: ['GBP', -2], 마오: ['CNY', -1], 港仙: ['HKD', -2] },
};

/** More parts of a unit: code and power of ten. */
export const moreParts: Readonly<Record<string, readonly [string, number]>> = {
  ...{ mao: ['CNY', -1], maos: ['CNY', -1], jiao: ['CNY', -1], sen: ['MYR JPY IDR', -2], sens: ['MYR', -2], kopiykas: ['UAH', -2], kopiyka: ['UAH', -2] },
  ...{ kopeck: ['RUB', -2], kopecks: ['RUB', -2], копейки: ['RUB', -2], копейка: ['RUB', -2], коп: ['RUB', -2], 'коп.': ['RUB', -2], копійок: ['UAH', -2] },
  ...{ penique: ['GBP', -2], peniques: ['GBP', -2], penies: ['GBP', -2], peni: ['GBP', -2], pêni: ['GBP', -2], penis: ['GBP', -2], pennik: ['GBP', -2] },
  ...{ centesimo: ['EUR', -2], centimos: ['EUR', -2], centimo: ['EUR', -2], cêntimos: ['EUR', -2], cêntimo: ['EUR', -2], eurocent: ['EUR', -2], eurocents: ['EUR', -2] },
  ...{ 'us cents': ['USD', -2], 'us cent': ['USD', -2], penni: ['FIM', -2], penniä: ['FIM', -2], },
  ...{ grosz: ['PLN', -2], grosze: ['PLN', -2], bani: ['RON', -2], stotinki: ['BGN', -2], ст: ['BGN', -2], ц: ['USD EUR', -2], стотинки: ['BGN', -2], qindarka: ['ALL', -2] },
  ...{ sentti: ['EUR', -2], senttiä: ['EUR', -2], rappen: ['CHF', -2], pfennig: ['DEM', -2], agorot: ['ILS', -2], אגורות: ['ILS', -2], سنت: ['USD', -2], سنتا: ['USD', -2] },
  ...{ سنتات: ['USD', -2], قرش: ['EGP', -2], قروش: ['EGP', -2], هللة: ['SAR', -2], فلس: ['KWD', -3], سنتيم: ['DZD', -2], цент: ['USD EUR', -2], цента: ['USD EUR', -2], центов: ['USD EUR', -2] },
  ...{ центи: ['USD EUR', -2], евроцента: ['EUR', -2], пенс: ['GBP', -2], пенсов: ['GBP', -2], пенса: ['GBP', -2], सेंट: ['USD EUR', -2], पैसे: ['INR', -2], पैसा: ['INR', -2], पेनी: ['GBP', -2], पेंस: ['GBP', -2] },
  ...{ kurus: ['TRY', -2], kuruşluk: ['TRY', -2], sent: ['USD EUR', -2], cènt: ['EUR', -2], סנט: ['USD EUR', -2], סנטים: ['USD EUR', -2], fils: ['AED', -2], lipa: ['HRK', -2], att: ['LAK', -2] },
  ...{ halalas: ['SAR', -2], haleru: ['CZK', -2], cèntims: ['EUR', -2], cèntim: ['EUR', -2], centavi: ['USD', -2], centesimi: ['EUR', -2] },
};

/** Sums with a name of their own: code and worth. */
export const coinNames: Readonly<Record<string, readonly [string, string]>> = {
  ...{ grand: ['USD GBP EUR AUD', '1000'], tenner: ['GBP', '10'], tenners: ['GBP', '10'], fiver: ['GBP', '5'], fivers: ['GBP', '5'], 'c-note': ['USD', '100'], 'c-notes': ['USD', '100'] },
  ...{ dime: ['USD', '0.1'], dimes: ['USD', '0.1'], nickel: ['USD', '0.05'], nickels: ['USD', '0.05'], quarters: ['USD', '0.25'], quarter: ['USD', '0.25'] },
  ...{ kwartje: ['NLG', '0.25'], kwartjes: ['NLG', '0.25'], dubbeltje: ['NLG', '0.1'], dubbeltjes: ['NLG', '0.1'], stuiver: ['NLG', '0.05'], tientje: ['EUR', '10'], tientjes: ['EUR', '10'] },
  ...{ rooie: ['EUR', '1000'], ruggen: ['EUR', '1000'], barkie: ['EUR', '100'], barkies: ['EUR', '100'], meier: ['EUR', '100'], doezoe: ['EUR', '1000'], doezoes: ['EUR', '1000'], donnie: ['EUR', '10'], donnies: ['EUR', '10'] },
  ...{ riesen: ['EUR', '1000'], scheine: ['EUR', '1000'], zehner: ['EUR', '10'], hunni: ['EUR', '100'], lappen: ['EUR', '1000'] },
  ...{ tysiaka: ['PLN', '1000'], stówa: ['PLN', '100'], stówy: ['PLN', '100'], stówę: ['PLN', '100'], koła: ['PLN', '1000'], tusing: ['SEK', '1000'] },
  ...{ косарь: ['RUB', '1000'], косаря: ['RUB', '1000'], косарей: ['RUB', '1000'], лям: ['RUB', '1000000'], ляма: ['RUB', '1000000'], лямов: ['RUB', '1000000'] },
  ...{ khokha: ['INR', '10000000'] },
};
