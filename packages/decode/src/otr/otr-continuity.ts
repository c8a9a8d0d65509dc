import { hexEncode } from '@custody/bytes';
import type { OtrMessage } from './otr-message.ts';
import { sessionOf } from './otr-survey.ts';

/** What does not follow in the messages of one party to another. Records by their number in the transcript. */
export interface OtrBreak {
  readonly code: 'SEQUENCE_GAP' | 'REPLAY' | 'CONFLICTING_COPIES';
  readonly from: string;
  readonly to: string;
  readonly what: string;
  /** Messages concerned: missing ones, for a gap. */
  readonly count: number;
  /** The first records where it shows. */
  readonly records: readonly number[];
}

interface Stream {
  readonly from: string;
  readonly to: string;
  keyId: number;
  nextDh: string;
  /** The last counter of each pair of key ids: the two newest keys of either side are in use. */
  readonly counters: Map<string, bigint>;
}

const MOST_PAIRS = 64;
const MOST_SHOWN = 8;
const MOST_STREAMS = 1_000_000;

/**
 * Follows counters, key ids and announced keys of OTR data messages ("Off-the-Record Messaging Protocol version 3", data
 * exchange): a counter rises with every message under one pair of keys, a sender's key id by one when the other side has
 * used the key announced, and all messages under one key announce the same next one. A key exchange begins anew.
 */
export class OtrContinuity {
  readonly #streams = new Map<string, Stream>();
  /** Of streams without a message yet: keys whose absence was told. */
  readonly #told = new Map<string, number>();
  /** Key exchanges of two parties. */
  readonly #exchanges = new Map<string, number>();
  readonly #breaks = new Map<string, { -readonly [K in keyof OtrBreak]: OtrBreak[K] } & { records: number[] }>();

  /** `archive` keeps the copies of two archives apart. */
  add(
    message: OtrMessage,
    { from, to, archive, record }: { from: string; to: string; archive: string; record: number },
  ): void {
    const own = `${archive}\n${from}\n${to}`;
    if (message.kind !== 'data') {
      if (message.kind !== 'dh-key') return;
      const pair = sessionOf(from, to);
      this.#exchanges.set(`${archive}\n${pair}`, (this.#exchanges.get(`${archive}\n${pair}`) ?? 0) + 1);
      for (const name of [own, `${archive}\n${to}\n${from}`]) {
        for (const key of [...this.#streams.keys()]) if (key.startsWith(`${name}\n`)) this.#streams.delete(key);
      }
      return;
    }
    const name = `${own}\n${message.tags.sender}\n${message.tags.receiver}`;
    const known = this.#streams.get(name);
    const nextDh = hexEncode(message.nextDh);
    const stream = known ?? { from, to, keyId: message.senderKeyId, nextDh, counters: new Map() };
    if (known === undefined) {
      if (this.#streams.size >= MOST_STREAMS) this.#streams.clear();
      this.#streams.set(name, stream);
    }
    const { tags, recipientKeyId } = message;
    const other = `${archive}\n${to}\n${from}\n${tags.receiver}\n${tags.sender}`;
    this.#acknowledged(stream, other, {
      keyId: recipientKeyId,
      record,
      begun: this.#exchanges.get(`${archive}\n${sessionOf(from, to)}`) === 1,
    });
    this.#keys(stream, { keyId: message.senderKeyId, nextDh, record });
    const pair = `${message.senderKeyId}/${message.recipientKeyId}`;
    this.#counter(stream, pair, { counter: BigInt(`0x${hexEncode(message.counter) || '0'}`), record });
  }

  breaks(): readonly OtrBreak[] {
    return [...this.#breaks.values()];
  }

  #keys(stream: Stream, { keyId, nextDh, record }: { keyId: number; nextDh: string; record: number }): void {
    const step = keyId - stream.keyId;
    if (step === 0 && stream.nextDh !== '' && nextDh !== stream.nextDh) {
      const what = 'messages under one key announce different next keys';
      this.#note(stream, { code: 'CONFLICTING_COPIES', what, count: 1, record });
    }
    if (step > 1) {
      const what = 'key ids are skipped: no message announces the keys between';
      this.#note(stream, { code: 'SEQUENCE_GAP', what, count: step - 1, record });
    }
    if (step < 0 || (step === 0 && stream.nextDh !== '')) return;
    stream.keyId = keyId;
    stream.nextDh = nextDh;
  }

  /**
   * A party seals to a key of the other's only after a message announced it. The first exchange gives either side its key 1;
   * where the exchange is not here, or was repeated, nothing is known before the other's first message.
   */
  #acknowledged(
    stream: Stream,
    other: string,
    { keyId, record, begun }: { keyId: number; record: number; begun: boolean },
  ): void {
    const used = this.#streams.get(other);
    if (used === undefined && !begun) return;
    const missing = keyId - (used?.keyId ?? this.#told.get(other) ?? 0) - 1;
    if (missing < 1) return;
    const what = 'messages are sealed to keys that no message here announces';
    this.#note(stream, { code: 'SEQUENCE_GAP', what, count: missing, record });
    if (used === undefined) {
      this.#told.set(other, keyId - 1);
      return;
    }
    used.keyId = keyId - 1;
    used.nextDh = '';
  }

  #counter(stream: Stream, pair: string, { counter, record }: { counter: bigint; record: number }): void {
    const last = stream.counters.get(pair) ?? 0n;
    if (counter <= last && stream.counters.has(pair)) {
      const what =
        'messages have a counter that the one before them under the same keys had reached: sent again or out of order';
      this.#note(stream, { code: 'REPLAY', what, count: 1, record });
      return;
    }
    if (counter > last + 1n) {
      const missing = counter - last - 1n;
      const what = 'counters are skipped: messages under the same keys are not here';
      const count = missing > 1_000_000n ? 1_000_000 : Number(missing);
      this.#note(stream, { code: 'SEQUENCE_GAP', what, count, record });
    }
    if (stream.counters.size >= MOST_PAIRS) stream.counters.clear();
    stream.counters.set(pair, counter);
  }

  #note(
    { from, to }: Stream,
    { code, what, count, record }: { code: OtrBreak['code']; what: string; count: number; record: number },
  ): void {
    const name = `${from}\n${to}\n${what}`;
    const found = this.#breaks.get(name) ?? { code, from, to, what, count: 0, records: [] };
    found.count += count;
    if (found.records.length < MOST_SHOWN) found.records.push(record);
    this.#breaks.set(name, found);
  }
}
