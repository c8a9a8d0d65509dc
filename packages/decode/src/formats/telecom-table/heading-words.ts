import { bareWord } from './bare-word.ts';
import type { ColumnRole } from './roles.ts';

/** What a word of a heading says. `call` and `small` words say nothing by themselves. */
const WORDS = {
  number:
    'number numbers nummer numer numara numarasi numero numeros номер номера rufnummer telefonnummer telefon telephone telefono telefone phone msisdn ' +
    'tel subscriber abonnent abonne abonado abonado abbonato assinante abone абонент абонента party ligne linea linha utenza anschluss teilnehmer ' +
    'aansluiting mobile handy мобильный телефон телефона abonenta abonent',
  shortNumber: 'nr no num n nro № nº',
  calling:
    'a calling caller originating originator originated orig rufende rufender rufenden anrufende anrufender anrufer anrufers oproepende beller ' +
    'appelant appelante llamante origen chiamante chamador chamadora originador origem originante dzwoniacy dzwoniacego wywolujacy wywolujacego ' +
    'arayan arayanin вызывающий вызывающего звонящий звонящего исходящий а uppringande ringande source expediteur remitente mittente remetente nadawca ' +
    'gonderen отправитель отправителя avsandare absender afzender emetteur',
  called:
    'b called callee terminating terminated term dialled dialed gerufene gerufener gerufenen angerufene angerufener angerufenen opgeroepene gebelde ' +
    'appele appelee llamado destino chiamato chamado destinataire destinatario wybrany wybierany wywolywany wywolywanego ' +
    'aranan arananin вызываемый вызываемого вызванный б в uppringd uppringda destination ziel zielrufnummer gegenstelle recipient receiver odbiorca ' +
    'alici получатель получателя mottagare empfaenger empfanger ontvanger',
  date: 'date datum data fecha tarih tarihi дата dag day jour dia dzien',
  clock: 'time zeit uhrzeit tijd heure hora ora godzina czas saat saati время tid klockslag klocktid hour uhr horario',
  moment: 'datetime timestamp zeitpunkt zeitstempel tijdstip horodatage datahora tidpunkt zaman',
  start:
    'start starting begin begins beginn anfang aanvang debut inicio inizio poczatek poczatku rozpoczecia rozpoczecie baslangic baslama начало начала setup ' +
    'answer connect connected first startdatum startdate starttime startzeit starttijd starttid',
  end:
    'end ending ende einde eind fin fine fim termino koniec konca zakonczenia zakonczenie bitis sona конец конца окончание окончания slut stop release ' +
    'released disconnect last enddatum enddate endtime endzeit eindtijd einddatum sluttid slutdatum',
  duration:
    'duration dauer gespraechsdauer gesprachsdauer verbindungsdauer duur gespreksduur duree duracion durata duracao trwania sure suresi suere длительность ' +
    'длительности продолжительность laengd langd varaktighet samtalslaengd samtalslangd',
  cell:
    'cell cella zelle funkzelle celda cellule celula cellid cgi ecgi eci bts enodeb site mast zendmast antenne antena anten istasyonu istasyon baz сота ' +
    'соты станция базовая базовой станции basstation basstationen stacja komorka komorki hucre nadajnik cgiecgi',
  imei: 'imei имеи',
  imsi: 'imsi',
  iccid: 'iccid icc simcard sim simkarte simkaart',
  up: 'up uplink upload uploaded ul sent envoye montant verzonden upstream subida',
  down: 'down downlink download downloaded dl received recu descendant ontvangen downstream bajada',
  volume: 'volume volumen bytes byte octets datenvolumen datavolume kb mb трафик traffic trafic trafico ruch',
  id: 'id ids identity identifier kennung identifiant identificativo identificador code',
  call:
    'call calls gespraech gesprach gesprek gespreks anruf anrufs appel appels communication llamada llamadas chiamata chiamate chamada chamadas polaczenia ' +
    'polaczenie rozmowy arama gorusme cagri вызов вызова звонок звонка разговора соединения samtal samtals session sessions sitzung sessie seance sesion sessione ' +
    'sessao sesji oturum сессии event ereignis evento verbindung verbindungs connection record usage cdr served user device handset terminal equipment in',
  small:
    'of the and und et e y i ve и en och of de d du des di da do del dell della dello der die das den van het le la l el au w z na по о the',
} as const;

type Sense = keyof typeof WORDS;

const senses = new Map<string, Sense>();
for (const sense of Object.keys(WORDS) as Sense[])
  for (const word of WORDS[sense].split(' ').map(bareWord)) if (!senses.has(word)) senses.set(word, sense);

/** What a heading says, by its senses alone, in alphabetical order; `shortNumber` counts as `number` beside another. */
const ROLES: Readonly<Record<string, ColumnRole>> = {
  calling: 'caller',
  'calling number': 'caller',
  called: 'called',
  'called number': 'called',
  number: 'phone',
  start: 'start',
  'clock start': 'start',
  'date start': 'start',
  'clock date start': 'start',
  'moment start': 'start',
  end: 'end',
  'clock end': 'end',
  'date end': 'end',
  'clock date end': 'end',
  'end moment': 'end',
  date: 'time',
  clock: 'time',
  moment: 'time',
  'clock date': 'time',
  duration: 'duration',
  'clock duration': 'duration',
  cell: 'cell',
  'cell id': 'cell',
  'cell start': 'cell',
  'cell id start': 'cell',
  'cell number': 'cell',
  imei: 'imei',
  'imei number': 'imei',
  'calling imei': 'imei',
  imsi: 'imsi',
  'imsi number': 'imsi',
  'calling imsi': 'imsi',
  iccid: 'iccid',
  'iccid number': 'iccid',
  'iccid id': 'iccid',
  'up volume': 'uplink',
  'down volume': 'downlink',
};

/** Which half of a time the cells of a column hold, by its heading. */
export type TimePart = 'date' | 'clock' | 'both';

/** The role of a heading whose every word is known, in any of ten languages; null: it is not. */
export function roleOfWords(heading: string): ColumnRole | null {
  const found = sensesOf(heading);
  return found === null ? null : (ROLES[[...found].sort().join(' ')] ?? null);
}

/** Whether a heading speaks of a day, of a time of day, or of neither or both. */
export function timePartOf(heading: string): TimePart {
  const found = sensesOf(heading);
  if (found === null || found.has('date') === found.has('clock')) return 'both';
  return found.has('date') ? 'date' : 'clock';
}

function sensesOf(heading: string): Set<Sense> | null {
  const found = new Set<Sense>();
  let isOfCalls = false;
  for (const word of wordsOf(heading)) {
    const sense = senses.get(word);
    if (sense === undefined) return null;
    if (sense === 'call') isOfCalls = true;
    else if (sense !== 'small') found.add(sense);
  }
  // `No.` alone counts rows and `Call number` calls: neither names a telephone.
  const isShort = found.delete('shortNumber');
  if (isShort && found.size > 0) found.add('number');
  const isCount = found.size === 1 && found.has('number') && isOfCalls;
  return found.size === 0 || isCount ? null : found;
}

function wordsOf(heading: string): string[] {
  const apart = heading.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2');
  return bareWord(apart)
    .split(/[^\p{L}\p{N}№º]+/u)
    .filter((word) => word !== '');
}
