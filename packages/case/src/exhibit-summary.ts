import type { ExhibitLanguage } from '@custody/exhibit';

/** What the command says of an exhibit it wrote, by language. */
export interface ExhibitSummary {
  readonly exhibit: string;
  readonly recorded: string;
  readonly shows: string;
  readonly counts: string;
  readonly withheld: string;
  readonly note: string;
  readonly verify: string;
}

/** What the command says of an exhibit it verified, by language. */
export interface VerdictSummary {
  readonly log: string;
  readonly entries: string;
  readonly key: string;
  readonly pinned: string;
  readonly selfAsserted: string;
  readonly checked: string;
  readonly counts: string;
  readonly withheld: string;
  readonly notChecked: string;
  readonly result: string;
  readonly agrees: string;
  /** Of the page: it is what the verifier makes of the document. */
  readonly pageAgrees: string;
  readonly witnesses: string;
  readonly time: string;
  readonly witnessed: string;
  readonly failed: string;
}

const summaries: Readonly<Record<ExhibitLanguage, ExhibitSummary>> = {
  en: {
    ...{ exhibit: 'exhibit', recorded: 'recorded in the log', shows: 'shows', withheld: 'withheld', note: 'note' },
    counts: '{shown} selected, {context} context, {findings} finding(s), {rawRecords} raw record(s), log size {size}',
    verify: 'verify',
  },
  nl: {
    ...{ exhibit: 'stuk', recorded: 'vastgelegd in het logboek', shows: 'toont', withheld: 'onthouden', note: 'noot' },
    counts:
      '{shown} geselecteerd, {context} context, {findings} bevinding(en), {rawRecords} ruwe record(s), logboekgrootte {size}',
    verify: 'toets',
  },
  fr: {
    ...{ exhibit: 'pièce', recorded: 'inscrit au journal', shows: 'montre', withheld: 'retenus', note: 'note' },
    counts:
      '{shown} sélectionnés, {context} de contexte, {findings} constat(s), {rawRecords} enregistrement(s) brut(s), taille du journal {size}',
    verify: 'vérifier',
  },
  de: {
    ...{ exhibit: 'Beleg', recorded: 'im Protokoll vermerkt', shows: 'zeigt', withheld: 'entzogen', note: 'Hinweis' },
    counts:
      '{shown} ausgewählt, {context} Kontext, {findings} Befund(e), {rawRecords} Rohdatensatz/-sätze, Protokollgröße {size}',
    verify: 'prüfen',
  },
  es: {
    ...{ exhibit: 'prueba', recorded: 'consta en el registro', shows: 'muestra', withheld: 'retenidos', note: 'nota' },
    counts:
      '{shown} seleccionados, {context} de contexto, {findings} hallazgo(s), {rawRecords} registro(s) en bruto, tamaño del registro {size}',
    verify: 'verificar',
  },
};

const verdicts: Readonly<Record<ExhibitLanguage, VerdictSummary>> = {
  en: {
    ...{ log: 'log', entries: 'entries', key: 'key', pinned: 'pinned by you', checked: 'checked' },
    selfAsserted: 'SELF-ASSERTED: it came with the exhibit',
    counts:
      '{members} members, {items} items and {findings} findings in {segments} segments, {rawRecords} raw records, page {page}',
    ...{ withheld: 'withheld', notChecked: 'not checked', result: 'result' },
    ...{ agrees: 'everything checked agrees', pageAgrees: 'agrees', failed: 'FAILED' },
    ...{ witnesses: 'witnesses', time: 'time' },
    witnessed: '{names} stated to have seen the first {size} log entries, and a log that only grew',
  },
  nl: {
    ...{ log: 'logboek', entries: 'posten', key: 'sleutel', pinned: 'door u opgegeven', checked: 'getoetst' },
    selfAsserted: 'ZELFVERKLAARD: hij kwam met het stuk mee',
    counts:
      '{members} bestanden, {items} items en {findings} bevindingen in {segments} segmenten, {rawRecords} ruwe records, pagina {page}',
    ...{ withheld: 'onthouden', notChecked: 'niet getoetst', result: 'uitkomst' },
    ...{ agrees: 'alles wat is getoetst klopt', pageAgrees: 'klopt', failed: 'KLOPT NIET' },
    ...{ witnesses: 'getuigen', time: 'tijd' },
    witnessed: '{names} verklaarde de eerste {size} posten te hebben gezien, en een logboek dat alleen groeide',
  },
  fr: {
    ...{ log: 'journal', entries: 'entrées', key: 'clé', pinned: 'donnée par vous', checked: 'vérifié' },
    selfAsserted: 'AUTO-DÉCLARÉE : elle est venue avec la pièce',
    counts:
      '{members} fichiers, {items} éléments et {findings} constats dans {segments} segments, {rawRecords} enregistrements bruts, page {page}',
    ...{ withheld: 'retenus', notChecked: 'non vérifié', result: 'résultat' },
    ...{ agrees: 'tout ce qui a été vérifié concorde', pageAgrees: 'concorde', failed: 'ÉCHEC' },
    ...{ witnesses: 'témoins', time: 'heure' },
    witnessed: '{names} a déclaré avoir vu les {size} premières entrées, et un journal qui ne faisait que croître',
  },
  de: {
    ...{ log: 'Protokoll', entries: 'Einträge', key: 'Schlüssel', pinned: 'von Ihnen vorgegeben', checked: 'geprüft' },
    selfAsserted: 'SELBST BEHAUPTET: er kam mit dem Beleg',
    counts:
      '{members} Dateien, {items} Elemente und {findings} Befunde in {segments} Segmenten, {rawRecords} Rohdatensätze, Seite {page}',
    ...{ withheld: 'entzogen', notChecked: 'nicht geprüft', result: 'Ergebnis' },
    ...{ agrees: 'alles Geprüfte stimmt überein', pageAgrees: 'stimmt überein', failed: 'STIMMT NICHT' },
    ...{ witnesses: 'Zeugen', time: 'Zeit' },
    witnessed: '{names} hat erklärt, die ersten {size} Einträge gesehen zu haben, und ein Protokoll, das nur wuchs',
  },
  es: {
    ...{ log: 'registro', entries: 'entradas', key: 'clave', pinned: 'indicada por usted', checked: 'comprobado' },
    selfAsserted: 'AUTODECLARADA: vino con la prueba',
    counts:
      '{members} archivos, {items} elementos y {findings} hallazgos en {segments} segmentos, {rawRecords} registros en bruto, página {page}',
    ...{ withheld: 'retenidos', notChecked: 'no comprobado', result: 'resultado' },
    ...{ agrees: 'todo lo comprobado concuerda', pageAgrees: 'concuerda', failed: 'NO CONCUERDA' },
    ...{ witnesses: 'testigos', time: 'hora' },
    witnessed: '{names} declaró haber visto las primeras {size} entradas, y un registro que solo crecía',
  },
};

export function exhibitSummary(lang: ExhibitLanguage): ExhibitSummary {
  return summaries[lang];
}

export function verdictSummary(lang: ExhibitLanguage): VerdictSummary {
  return verdicts[lang];
}
