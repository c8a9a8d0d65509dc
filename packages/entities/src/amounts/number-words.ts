/** The words of a language that numbers are made of. `run` counts up from 0, `tens` from 10 by tens, `hundreds` by hundreds. */
export interface NumberWords {
  /** Words for 0, 1, 2 …, separated by spaces; spellings of one number by `/`, no word by `-`. */
  readonly run: string;
  readonly tens: string;
  readonly hundreds?: string;
  /** Any other value: `dozen=12`. */
  readonly more?: string;
  /** Morphemes between parts of one word (`fünf|und|zwanzig`); absent where numbers are never written as one word. */
  readonly glue?: string;
  /** `and` and what else may stand between the words of one number. */
  readonly and: string;
  /** Decimal point as a word. */
  readonly point: string;
  /** One half after a number: `and a half`. */
  readonly half: string;
}

/** The languages of the cases, by ISO 639 code. */
export const numberWords: Readonly<Record<string, NumberWords>> = {
  en: {
    run:
      'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen ' +
      'eighteen nineteen',
    tens: 'ten twenty thirty forty/fourty fifty sixty seventy eighty ninety',
    and: 'and',
    point: 'point',
    more: 'dozen=12 couple=2',
    half: 'and a half,and half,& a half',
  },
  nl: {
    run:
      'nul een/één/eén twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien ' +
      'zeventien achttien negentien',
    tens: 'tien twintig dertig veertig vijftig zestig zeventig tachtig negentig',
    glue: 'en ën',
    and: 'en',
    point: 'komma',
    half: 'en een half,en een halve,en half,en halve',
    more: 'anderhalf=1.5 anderhalve=1.5 tweeëneenhalf=2.5 drieëneenhalf=3.5',
  },
  de: {
    run:
      'null eins/ein/eine/einen/einem zwei/zwo drei vier fünf/fuenf/fümf sechs sieben acht neun zehn elf zwölf/zwoelf ' +
      'dreizehn vierzehn fünfzehn/fuenfzehn sechzehn siebzehn achtzehn neunzehn',
    tens: 'zehn zwanzig dreißig/dreissig vierzig fünfzig/fuenfzig/fuffzig sechzig siebzig achtzig neunzig',
    glue: 'und',
    and: 'und',
    point: 'komma',
    half: 'und ein halb',
    more: 'anderthalb=1.5 eineinhalb=1.5 zweieinhalb=2.5 dreieinhalb=3.5 viereinhalb=4.5',
  },
  fr: {
    run:
      'zéro un/une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit ' +
      'dix-neuf',
    tens: 'dix vingt trente quarante cinquante soixante soixante-dix/septante quatre-vingt/quatre-vingts/octante/huitante quatre-vingt-dix/nonante',
    and: 'et',
    point: 'virgule',
    half: 'et demi,et demie',
    more:
      'vingts=20 soixante-et-onze=71 soixante-douze=72 soixante-treize=73 soixante-quatorze=74 soixante-quinze=75 soixante-seize=76 ' +
      'quatre-vingt-onze=91 quatre-vingt-douze=92 quatre-vingt-treize=93 quatre-vingt-quatorze=94 quatre-vingt-quinze=95 ' +
      'dizaine=10 vingtaine=20 trentaine=30 quarantaine=40 cinquantaine=50 centaine=100 quatre-vingt-seize=96 quatre-vingt-dix-sept=97 quatre-vingt-dix-huit=98 quatre-vingt-dix-neuf=99 ' +
      'soixante-dix-sept=77 soixante-dix-huit=78 soixante-dix-neuf=79',
  },
  es: {
    run:
      'cero uno/un/una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis/dieciseis ' +
      'diecisiete dieciocho diecinueve',
    tens: 'diez veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa',
    hundreds:
      'cien/ciento doscientos/doscientas trescientos/trescientas cuatrocientos/cuatrocientas quinientos/quinientas ' +
      'seiscientos/seiscientas setecientos/setecientas ochocientos/ochocientas novecientos/novecientas',
    more:
      'veintiuno=21 veintiún=21 veintiuna=21 veintidós=22 veintidos=22 veintitrés=23 veintitres=23 veinticuatro=24 ' +
      'decena=10 docena=12 veintena=20 centenar=100 veinticinco=25 veintiséis=26 veintiseis=26 veintisiete=27 veintiocho=28 veintinueve=29',
    and: 'y,con',
    point: 'punto,coma',
    half: 'y medio,y media',
  },
  pt: {
    run:
      'zero um/uma dois/duas três/tres quatro cinco seis sete oito nove dez onze doze treze catorze/quatorze quinze ' +
      'dezesseis/dezasseis dezessete/dezassete dezoito dezenove/dezanove',
    tens: 'dez vinte trinta quarenta cinquenta/cinqüenta sessenta setenta oitenta noventa',
    hundreds:
      'cem/cento duzentos/duzentas trezentos/trezentas quatrocentos/quatrocentas quinhentos/quinhentas ' +
      'seiscentos/seiscentas setecentos/setecentas oitocentos/oitocentas novecentos/novecentas',
    more: 'dezena=10 dúzia=12 centena=100',
    and: 'e',
    point: 'vírgula,ponto',
    half: 'e meio,e meia',
  },
  it: {
    run:
      'zero uno/un/una due tre/tré quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici ' +
      'sedici diciassette diciotto diciannove',
    tens: 'dieci venti trenta quaranta cinquanta sessanta settanta ottanta novanta',
    more: 'decina=10 ventina=20 trentina=30 cinquantina=50 centinaio=100 vent=20 trent=30 quarant=40 cinquant=50 sessant=60 settant=70 ottant=80 novant=90',
    glue: '',
    and: 'e',
    point: 'virgola',
    half: 'e mezzo,e mezza',
  },
  tr: {
    run: 'sıfır/sifir bir iki üç/uc dört/dort beş/bes altı/alti yedi sekiz dokuz',
    tens: 'on yirmi otuz kırk/kirk elli altmış/altmis yetmiş/yetmis seksen doksan',
    glue: '',
    and: '',
    point: 'virgül,nokta',
    half: 'buçuk,bucuk',
  },
  pl: {
    run:
      'zero jeden/jedna/jedno dwa/dwie/dwóch trzy/trzech cztery/czterech pięć/piec/pięciu sześć/szesc/sześciu siedem/siedmiu ' +
      'osiem/ośmiu dziewięć/dziewiec/dziewięciu dziesięć/dziesiec/dziesięciu jedenaście/jedenascie ' +
      'dwanaście/dwanascie trzynaście/trzynascie czternaście/czternascie piętnaście/pietnascie szesnaście/szesnascie ' +
      'siedemnaście/siedemnascie osiemnaście/osiemnascie dziewiętnaście/dziewietnascie',
    tens:
      'dziesięć dwadzieścia/dwadziescia trzydzieści/trzydziesci czterdzieści/czterdziesci pięćdziesiąt/piecdziesiat ' +
      'sześćdziesiąt/szescdziesiat siedemdziesiąt/siedemdziesiat osiemdziesiąt/osiemdziesiat dziewięćdziesiąt/dziewiecdziesiat',
    hundreds:
      'sto dwieście/dwiescie trzysta czterysta pięćset/piecset sześćset/szescset siedemset osiemset dziewięćset/dziewiecset',
    more: 'półtora=1.5 poltora=1.5',
    and: '',
    point: 'przecinek',
    half: 'i pół,i pol',
  },
  sv: {
    run:
      'noll ett två/tva tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton ' +
      'arton nitton',
    tens: 'tio tjugo trettio fyrtio femtio sextio sjuttio åttio nittio',
    glue: '',
    and: 'och',
    point: 'komma',
    half: 'och en halv,och ett halvt',
  },
  nb: {
    run:
      'null én/ei/ett to tre fire fem seks sju/syv åtte/otte ni/ti ti/ti elleve tolv tretten fjorten femten seksten sytten/søtten ' +
      'atten nitten',
    tens: 'ti tjue/tyve tretti/tredve førti/fyrre femti/halvtreds seksti sytti/halvfjerds åtti/firs nitti/halvfems',
    glue: 'og',
    and: 'og',
    point: 'komma',
    half: 'og en halv,og et halvt',
  },
  sq: {
    run:
      'zero një/nje dy tre/tri katër/kater pesë/pese gjashtë/gjashte shtatë/shtate tetë/tete nëntë/nente dhjetë/dhjete ' +
      'njëmbëdhjetë/njembedhjete dymbëdhjetë/dymbedhjete trembëdhjetë/trembedhjete katërmbëdhjetë/katermbedhjete ' +
      'pesëmbëdhjetë/pesembedhjete gjashtëmbëdhjetë/gjashtembedhjete shtatëmbëdhjetë/shtatembedhjete ' +
      'tetëmbëdhjetë/tetembedhjete nëntëmbëdhjetë/nentembedhjete',
    tens:
      'dhjetë njëzet/njezet tridhjetë/tridhjete dyzet pesëdhjetë/pesedhjete gjashtëdhjetë/gjashtedhjete ' +
      'shtatëdhjetë/shtatedhjete tetëdhjetë/tetedhjete nëntëdhjetë/nentedhjete',
    hundreds:
      'njëqind/njeqind dyqind treqind katërqind/katerqind pesëqind/peseqind gjashtëqind/gjashteqind shtatëqind/shtateqind ' +
      'tetëqind/teteqind nëntëqind/nenteqind',
    more: 'njëmijë=1000 njemije=1000 dhjet=10 tridhjet=30 katërdhjet=40 pesëdhjet=50 pesedhjet=50 gjashtëdhjet=60 shtatëdhjet=70 tetëdhjet=80 nëntëdhjet=90',
    and: 'e',
    point: 'presje',
    half: 'e gjysmë,e gjysme',
  },
  ro: {
    run:
      'zero unu/una doi/două/doua trei patru cinci șase/sase/şase șapte/sapte/şapte opt nouă/noua zece ' +
      'unsprezece/unșpe/unspe doisprezece/douăsprezece/douasprezece/doișpe treisprezece paisprezece cincisprezece ' +
      'șaisprezece/saisprezece șaptesprezece/saptesprezece optsprezece nouăsprezece/nouasprezece',
    tens:
      'zece douăzeci/douazeci treizeci patruzeci cincizeci șaizeci/saizeci/şaizeci șaptezeci/saptezeci/şaptezeci optzeci ' +
      'nouăzeci/nouazeci',
    and: 'și,si,şi',
    point: 'virgulă,virgula',
    half: 'și jumătate,si jumatate,și jumate,si jumate,jumate',
  },
};
