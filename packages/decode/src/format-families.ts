import type { Format } from './format.ts';

/** Formats that share their code. It is loaded when one of them is asked for: a thread decodes one format, not all. */
export interface FormatFamily {
  /** Of its formats, in the order in which `load` gives them. */
  readonly names: readonly string[];
  load(): Promise<readonly Format[]>;
}

/** Containers whose records are put into scratch before they are decoded come last: each needs a profile. */
const ENVELOPES = [
  'ndjson',
  'csv',
  'table',
  'fixed',
  'json',
  'xml',
  'xlsx',
  'sqlite',
  'sql',
  'cbor',
  'msgpack',
] as const;

/** Every format this build decodes. The order decides between equal claims. */
export const formatFamilies: readonly FormatFamily[] = [
  family(['whatsapp-crypt12', 'whatsapp-crypt14', 'whatsapp-crypt15', 'whatsapp-msgstore'], async () => {
    const { whatsappCrypt12, whatsappCrypt14, whatsappCrypt15, whatsappMessageStore } = await import(
      './formats/whatsapp/index.ts'
    );
    return [whatsappCrypt12, whatsappCrypt14, whatsappCrypt15, whatsappMessageStore];
  }),
  family(['signal-backup'], async () => [(await import('./formats/signal-backup/index.ts')).signalBackup]),
  family(['ios-backup'], async () => [(await import('./formats/ios-backup/index.ts')).iosBackup]),
  family(['imessage'], async () => [(await import('./formats/imessage/index.ts')).imessage]),
  family(['whatsapp-ios'], async () => [(await import('./formats/whatsapp-ios/index.ts')).whatsappIos]),
  family(['signal-desktop'], async () => [(await import('./formats/signal-desktop/index.ts')).signalDesktop]),
  family(['xmpp-xep0227', 'xmpp-mam', 'xmpp-sql', 'xmpp-prosody', 'otr-transcript'], async () => {
    const all = await import('./formats/xmpp-archive/index.ts');
    return [all.xmppExport, all.xmppQueryResult, all.xmppSqlDump, all.xmppProsodyStore, all.otrTranscript];
  }),
  family(['mail-mbox', 'mail-eml', 'openpgp-message'], async () => {
    const { mailMbox, mailMessage, openpgpMessage } = await import('./formats/pgp-mail/index.ts');
    return [mailMbox, mailMessage, openpgpMessage];
  }),
  family(['sqlcipher'], async () => [(await import('./formats/sqlcipher/index.ts')).sqlcipher]),
  family(['threema-backup'], async () => [(await import('./formats/threema/index.ts')).threemaBackup]),
  family(['matrix-events', 'matrix-key-export'], async () => {
    const { matrixEvents, matrixKeyExport } = await import('./formats/matrix/index.ts');
    return [matrixEvents, matrixKeyExport];
  }),
  family(['whatsapp-text'], async () => [(await import('./formats/whatsapp-text/index.ts')).whatsappText]),
  family(['signal-backup-v2', 'signal-backup-v2-damaged', 'signal-export'], async () => {
    const all = await import('./formats/signal-backup-v2/index.ts');
    return [all.signalBackupV2, all.signalBackupV2Damaged, all.signalExport];
  }),
  family(['matrix-synapse'], async () => [(await import('./formats/matrix-synapse/index.ts')).matrixSynapse]),
  family(['telegram-export'], async () => [(await import('./formats/telegram-export/index.ts')).telegramExport]),
  family(['wire-backup'], async () => [(await import('./formats/wire/index.ts')).wireBackup]),
  family(
    ENVELOPES.map((kind) => `envelope-${kind}`),
    async () => ENVELOPES.map((await import('./formats/envelope/envelope-format.ts')).envelopeFormat),
  ),
  family(['delivery-manifest'], async () => [(await import('./formats/delivery-manifest/index.ts')).deliveryManifest]),
  family(['telecom-table', 'telecom-sheet'], async () => {
    const { telecomTable, telecomSheet } = await import('./formats/telecom-table/index.ts');
    return [telecomTable, telecomSheet];
  }),
];

function family(names: readonly string[], load: FormatFamily['load']): FormatFamily {
  return { names, load };
}
