import { bareWord } from './bare-word.ts';

/** Names of months by number, short and long, as English, German, Dutch, French, Spanish, Italian, Portuguese, Polish, Turkish, Russian and Swedish write them, without accents. */
const NAMES: readonly string[] = [
  'jan january januar jaenner januari janv janvier ene enero gen gennaio janeiro sty stycznia oca ocak янв января',
  'feb february februar februari fev fevr fevrier febrero febbraio fevereiro lut lutego sub subat фев февраля',
  'mar march marz maerz mrz maart mrt mars marzo marco marca mart мар марта',
  'apr april avr avril abr abril aprile kwi kwietnia nis nisan апр апреля',
  'may mai mei mayo mag maggio maio maj maja mayis май мая',
  'jun june juni juin junio giu giugno junho cze czerwca haz haziran июн июня',
  'jul july juli juil juillet julio lug luglio julho lip lipca tem temmuz июл июля',
  'aug august augustus aout ago agosto sie sierpnia agu agustos авг августа augusti',
  'sep sept september septembre septiembre set settembre setembro wrz wrzesnia eyl eylul сен сентября',
  'oct october okt oktober octobre octubre ott ottobre out outubro paz pazdziernika eki ekim окт октября',
  'nov november novembre noviembre novembro lis listopada kas kasim ноя ноября',
  'dec december dez dezember decembre dic diciembre dicembre dezembro gru grudnia ara aralik дек декабря',
];

const byName: ReadonlyMap<string, number> = new Map(
  NAMES.flatMap((names, i) => names.split(' ').map((name) => [bareWord(name), i + 1] as const)),
);

/** The number of a month, from 1; null for what is no name of one. */
export function monthNumber(name: string): number | null {
  return byName.get(bareWord(name)) ?? null;
}
