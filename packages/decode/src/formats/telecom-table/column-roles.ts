import { roleOfWords } from './heading-words.ts';
import { type ColumnRole, columnRoles } from './roles.ts';

/**
 * Headings by role, as operators, forensic tools and spreadsheets write them (English, German, Dutch, French, Spanish,
 * Portuguese, Italian, Polish, Swedish; heading-words.ts knows compounds, Turkish and Russian), without case, accents, spaces and punctuation. Ours, from the words themselves:
 * no published column-level schema of such deliveries exists. Nothing is matched in part: a heading is known or it is not.
 */
const headings: Readonly<Record<ColumnRole, string>> = {
  imei:
    'imei imei1 imei2 tacimei imeitac imeinumber imeinummer imeino imeinr numeroimei numimei handsetimei deviceimei equipmentimei terminalimei ' +
    'imeiinuse geraeteimei endgeraeteimei toestelimei servedimei imeia aimei',
  imeisv: 'imeisv imeisoftwareversion',
  imsi: 'imsi imsi1 imsi2 imsinumber imsinummer imsino numeroimsi servedimsi imsia aimsi subscriberimsi',
  iccid:
    'iccid icc simserial simserialnumber simnumber simcardnumber simkartennummer simkaartnummer kartennummer numerosim numerodesim ' +
    'iccidnumber simid sim',
  phone:
    'msisdn phone phonenumber telephone telephonenumber mobile mobilenumber number subscribernumber rufnummer telefonnummer handynummer ' +
    'telefoonnummer mobielnummer nummer telefon numero numerodetelephone numerotelephone numerodetelefono telefono telefone numerotelefono ' +
    'numertelefonu telefonnummerse mobilnummer servedmsisdn registerednumber linkednumber tel gsm msisdn1 msisdn2 simnumbermsisdn',
  caller:
    'caller callingnumber calling anumber anummer aparty from fromnumber sender originator source rufnummera anrufer beller afzender ' +
    'absender appelant numeroappelant expediteur llamante remitente chiamante mittente chamador remetente dzwoniacy nadawca msisdna ' +
    'callingparty originatingnumber',
  called:
    'called callednumber callee bnumber bnummer bparty to tonumber recipient receiver destination dialled diallednumber rufnummerb ' +
    'angerufener gebelde ontvanger empfaenger appele numeroappele destinataire llamado destinatario chiamato chamado odbiorca msisdnb ' +
    'calledparty terminatingnumber',
  mac: 'mac macaddress macadresse wifimac btmac adressemac',
  ip: 'ip ipaddress ipadresse ipadres adresseip direccionip indirizzoip registrationip loginip sourceip ipv4 ipv6',
  box: 'box boxid simbox simboxid gateway gatewayid device deviceid geraet geraeteid apparaat unit unitid chassis rack boxserial',
  slot: 'slot slotno slotnumber slotid port portno portnumber channel steckplatz sleuf bay position',
  operator:
    'operator operatorname carrier provider network networkoperator mno netzbetreiber anbieter aanbieder operateur operador operatore operadora issuer',
  country: 'country countrycode land pays pais paese kraj numbercountry issuingcountry countryofissue',
  service:
    'service app application platform dienst anwendung servicio servizio servico usluga onlineservice site website',
  account:
    'account accountid username user userid handle login nickname konto kontoname gebruikersnaam benutzername utilisateur usuario utente',
  email: 'email emailaddress mail emailadresse adressemail correo',
  time:
    'time date datetime timestamp eventtime eventdate registeredat registrationtime registrationdate createdat activated activatedat ' +
    'activationdate seenat seen seized registered stolen reported linked bound issued issuedat seizedat reportedat reporteddate stolenat datestolen zeit zeitpunkt datum uhrzeit datumuhrzeit tijd tijdstip ' +
    'dateadded blacklistdate blacklistedat datelisted inserted insertedat date heure horodatage fecha hora data ora datahora sentat sent senttime occurredat linkedat boundat',
  start:
    'start starttime startdate startdatetime from_time sessionstart begin begintime firstseen firstseenat beginn startzeit begintijd starttijd ' +
    'debut inicio inizio callstart connectedat answertime validfrom',
  end: 'end endtime enddate enddatetime sessionend lastseen lastseenat ende endzeit eindtijd fin fine callend disconnectedat releasetime validto stoptime',
  duration:
    'duration durationseconds durationsec durations seconds dauer dauersekunden duur duree duracion durata duracao czastrwania callduration',
  received:
    'receivedat received receivedtime deliveredat delivered deliverytime empfangenam ontvangenop recule recibido servertime serverreceivedat',
  cell: 'cell cellid cgi ecgi ci enodebcell celltower site_id zelle funkzelle cellule celda cella cellglobalid firstcell startcell',
  latitude: 'lat latitude breite breitengrad breedtegraad latitud latitudine',
  longitude: 'lon lng long longitude laenge laengengrad lengtegraad longitud longitudine',
  text: 'text message messagetext body content smstext sms nachricht nachrichtentext bericht texte mensaje messaggio mensagem tresc',
  sequence: 'seq sequence sequencenumber seqno laufendenummer volgnummer recordnumber recordno cdrsequence counter',
  id: 'id recordid rowid eventid callid cdrid messageid uuid reference',
  direction:
    'direction calltype soort gesprekstype verkeersrichting typeappel tipollamada callcategory trafficcase richtung richting sens direccion direzione eventtype recordtype',
  model: 'model devicemodel handset makemodel modele modell modelo modello handsetmodel devicetype modelname',
  make: 'make brand manufacturer vendor marque marke hersteller fabrikant merk fabricant marca fabricante produttore producent tillverkare',
  file: 'file filename datei dateiname bestand fichier',
  rows: 'rows records rowcount recordcount zeilen rijen lignes',
  column: 'column columnname spalte kolom colonne',
  sha256: 'sha256 sha256hash hash',
  status:
    'status state zustand etat estado stato listing liststatus reason grund raison motivo list listname blacklist blockreason durum статус powod skael',
  lac: 'lac tac rac lactac locationareacode trackingareacode locationarea',
  uplink: 'uplink upload bytesup bytesuplink uplinkvolume uplinkbytes volumeup volumeuplink ul bytessent octetsup',
  downlink:
    'downlink download bytesdown bytesdownlink downlinkvolume downlinkbytes volumedown volumedownlink dl bytesreceived octetsdown',
  roaming: 'roaming roamingindicator roamingflag itinerance roamingstatus visitednetwork visitedplmn plmn',
  apn: 'apn accesspointname',
  timeofday: '',
};

