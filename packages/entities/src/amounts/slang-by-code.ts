/** Everyday and slang names after a number, in many languages, by code; of several codes the first is meant unless the region says otherwise. */
export const slangByCode: Readonly<Record<string, string>> = {
  USD:
    'dolców,dolary,smackers,dollaz,dolla,simoleons,greenbacks,us dollars,us dollar,u.s. dollars,u.s. dollar,' +
    'united states dollars,united states dollar,usa dollars,dollars,us-dollars,dollars américains,' +
    'dollar américain,dollars us,dollars états-unis,dólares americanos,dólares de estados unidos,' +
    'dólares de ee. uu.,dolares americanos,dólares estadunidenses,dollari americani,dolara,dolarlık,' +
    'amerikan doları,abd doları,dolarów,dolarow,dollarë,долларов сша,доллара сша,доллар сша,долл,долл.,' +
    'бакс,баксы,зелени,долара,доларов,دولارات,دولارا,دولاراً,دولار أمريكي,دولار امريكي,דולר,דולרים,' +
    'अमेरिकी डॉलर',
  GBP:
    'nicker,pounds sterling,pound sterling,ponden,pond,pfund,livres,livre,sterling,sterline,sterlina,' +
    'paund,paundë,paundësh,stërlina,lire sterline,libras esterlinas,libra esterlina,sterlin,funtów,funtow,pund,фунта,фунт,фунты,جنيه استرليني,جنيهات استرلينية,جنيهات إسترلينية,جنيه إسترليني,פאונד,पाउंड',
  EGP: 'l.e,l.e.,geneh,genihat masriya,egyptianpound,egyptianpounds,جنيه مصري,جنيهات مصرية,ج.م',
  SAR: 'saudiriyal,ريال سعودي,ريالات,ر.س',
  PLN: 'zl,zlotych,złociszy,złotówek,zlotowek,ziko,zeta,zety,zetów',
  INR:
    'ruppees,rupess,indian rs,indischen rupien,rupien,rupie,rupisi,रुपये,रु,रु.,रूपए,रूपये,रुपयों,rupaye,' +
    'rupay,rupaiya,rupiya',
  AED: 'درهم إماراتي,درهم اماراتي,دراهم إماراتية,dhs,дирхам,дирхамов,درهما,د.إ',
  'AED MAD': 'dh,دراهم',
  EUR:
    'euries,eurie,eurietjes,eurootje,boules,boule,keus,keusses,paus,eu,eurootjes,eurotjes,ekkies,pleuro,pegel,piek,tacken,öcken,euronen,balles,euri,euritos,eurini,euroya,' +
    'euroluk,avro,euroyu,euraków,eurosh,евриков,يوروات,اورو,أورو,יורו,אירו',
  NLG:
    'gulden,guldens,niederländische gulden,niederländischen gulden,florins néerlandais,florins hollandais,' +
    'florins,florines neerlandeses,florines holandeses,florines,florins holandeses,fiorini olandesi,' +
    'hollanda guldeni,hollanda loncası,डच गिल्डर,गिल्डर',
  'SEK NOK DKK': 'kronen,kroon,coroas,corone,kron',
  RUB: 'roebel,roebels,rubeln,rublos,ruble,rubli,руб,руб.,р,р.,рублей,рубликов,रूबल',
  FIM:
    'markka,markkaa,finse mark,finnische mark,marks finlandais,mark finlandais,marcos finlandeses,' +
    'marchi finlandesi,फ़िन्निश मार्का,फिन्निश मार्का,fin markası,finlandiya markkası,finska mark,फिनिश मार्का,मार्का,फ़िनिश मार्का,' +
    'फ़िनिश मार्क्का,फिनिश मार्क',
  ITL: 'lire',
  TRY: 'ليرة تركية,ليرات تركية,lira turche,lire turche,liralık,liraya,liradan,türk lirası,turk lirasi,liralik',
  CAD: 'kanadischen dollar,dollars canadiens,dólares canadenses,kanada doları,कनाडाई डॉलर,कैनेडियन डॉलर',
  DKK: 'dänische kronen,coronas danesas',
  DEM: 'deutsche mark,d-mark,marcos',
  HKD:
    'dollar hong kong,dollars hong kong,dollars de hong-kong,dólares de hong kong,hong kong doları,' +
    'हांगकांग डॉलर,हॉन्ग कॉन्ग डॉलर',
  FRF: 'francs français',
  'SEK NOK DKK CZK': 'couronnes,coronas',
  'INR PKR LKR': 'roupies',
  ESP: 'pesetas,pta,ptas,peseta',
  JPY: 'yens japonais,yenes,ienes,japon yeni,иены,येन',
  'EUR USD': 'pavos',
  MXN: 'varos',
  'MXN ARS': 'pesitos',
  PEN: 'soles',
  ARS: 'pesos argentinos',
  COP: 'pesos colombianos',
  CLP: 'pesos chilenos',
  'TRY ITL': 'liras',
  BRL: 'reais,reales,conto,contos,pila,pilas',
  CHF: 'stutz,stütz,fränkli,franga zvicrane,franga zvicerane,francos suicos,francos suíços,franchi svizzeri,isviçre frangı,frangı',
  'CHF FRF': 'francos,franchi,frank,फ़्रैंक,फ्रैंक',
  AUD: 'avustralya doları,ऑस्ट्रेलियाई डॉलर',
  CNY: 'çin yuanı,юаня,युआन',
  'INR PKR': 'rupi',
  'CZK SEK NOK DKK': 'koron,крон',
  CZK: 'koruna',
  HRK: 'kuna,kune',
  UAH: 'hrywien',
  SEK: 'bagis,riksdaler,spänn,daler',
  'SEK NOK DKK ISK': 'kr',
  NOK: 'gryn,kroners',
  'NOK DKK': 'kroner',
  'DKK NOK SEK': 'kr.',
  'RON MDL': 'lei',
  RON: 'leuți,roni',
  USDT: 'u,usdts',
  ALL: 'lekë,leke,lekësh',
  BGN: 'лв.',
  KWD: 'динара,динар,دينار كويتي,د.ك',
  'KWD RSD IQD': 'динаров',
  ILS: 'шекелей,шекеля,شيكل,شواقل,ש"ח,ש״ח,שח',
  KZT: 'тенге',
  IRR: 'риалов',
  BTC: 'битка,битков,биткоина,биткоинов,биткойнов,बिटकॉइन',
  QAR: 'ريال قطري,ريالات قطرية',
  OMR: 'ريال عماني',
  'EGP GBP': 'جنيه,جنيهات',
  'KWD IQD JOD DZD': 'دينار,دنانير',
  'TRY LBP SYP': 'ليرة,ليرات',
  LBP: 'ليرة لبنانية,ليرات لبنانية',
  SYP: 'ليرة سورية,ليرات سورية',
  JOD: 'دينار اردني,دينار أردني,دنانير أردنية,دنانير اردنية',
  IQD: 'دينار عراقي,دنانير عراقية',
  DZD: 'دينار جزائري,دنانير جزائرية',
  TND: 'دينار تونسي,دنانير تونسية',
  LYD: 'دينار ليبي,دنانير ليبية',
  BHD: 'دينار بحريني,دنانير بحرينية',
  MAD: 'د.م.,د.م,درهم مغربي,دراهم مغربية',
  SDG: 'جنيه سوداني,جنيهات سودانية',
  YER: 'ريال يمني,ريالات يمنية',
  'GBP TRY': 'לירות',
  'KWD JOD': 'דינר',
};
