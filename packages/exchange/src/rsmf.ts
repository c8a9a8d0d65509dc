import type { ExchangeFormat } from './exchange-format.ts';
import type { ExchangeHeader, ExchangeItem } from './exchange-item.ts';
import type { ExportFolder } from './export-folder.ts';
import { conversationOf, sentMs } from './item-text.ts';
import { rsmfManifest } from './rsmf-manifest.ts';
import { rsmfMessage } from './rsmf-message.ts';

/** Relativity's guidance: a file holds one conversation and 24 hours, and is split above this number of events. */
const EVENTS_A_FILE = 10_000;
const DAY_MS = 86_400_000;

/** Relativity Short Message Format 2.0.0: one file a conversation and UTC day. */
export const rsmf: ExchangeFormat = {
  name: 'rsmf',
  standard: 'Relativity Short Message Format 2.0.0',
  async write(items, header, folder) {
    const writer = new RsmfWriter(header, folder);
    for await (const one of items) await writer.add(one);
    await writer.flush();
    return writer.notes;
  },
};

class RsmfWriter {
  readonly notes: string[] = [];
  readonly #header: ExchangeHeader;
  readonly #folder: ExportFolder;
  #slice: ExchangeItem[] = [];
  #conversation = 0;
  #key: string | null | undefined;
  #day: string | undefined;
  #part = 0;

  constructor(header: ExchangeHeader, folder: ExportFolder) {
    this.#header = header;
    this.#folder = folder;
  }

  async add(one: ExchangeItem): Promise<void> {
    const key = conversationOf(one);
    const day = dayOf(one);
    if (key !== this.#key || day !== this.#day) {
      await this.flush();
      if (key !== this.#key) this.#conversation++;
      this.#key = key;
      this.#day = day;
      this.#part = 0;
    } else if (this.#slice.length === EVENTS_A_FILE) await this.flush();
    this.#slice.push(one);
  }

  async flush(): Promise<void> {
    if (this.#slice.length === 0) return;
    this.#part++;
    const number = String(this.#conversation).padStart(6, '0');
    const name = `rsmf/${number}-${this.#day}-${this.#part}.rsmf`;
    const manifest = rsmfManifest(this.#slice);
    const file = await this.#folder.file(name);
    await file.write(await rsmfMessage(manifest, { slice: this.#slice, header: this.#header, collection: number }));
    await file.close();
    this.#slice = [];
  }
}

function dayOf(one: ExchangeItem): string {
  const ms = sentMs(one);
  return ms === null ? 'undated' : new Date(Math.floor(ms / DAY_MS) * DAY_MS).toISOString().slice(0, 10);
}
