import { ByteLexicon } from '../amounts/byte-lexicon.ts';
import { lowerByte, upperByte } from '../byte-class.ts';

/** Months in the languages of the cases, as they stand in dates; spellings of one language in a line, parted by spaces. */
const MONTHS: readonly string[] = [
  'january february march april may june july august september october november december',
  'jan feb mar apr - jun jul aug sep oct nov dec',
  '- - - - - - - - sept - - -',
  'januari februari maart april mei juni juli augustus september oktober november december',
  '- - mrt - - - - - - okt - -',
  'januar februar märz april mai juni juli august september oktober november dezember',
  'jänner - mrz - - - - - - okt - dez',
  'janvier février mars avril mai juin juillet août septembre octobre novembre décembre',
  'janv févr - avr - - juil - - - - déc',
  'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre',
  'ene - - abr - - - ago - - - dic',
  'janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro',
  '- fev - - - - - - set out - dez',
  'gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre',
  'gen - - - mag giu lug - - ott - -',
  'ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık',
  '- subat - - mayis - - agustos eylul - kasim aralik',
  'stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia',
  '- - - - - - - - wrzesnia pazdziernika - -',
  'januari februari mars april maj juni juli augusti september oktober november december',
  'janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor',
  'janari shkurti marsi prilli maji qershori korriku gushti shtatori tetori nëntori dhjetori',
  'ian febr - - - iun iul - sept oct noiem -',
  '- شباط آذار نيسان أيار حزيران تموز آب أيلول - - -',
  'ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie',
  'января февраля марта апреля мая июня июля августа сентября октября ноября декабря',
  'янв фев мар апр - - - авг сен окт ноя дек',
  'يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر',
  '- - - ابريل - - - اغسطس - اكتوبر - -',
  'जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर',
  '- फ़रवरी - - - - - - सितम्बर - नवम्बर दिसम्बर',
];

let lexicon: ByteLexicon<number> | null = null;
const BEGINS = 1;
const ENDS = 2;
const edges = new Uint8Array(256);
const encoder = new TextEncoder();

/** Months by name, 1 to 12; ASCII in any case. */
export function monthLexicon(): ByteLexicon<number> {
  if (lexicon !== null) return lexicon;
  const months = new Map<string, number>();
  for (const line of MONTHS)
    line.split(' ').forEach((name, k) => {
      if (name === '-') return;
      for (const spelling of [
        name,
        name.normalize('NFD'),
        name.charAt(0).toUpperCase() + name.slice(1),
        name.toUpperCase(),
      ])
        months.set(spelling, k + 1);
    });
  for (const name of months.keys()) noteEdges(encoder.encode(name));
  lexicon = new ByteLexicon(months);
  return lexicon;
}

function noteEdges(name: Uint8Array): void {
  const first = name[0] as number;
  const last = name[name.length - 1] as number;
  for (const byte of [first, lowerByte(first), upperByte(first)]) edges[byte] = (edges[byte] as number) | BEGINS;
  for (const byte of [last, lowerByte(last), upperByte(last)]) edges[byte] = (edges[byte] as number) | ENDS;
}

/** Whether the name of a month may begin with the byte (-1: none): most words need not be looked up. */
export function mayBeginMonth(byte: number): boolean {
  if (lexicon === null) monthLexicon();
  return byte >= 0 && ((edges[byte] as number) & BEGINS) !== 0;
}

/** Whether it may end with the byte. */
export function mayEndMonth(byte: number): boolean {
  if (lexicon === null) monthLexicon();
  return byte >= 0 && ((edges[byte] as number) & ENDS) !== 0;
}
