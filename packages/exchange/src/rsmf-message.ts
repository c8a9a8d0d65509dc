import type { ExchangeHeader, ExchangeItem } from './exchange-item.ts';
import { bodyText, isoTime, partyLabel } from './item-text.ts';
import { nameUuid } from './name-uuid.ts';
import type { RsmfManifest } from './rsmf-manifest.ts';
import { zipOf } from './zip-of.ts';

export interface RsmfFile {
  readonly slice: readonly ExchangeItem[];
  readonly header: ExchangeHeader;
  /** Number of the conversation: what groups its files. */
  readonly collection: string;
}

/** The whole `.rsmf` file: a message (RFC 5322) with the searchable text and one attachment, rsmf.zip. */
export async function rsmfMessage(
  manifest: RsmfManifest,
  { slice, header, collection }: RsmfFile,
): Promise<Uint8Array> {
  const zip = await zipOf([['rsmf_manifest.json', JSON.stringify(manifest)]]);
  const name = nameUuid('rsmf', header.origin, header.size, ...slice.map((one) => one.leaf));
  // Loaded here: it brings HTTP and TLS, which no other command needs.
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer/index.js');
  const composer = new MailComposer({
    date: new Date(header.asOf),
    messageId: `<${name}@custody.invalid>`,
    baseBoundary: name,
    headers: rsmfHeaders(manifest, { slice, header, collection }),
    text: searchText(slice),
    textEncoding: 'base64',
    attachments: [{ filename: 'rsmf.zip', content: zip, contentType: 'application/zip' }],
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

function rsmfHeaders(manifest: RsmfManifest, { slice, header, collection }: RsmfFile): Record<string, string> {
  const dated = slice.map((one) => isoTime(one.item.sentAt)).filter((time) => time !== null);
  const custodian = manifest.participants.find((one) => one.id === manifest.conversations[0]?.custodian);
  const attachments = slice.reduce((sum, one) => sum + one.item.attachments.length, 0);
  return {
    'X-RSMF-Version': manifest.version,
    'X-RSMF-Generator': `custody ${header.tool.version}`,
    ...(dated.length > 0 && { 'X-RSMF-BeginDate': dated[0] as string, 'X-RSMF-EndDate': dated.at(-1) as string }),
    'X-RSMF-EventCount': String(manifest.events.length),
    'X-RSMF-Application': manifest.conversations[0]?.platform ?? '',
    ...(custodian !== undefined && { 'X-RSMF-Custodian': oneLine(custodian.display) }),
    'X-RSMF-Participants': manifest.participants.map(({ display }) => oneLine(display).replaceAll(',', ' ')).join(', '),
    'X-RSMF-AttachmentCount': String(attachments),
    'X-RSMF-EventCollectionID': nameUuid('collection', header.origin, header.size, collection),
  };
}

/** A header is one line: whoever sent a message chose these characters. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is taken out
  return text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').trim();
}

function searchText(slice: readonly ExchangeItem[]): string {
  return slice
    .map((one) => {
      const { sender, sentAt } = one.item;
      const who = sender === null ? '' : partyLabel(sender);
      return `${isoTime(sentAt) ?? 'undated'} ${who}: ${bodyText(one) ?? `(${one.item.kind})`}`;
    })
    .join('\n');
}
