import type { ByteSource } from './byte-source.ts';
import { unknownFormatName } from './errors.ts';
import type { Claim, Format, Probe } from './format.ts';
import { envelopeFormat } from './formats/envelope/envelope-format.ts';
import { storedFormats } from './formats/envelope/stored-formats.ts';
import { imessage } from './formats/imessage/index.ts';
import { iosBackup } from './formats/ios-backup/index.ts';
import { matrixEvents, matrixKeyExport } from './formats/matrix/index.ts';
import { matrixSynapse } from './formats/matrix-synapse/index.ts';
import { mailMbox, mailMessage, openpgpMessage } from './formats/pgp-mail/index.ts';
import { signalBackup } from './formats/signal-backup/index.ts';
import { signalBackupV2, signalBackupV2Damaged, signalExport } from './formats/signal-backup-v2/index.ts';
import { signalDesktop } from './formats/signal-desktop/index.ts';
import { sqlcipher } from './formats/sqlcipher/index.ts';
import { telecomSheet, telecomTable } from './formats/telecom-table/index.ts';
import { telegramExport } from './formats/telegram-export/index.ts';
import { threemaBackup } from './formats/threema/index.ts';
import { whatsappCrypt12, whatsappCrypt14, whatsappCrypt15, whatsappMessageStore } from './formats/whatsapp/index.ts';
import { whatsappIos } from './formats/whatsapp-ios/index.ts';
import { whatsappText } from './formats/whatsapp-text/index.ts';
import { wireBackup } from './formats/wire/index.ts';
import {
  otrTranscript,
  xmppExport,
  xmppProsodyStore,
  xmppQueryResult,
  xmppSqlDump,
} from './formats/xmpp-archive/index.ts';

/** Every format this build decodes. The order decides between equal claims. */
export const formats: readonly Format[] = [
  whatsappCrypt12,
  whatsappCrypt14,
  whatsappCrypt15,
  whatsappMessageStore,
  signalBackup,
  iosBackup,
  imessage,
  whatsappIos,
  signalDesktop,
  xmppExport,
  xmppQueryResult,
  xmppSqlDump,
  xmppProsodyStore,
  otrTranscript,
  mailMbox,
  mailMessage,
  openpgpMessage,
  sqlcipher,
  threemaBackup,
  matrixEvents,
  matrixKeyExport,
  whatsappText,
  signalBackupV2,
  signalBackupV2Damaged,
  signalExport,
  matrixSynapse,
  telegramExport,
  wireBackup,
  envelopeFormat('ndjson'),
  envelopeFormat('csv'),
  ...storedFormats,
  telecomTable,
  telecomSheet,
];

const HEAD = 64 * 1024;
const TAIL = 4 * 1024;

/** What `detect` looks at, read from a file. */
export function probeOf(name: string, source: ByteSource, more: Pick<Probe, 'beside' | 'keyring'> = {}): Probe {
  const { length } = source;
  const from = Math.max(0, length - TAIL);
  return {
    name,
    length,
    head: source.read(0, Math.min(HEAD, length)).slice(),
    tail: source.read(from, length - from).slice(),
    ...more,
  };
}

/** Formats that claim a file, certain ones first. */
export function detectFormat(probe: Probe): readonly { readonly format: Format; readonly claim: Claim }[] {
  const claims: { format: Format; claim: Claim }[] = [];
  for (const format of formats) {
    if (format.onRequest === true) continue;
    const claim = format.detect(probe);
    if (claim !== null) claims.push({ format, claim });
  }
  const rank = ({ claim }: { claim: Claim }) => (claim.confidence === 'certain' ? 0 : 1);
  return claims.sort((a, b) => rank(a) - rank(b));
}

/** Throws UsageError FORMAT_NAME_UNKNOWN that lists the names there are. */
export function formatByName(name: string): Format {
  const found = formats.find((format) => format.name === name);
  if (found === undefined)
    throw unknownFormatName(
      name,
      formats.map((format) => format.name),
    );
  return found;
}
