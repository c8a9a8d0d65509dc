import type { ExhibitLanguage } from '@custody/exhibit';

/** What an exhibit says of its own making, in English, from which the keys come. */
const en = {
  moreFindings: '{n} further finding(s) are in the case and not listed here',
  rawCarries: 'raw records of {n} item(s) are withheld: they carry what is withheld',
  rawNotHeld: 'raw records are withheld: the producer does not hold the compartment "source"',
  rawUnread: 'the raw records of {n} item(s) could not be read again and are not here',
  rawRepeats: 'raw records of {n} further item(s) are withheld: they repeat what is withheld',
  fieldsRepeat: 'further fields of {n} item(s) or finding(s) are withheld: they repeat what is withheld',
  unsearched: '{n} withheld text(s) of fewer than 4 characters were not searched for elsewhere',
  unsound: '{n} statement(s) of others about the log do not hold and are not here: "custody verify" names them',
  otherKey: '{n} statement(s) about the log under an earlier signing key are not here',
  moreAnchors: 'statements of {n} further authorities or witnesses are not here',
  expunged:
    '{n} item(s) or finding(s) of these derivations were expunged under order "{order}" ({reference}), log entry {entry}',
  unfinished: '{n} derivation(s) were not finished at this size: counts are unknown',
  noPdf: 'no PDF was made: there are more than {n} items, and --pdf was not given',
};
type NoteKey = keyof typeof en;

const nl: typeof en = {
  moreFindings: '{n} verdere bevinding(en) staan in de zaak en niet hier',
  rawCarries: 'ruwe records van {n} item(s) zijn onthouden: zij bevatten wat is onthouden',
  rawNotHeld: 'ruwe records zijn onthouden: de maker heeft het compartiment "source" niet',
  rawUnread: 'de ruwe records van {n} item(s) konden niet opnieuw worden gelezen en ontbreken hier',
  rawRepeats: 'ruwe records van {n} verdere item(s) zijn onthouden: zij herhalen wat is onthouden',
  fieldsRepeat: 'verdere velden van {n} item(s) of bevinding(en) zijn onthouden: zij herhalen wat is onthouden',
  unsearched: '{n} onthouden tekst(en) van minder dan 4 tekens zijn elders niet gezocht',
  unsound: '{n} verklaring(en) van anderen over het logboek kloppen niet en ontbreken hier: "custody verify" noemt ze',
  otherKey: '{n} verklaring(en) over het logboek onder een eerdere sleutel ontbreken hier',
  moreAnchors: 'verklaringen van {n} verdere autoriteiten of getuigen ontbreken hier',
  expunged:
    '{n} item(s) of bevinding(en) van deze afleidingen zijn gewist op bevel "{order}" ({reference}), logboekpost {entry}',
  unfinished: '{n} afleiding(en) waren bij deze omvang niet voltooid: aantallen zijn onbekend',
  noPdf: 'er is geen PDF gemaakt: er zijn meer dan {n} items, en --pdf is niet gegeven',
};

const fr: typeof en = {
  moreFindings: '{n} autre(s) constat(s) figurent au dossier et non ici',
  rawCarries: 'les enregistrements bruts de {n} élément(s) sont retenus : ils portent ce qui est retenu',
  rawNotHeld: 'les enregistrements bruts sont retenus : le producteur ne détient pas le compartiment "source"',
  rawUnread: 'les enregistrements bruts de {n} élément(s) n’ont pu être relus et manquent ici',
  rawRepeats: 'les enregistrements bruts de {n} autre(s) élément(s) sont retenus : ils répètent ce qui est retenu',
  fieldsRepeat: 'd’autres champs de {n} élément(s) ou constat(s) sont retenus : ils répètent ce qui est retenu',
  unsearched: '{n} texte(s) retenu(s) de moins de 4 caractères n’ont pas été recherchés ailleurs',
  unsound: '{n} déclaration(s) de tiers sur le journal ne tiennent pas et manquent ici : "custody verify" les nomme',
  otherKey: '{n} déclaration(s) sur le journal sous une clé antérieure manquent ici',
  moreAnchors: 'les déclarations de {n} autres autorités ou témoins manquent ici',
  expunged:
    '{n} élément(s) ou constat(s) de ces dérivations ont été effacés sur ordre "{order}" ({reference}), entrée {entry} du journal',
  unfinished: '{n} dérivation(s) n’étaient pas achevées à cette taille : les comptes sont inconnus',
  noPdf: 'aucun PDF n’a été fait : il y a plus de {n} éléments, et --pdf n’a pas été donné',
};

