import { type Authentication, type BatchWriter, type Instant, type PartyId, withinAnyZone } from '@custody/evidence';
import { LocalTimes } from '../../local-time.ts';
import type { ChatRecord } from './chat-records.ts';
import { readChatText } from './chat-text.ts';
import { type DateOrder, dateOf } from './date-order.ts';
import type { LineHead } from './line-head.ts';

export const PLAIN_TEXT: Authentication = {
  mechanism: 'none: a text file in clear',
  result: 'none',
  proves:
    'Nothing: anybody can write or change such a file. Only the hash taken at intake shows that it did not change since.',
};

/** What a file of the export turned out to be. */
export interface FoundFile {
  readonly size: number;
  readonly sha256: string;
}

export interface ChatOptions {
  readonly path: string;
  readonly conversation: string;
  /** The orders of day, month and year that are left: one where it is proven or declared. */
  readonly orders: readonly DateOrder[];
  readonly zone: string | null;
  readonly owner: string | null;
  /** The other one of two, where the owner is declared and there are but two who write. */
  readonly peer: string | null;
  file(name: string): FoundFile | null;
}

/** Writes the items of messages. */
export class ChatWriter {
  readonly #options: ChatOptions;
  readonly #times: LocalTimes | null;
  /** Files named and not there. */
  absent = 0;

  constructor(options: ChatOptions) {
    this.#options = options;
    this.#times = options.zone === null ? null : new LocalTimes(options.zone);
  }

  write(out: BatchWriter, record: ChatRecord, raw: Uint8Array, number: number): void {
    const { path, conversation, owner, peer } = this.#options;
    const [sender, text] = record.head === null ? [null, record.text ?? ''] : splitSender(record.text ?? '');
    const said = readChatText(text);
    const direction = sender === null ? (record.head === null ? null : 'system') : this.#direction(sender);
    out.begin(sender === null ? 'note' : said.deleted ? 'deletion' : 'message', 'whatsapp', direction);
    out.locator({ path, offset: record.offset, length: record.length, row: number });
    out.raw(raw);
    out.authentication(PLAIN_TEXT);
    out.conversation(conversation);
    if (sender !== null) out.sender(partyOf(out, sender));
    if (owner !== null) out.owner(partyOf(out, owner));
    if (direction === 'incoming' && owner !== null && peer !== null) out.recipient(partyOf(out, owner));
    if (direction === 'outgoing' && peer !== null) out.recipient(partyOf(out, peer));
    if (record.head !== null) this.#time(out, record.head);
    if (text !== '') out.body(said.body);
    if (said.file !== null || said.omitted) this.#attach(out, said.file);
    if (said.edited) out.field('edited', true);
    if (said.deleted) out.field('deleted', true);
    if (said.marked && said.file === null && !said.omitted) out.field('marked_by_app', true);
    if (record.foreign > 0) out.field('lines_like_heads', record.foreign);
    out.end();
  }

  #direction(sender: string): 'incoming' | 'outgoing' | null {
    const { owner } = this.#options;
    if (owner === null) return null;
    return sender === owner ? 'outgoing' : 'incoming';
  }

  /** The wall clock of the phone that exported: an instant only where order and zone are known, bounds where a day is. */
  #time(out: BatchWriter, head: LineHead): void {
    const { orders, zone } = this.#options;
    const precision = head.seconds === null ? 'min' : 's';
    const base: Instant = { utc: null, raw: head.raw, zone, precision, clock: 'device' };
    const days = orders.map((order) => dateOf(head, order)).filter((date) => date !== null);
    const midnights = days.map(({ year, month, day }) => Date.UTC(year, month - 1, day));
    const [only] = midnights;
    if (only === undefined) out.sentAt(base);
    else if (head.minutes === null) out.sentAt({ ...base, within: withinAnyZone(midnights, 'day') });
    else {
      const sinceMidnight = head.minutes * 60_000 + (head.seconds ?? 0) * 1000;
      const shown = midnights.map((midnight) => midnight + sinceMidnight);
      out.sentAt(
        orders.length === 1
          ? this.#local(out, base, only + sinceMidnight)
          : { ...base, within: withinAnyZone(shown, precision) },
      );
    }
  }

  #local(out: BatchWriter, base: Instant, local: number): Instant {
    const { precision } = base;
    out.field('local_time', new Date(local).toISOString().slice(0, precision === 'min' ? 16 : 19));
    const { utc, ambiguous } = this.#times?.read(local) ?? { utc: null, ambiguous: false };
    if (utc !== null) return { ...base, utc };
    return { ...base, ...(ambiguous && { ambiguous }), within: withinAnyZone([local], precision) };
  }

  #attach(out: BatchWriter, name: string | null): void {
    const found = name === null ? null : this.#options.file(name);
    if (found === null) this.absent++;
    out.attachment({
      name,
      mime: null,
      size: found?.size ?? null,
      sha256: found?.sha256 ?? null,
      present: found !== null,
    });
  }
}

/** `Name: text`. A line of the app itself has no name; one that has a colon inside is taken for a person's. */
export function splitSender(text: string): readonly [sender: string | null, text: string] {
  const [line = ''] = text.split('\n', 1);
  const found = /^[\u200e\u200f\u202a-\u202e]*([^:\n]{1,120}?)[\u202c\u200e]*:(?: |$)/u.exec(line);
  const name = found?.[1];
  if (found === null || name === undefined || name.trim() === '') return [null, text];
  return [name, text.slice(found[0].length)];
}

/** A sender that is no contact is shown by number: `+31 97 010 20 30`, with marks around it. */
function partyOf(out: BatchWriter, name: string): PartyId {
  const plain = name.replaceAll(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '').trim();
  const digits = plain.replaceAll(/[\s\u00a0\u202f()-]/gu, '').replaceAll(/[\u2010-\u2015]/gu, '');
  if (/^\+\d{7,15}$/.test(digits)) return out.party('phone', digits, plain === digits ? undefined : plain);
  return out.party('whatsapp-name', plain.replace(/^~[\s\u202f]?/u, ''), plain.startsWith('~') ? plain : undefined);
}
