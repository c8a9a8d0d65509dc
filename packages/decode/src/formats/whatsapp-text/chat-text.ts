/** What a message's text says of itself, in the ways that the app writes into an export. */
export interface ChatText {
  /** Without the mark of an edit; as found otherwise. */
  readonly body: string;
  readonly file: string | null;
  /** The export says that a file is left out. */
  readonly omitted: boolean;
  readonly edited: boolean;
  readonly deleted: boolean;
  /** Written by the app, not by a person: it begins with the mark that the app puts before its own words. */
  readonly marked: boolean;
}

const LRM = '\u200e';
/** iPhone: `<attached: NAME>` in the language of the phone. */
const ATTACHED = /^<[^<>:]{2,40}:\s?([^<>/\\]{1,250}\.[A-Za-z0-9]{1,5})>$/u;
/** Android: `NAME (file attached)`; names that the app gives, or any name behind its mark. */
const FILE_BEHIND = /^([^<>/\\]{1,250}\.[A-Za-z0-9]{1,5}) \([^()]{2,60}\)$/u;
const APP_NAME = /^(IMG|VID|PTT|AUD|DOC|STK)-\d{8}-WA\d{4,}/;
const EDITED =
  /\s*\u200e?<(This message was edited|Diese Nachricht wurde bearbeitet|Se editó este mensaje\.?|Dit bericht is bewerkt|Ce message a été modifié)>$/u;
const OMITTED = new Set([
  ...['<Media omitted>', '<Medien ausgeschlossen>', '<Multimedia omitido>', '<Media weggelaten>', '<Médias omis>'],
  ...['<Mídia oculta>', '<Media omessi>', '<Файл пропущен>', '<Без медиафайлов>'],
  ...[
    'image omitted',
    'video omitted',
    'audio omitted',
    'sticker omitted',
    'GIF omitted',
    'document omitted',
    'Contact card omitted',
  ],
  ...[
    'Bild weggelassen',
    'Video weggelassen',
    'Audio weggelassen',
    'afbeelding weggelaten',
    'video weggelaten',
    'audio weggelaten',
  ],
  ...['imagen omitida', 'Video omitido', 'audio omitido', 'image absente', 'vidéo absente', 'audio omis'],
]);
const DELETED = new Set([
  ...[
    'This message was deleted',
    'You deleted this message',
    'Diese Nachricht wurde gelöscht',
    'Du hast diese Nachricht gelöscht',
  ],
  ...[
    'Se eliminó este mensaje',
    'Eliminaste este mensaje',
    'Dit bericht is verwijderd',
    'U hebt dit bericht verwijderd',
  ],
  ...[
    'Je hebt dit bericht verwijderd',
    'Ce message a été supprimé',
    'Vous avez supprimé ce message',
    'Mensagem apagada',
    'Você apagou esta mensagem',
  ],
]);

export function readChatText(text: string): ChatText {
  const marked = text.startsWith(LRM);
  const plain = marked ? text.slice(1) : text;
  const [first = ''] = plain.split('\n', 1);
  const edited = EDITED.test(plain);
  const own = plain.replaceAll(LRM, '').trim().replace(/\.$/, '');
  return {
    body: edited ? text.replace(EDITED, '') : text,
    file: fileIn(first.trimEnd(), marked),
    omitted: OMITTED.has(own) || /^[^\n]{1,200} • .{0,20}\u200e?document omitted$/.test(plain),
    edited,
    deleted: DELETED.has(own),
    marked,
  };
}

function fileIn(line: string, marked: boolean): string | null {
  const attached = ATTACHED.exec(line.replace(/^.*\u200e(?=<)/u, ''))?.[1];
  if (attached !== undefined) return attached;
  const behind = FILE_BEHIND.exec(line)?.[1];
  return behind !== undefined && (marked || APP_NAME.test(behind)) ? behind : null;
}