const byHeading = new Map<string, ColumnRole>();
for (const role of columnRoles)
  for (const name of headings[role].split(' ')) if (name !== '' && !byHeading.has(name)) byHeading.set(name, role);

/** A heading and the zone that it states in brackets or at its end: `Start time (UTC)`, `sent_utc`. */
export interface ReadHeading {
  readonly role: ColumnRole | null;
  readonly zone: string | null;
}

const ZONE = /[\s_([-]+(utc|gmt|z|[+-]\d{2}:?\d{2}|[A-Z][a-z]+\/[A-Za-z_]+)[)\]]?$/i;

/** Units and forms in brackets that change nothing: seconds are what durations are read as, bytes are kept as text. */
const UNIT =
  /\s*[([](?:s|secs?|seconds?|sek|sekunden?|secondes?|segundos?|secondi|sekundy|saniye|сек|с|h+:m+(?::s+)?|hhmmss|[kmg]?b|bytes?|octets|[dmyjta]{1,4}[./-][dmyjta]{1,4}[./-][dmyjta]{1,4}(?: h+:m+(?::s+)?)?|dec|hex|cgi|e\.?164)[)\]]\s*$/i;

/** What a heading says; role null: it is not known. */
export function readHeading(text: string): ReadHeading {
  const zoned = ZONE.exec(text.trim());
  const named = (zoned === null ? text : text.trim().slice(0, zoned.index)).replace(UNIT, '');
  const role = byHeading.get(plain(named)) ?? byHeading.get(plain(text)) ?? roleOfWords(named);
  const zone = zoned === null ? null : zoneName(zoned[1] as string);
  return { role, zone };
}

function zoneName(text: string): string {
  if (/^(utc|gmt|z)$/i.test(text)) return 'UTC';
  return /^[+-]\d{4}$/.test(text) ? `${text.slice(0, 3)}:${text.slice(3)}` : text;
}

/** Without case, accents, spaces and punctuation; ä, ö, ü as ae, oe, ue, as headings without them write it. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/ä/g, 'ae')
    .replace(/ö/g, 'oe')
    .replace(/ü/g, 'ue')
    .replace(/ß/g, 'ss')
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}]/gu, '');
}