const de: typeof en = {
  moreFindings: '{n} weitere(r) Befund(e) stehen im Fall und nicht hier',
  rawCarries: 'Rohdatensätze von {n} Element(en) sind entzogen: sie enthalten, was entzogen ist',
  rawNotHeld: 'Rohdatensätze sind entzogen: der Ersteller hat das Fach "source" nicht',
  rawUnread: 'die Rohdatensätze von {n} Element(en) konnten nicht erneut gelesen werden und fehlen hier',
  rawRepeats: 'Rohdatensätze von {n} weiteren Element(en) sind entzogen: sie wiederholen, was entzogen ist',
  fieldsRepeat: 'weitere Felder von {n} Element(en) oder Befund(en) sind entzogen: sie wiederholen, was entzogen ist',
  unsearched: '{n} entzogene(r) Text(e) mit weniger als 4 Zeichen wurden anderswo nicht gesucht',
  unsound:
    '{n} Erklärung(en) anderer über das Protokoll halten nicht stand und fehlen hier: "custody verify" nennt sie',
  otherKey: '{n} Erklärung(en) über das Protokoll unter einem früheren Schlüssel fehlen hier',
  moreAnchors: 'Erklärungen von {n} weiteren Stellen oder Zeugen fehlen hier',
  expunged:
    '{n} Element(e) oder Befund(e) dieser Ableitungen wurden auf Anordnung "{order}" ({reference}) gelöscht, Protokolleintrag {entry}',
  unfinished: '{n} Ableitung(en) waren bei dieser Größe nicht abgeschlossen: Zahlen sind unbekannt',
  noPdf: 'es wurde kein PDF erstellt: es sind mehr als {n} Elemente, und --pdf wurde nicht angegeben',
};

const es: typeof en = {
  moreFindings: '{n} hallazgo(s) más constan en el caso y no aquí',
  rawCarries: 'los registros en bruto de {n} elemento(s) se retienen: contienen lo retenido',
  rawNotHeld: 'los registros en bruto se retienen: quien produce no tiene el compartimento "source"',
  rawUnread: 'los registros en bruto de {n} elemento(s) no pudieron leerse de nuevo y no están aquí',
  rawRepeats: 'los registros en bruto de {n} elemento(s) más se retienen: repiten lo retenido',
  fieldsRepeat: 'otros campos de {n} elemento(s) o hallazgo(s) se retienen: repiten lo retenido',
  unsearched: '{n} texto(s) retenido(s) de menos de 4 caracteres no se buscaron en otros lugares',
  unsound:
    '{n} declaración(es) de terceros sobre el registro no se sostienen y no están aquí: "custody verify" las nombra',
  otherKey: '{n} declaración(es) sobre el registro con una clave anterior no están aquí',
  moreAnchors: 'las declaraciones de {n} autoridades o testigos más no están aquí',
  expunged:
    '{n} elemento(s) o hallazgo(s) de estas derivaciones se suprimieron por orden "{order}" ({reference}), entrada {entry} del registro',
  unfinished: '{n} derivación(es) no estaban terminadas con este tamaño: los recuentos se desconocen',
  noPdf: 'no se hizo ningún PDF: hay más de {n} elementos, y no se indicó --pdf',
};

const notes: Readonly<Record<ExhibitLanguage, typeof en>> = { en, nl, fr, de, es };

/** Notes of an exhibit as they are gathered, in its language. */
export class ExhibitNotes {
  readonly said: string[] = [];
  readonly #lang: ExhibitLanguage;

  constructor(lang: ExhibitLanguage) {
    this.#lang = lang;
  }

  /** Says a note; one about a count `n` of none says nothing. */
  add(key: NoteKey, values: Readonly<Record<string, string | number>> = {}): void {
    if (values.n === 0) return;
    this.said.push(
      notes[this.#lang][key].replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place)),
    );
  }
}

/** Every note there is, by language: for the test that holds them against each other. */
export const exhibitNotes: Readonly<Record<ExhibitLanguage, Readonly<Record<string, string>>>> = notes;
