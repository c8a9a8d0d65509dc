import type { Party } from '@custody/evidence';
import type { ExchangeFormat } from './exchange-format.ts';
import type { ExchangeHeader, ExchangeItem } from './exchange-item.ts';
import type { ExportFile, ExportFolder } from './export-folder.ts';
import { attachmentText, bodyText, conversationOf, isoTime, partyKey } from './item-text.ts';
import { nameUuid8 } from './name-uuid.ts';

/**
 * vCon (draft-ietf-vcon-vcon-core-04), unsigned form: one JSON file a conversation. A dialog must have a start, so undated
 * items stand in an `analysis` of type report instead.
 */
export const vcon: ExchangeFormat = {
  name: 'vcon',
  standard: 'vCon, draft-ietf-vcon-vcon-core-04 (unsigned)',
  async write(items, header, folder) {
    let writer: VconWriter | undefined;
    let conversations = 0;
    let undated = 0;
    let key: string | null | undefined;
    for await (const one of items) {
      if (writer === undefined || conversationOf(one) !== key) {
        undated += (await writer?.close()) ?? 0;
        key = conversationOf(one);
        writer = await VconWriter.begin(header, folder, { number: ++conversations, first: one });
      }
      await writer.add(one);
    }
    undated += (await writer?.close()) ?? 0;
    return undated === 0 ? [] : [`${undated} undated item(s) stand in "analysis": a vCon dialog must have a start`];
  },
};

interface Begun {
  readonly number: number;
  readonly first: ExchangeItem;
}

/** Writes one conversation as it comes: only its parties and its undated items are kept. */
class VconWriter {
  readonly #file: ExportFile;
  readonly #parties = new Map<string, { readonly at: number; readonly party: Party }>();
  readonly #undated: unknown[] = [];
  #dialogs = 0;

  private constructor(file: ExportFile) {
    this.#file = file;
  }

  static async begin(header: ExchangeHeader, folder: ExportFolder, { number, first }: Begun): Promise<VconWriter> {
    const file = await folder.file(`vcon/${String(number).padStart(6, '0')}.vcon.json`);
    const conversation = first.item.conversation;
    const head = {
      vcon: '0.4.0',
      uuid: nameUuid8(header.origin, header.size, conversationOf(first) ?? '', first.leaf),
      created_at: header.asOf,
      ...(conversation !== null && { subject: conversation }),
      ...(header.redacted.length > 0 && {
        redacted: { type: `fields withheld: ${header.redacted.join(', ')}` },
      }),
    };
    await file.write(`${JSON.stringify(head).slice(0, -1)},\n"dialog": [`);
    return new VconWriter(file);
  }

  async add(one: ExchangeItem): Promise<void> {
    const dialog = this.#dialog(one);
    if (dialog.start === null) this.#undated.push(dialog);
    else await this.#file.write(`${this.#dialogs++ === 0 ? '' : ','}\n${JSON.stringify(dialog)}`);
  }

  /** Returns how many items had no time. */
  async close(): Promise<number> {
    const parties = [...this.#parties.values()].map(({ party }) => partyObject(party));
    const report = {
      ...{ type: 'report', vendor: 'custody', product: 'undated items', encoding: 'json' },
      body: this.#undated,
    };
    const analysis = this.#undated.length === 0 ? [] : [report];
    await this.#file.write(`],\n"parties": ${JSON.stringify(parties)},\n"analysis": ${JSON.stringify(analysis)}}\n`);
    await this.#file.close();
    return this.#undated.length;
  }

  #dialog(one: ExchangeItem): { readonly start: string | null } & Record<string, unknown> {
    const { item, index, leaf, capture, withheld } = one;
    const body = bodyText(one);
    const sender = item.sender === null ? [] : [this.#party(item.sender)];
    const others = (item.recipients ?? []).map((party) => this.#party(party));
    return {
      // A call is known by its record only: no recording, and nothing said about how it ended.
      type: 'text',
      start: isoTime(item.sentAt),
      parties: [...sender, ...others],
      ...(sender.length > 0 && { originator: sender[0] }),
      ...(body !== null && { mediatype: 'text/plain', body, encoding: 'none' }),
      ...(item.messageId !== null && { message_id: item.messageId }),
      application: item.platform,
      custody: {
        ...{ item: index, leaf, capture, kind: item.kind, direction: item.direction },
        ...(item.refs.length > 0 && { refs: item.refs }),
        ...(item.attachments.length > 0 && { attachments: item.attachments.map(attachmentText) }),
        ...(item.sentAt !== null && { sentAtRaw: item.sentAt.raw }),
        ...(withheld.length > 0 && { withheld }),
      },
    };
  }

  #party(party: Party): number {
    const key = partyKey(party);
    const known = this.#parties.get(key);
    if (known !== undefined) return known.at;
    const at = this.#parties.size;
    this.#parties.set(key, { at, party });
    return at;
  }
}

function partyObject({ type, value, display }: Party): Record<string, string> {
  const address = type === 'phone' ? { tel: `tel:${value}` } : type === 'email' ? { mailto: value } : {};
  return {
    ...address,
    name: display === undefined || display === '' ? value : display,
    uuid: nameUuid8('party', type, value),
    type,
  };
}
