import { isAlnum, isDigit } from '../byte-class.ts';
import type { Scan } from '../scan.ts';
import { LongestName, wordEnd } from './longest-name.ts';
import type { Meaning } from './meaning.ts';
import type { Surroundings } from './surroundings.ts';

const POND = ['pond', 'pfund'];
/** Where half a kilogram is called a pound: by language and by region. */
const PLACES = new Set(['nl', 'de', 'NL', 'BE', 'DE', 'AT', 'CH']);
/** More are a sum. */
const MOST = 2;
const name = new LongestName();
const decoder = new TextDecoder();
/** Words after a sum, which name nothing that could be weighed. */
const SMALL = new Set(
  (
    'per voor en of is was zijn aan van in op met naar om te dan maar want als die dat het de een ik je hij ze we nog ook al cash contant kwijt waard betaald betalen ' +
    'für und oder ist war sind an von im auf mit nach um zu dann aber wenn der die das ein eine ich du er sie wir noch auch bar bezahlt zahlen wert pro'
  ).split(' '),
);

const POUNDS = ['pounds', 'pound'];
/** What one has pounds' worth of. */
const WORTH = new Set(
  'credit cash change money petrol fuel shopping debt savings stuff data airtime topup value mine yours his hers theirs it them'.split(
    ' ',
  ),
);

/** `three pounds of bud`, but `20 pounds of credit`; `a pound of` is as often a figure of speech. */
export function isWeightInPounds(scan: Scan, { after, number, inWords }: Surroundings): boolean {
  if (!scan.wordBefore(after.end, POUNDS)) return false;
  if (number.point === 1 && isTraded(scan, after.end)) return true;
  if (!scan.wordBefore(after.end + 4, OF)) return false;
  if (inWords && number.length === 1 && number.digits[0] === 1) return false;
  if (number.point > MOST && scan.region !== 'US') return false;
  const at = after.end + 4;
  return (
    isAlnum(scan.at(at)) &&
    !isDigit(scan.at(at)) &&
    !WORTH.has(decoder.decode(scan.bytes.subarray(at, wordEnd(scan, at))).toLowerCase())
  );
}

const OF = ['of'];
const FOR_LENGTH = 5;
const MOST_OF_SUM = 12;

/** `a pound for 1100 bucks`: nobody gives money for a pound of money. */
function isTraded(scan: Scan, end: number): boolean {
  if (scan.at(end) !== 0x20 || !scan.wordBefore(end + FOR_LENGTH, FOR)) return false;
  let i = end + FOR_LENGTH;
  if (isSum(scan, i)) return isDigit(scan.at(name.end));
  if (!isDigit(scan.at(i))) return false;
  while (i < end + FOR_LENGTH + MOST_OF_SUM && (isDigit(scan.at(i)) || scan.at(i) === 0x2e || scan.at(i) === 0x2c)) i++;
  if ((scan.at(i) | 32) === 0x6b) i++;
  return isSum(scan, scan.at(i) === 0x20 ? i + 1 : i);
}

const FOR = ['for'];

/** Whether the sign or name of a currency stands at `at`. */
function isSum(scan: Scan, at: number): boolean {
  if (scan.at(at) === 0x24) {
    name.end = at + 1;
    return true;
  }
  return name.find(scan, at) && (name.meaning as Meaning).currency !== null;
}

/** `een pond wiet`, `2 Pfund Gras`: half kilograms, for the word after it is no small one. */
export function isPoundOfSomething(scan: Scan, { after, number, power }: Surroundings): boolean {
  if (after.end - after.start > 5 || power > 0 || number.point > MOST || !scan.wordBefore(after.end, POND))
    return false;
  if (scan.at(after.end) !== 0x20 || !isAlnum(scan.at(after.end + 1))) return false;
  if (!PLACES.has(scan.language()) && !PLACES.has(scan.region)) return false;
  const at = after.end + 1;
  if (name.find(scan, at) && ((name.meaning as Meaning).currency !== null || (name.meaning as Meaning).link !== 0))
    return false;
  return !SMALL.has(decoder.decode(scan.bytes.subarray(at, wordEnd(scan, at))).toLowerCase());
}
