import { hexEncode } from '@custody/bytes';
import { publicOf } from './modp-group.ts';
import { macFits } from './open-data.ts';
import type { OtrData } from './otr-message.ts';
import { type Announced, type OtrFacts, sessionOf } from './otr-survey.ts';
import { type DirectionKeys, keysFromAes, keysFromDh } from './session-keys.ts';

/** Key material supplied for a transcript. Survives structured cloning. */
export interface OtrSecrets {
  /** DH exponents of one side or both. */
  readonly exponents: readonly Uint8Array[];
  /** AES keys of single directions. */
  readonly aesKeys: readonly Uint8Array[];
}

export interface FoundKeys {
  readonly keys: DirectionKeys;
  /** What opened it: an AES key, or the exponent of the party that sent or received. */
  readonly by: 'aes-key' | 'exponent of the sender' | 'exponent of the recipient';
}

/** Pairs of public keys tried for one pair of key ids. */
const MOST_PAIRS = 128;
/** Slots whose candidates are remembered; forgetting them costs time only. */
const MOST_SLOTS = 2000;

/** Keys that may be those of one pair of key ids, worked out as far as they were needed. */
interface Slot {
  readonly derived: FoundKeys[];
  /** What opened the last message: tried first. */
  last: FoundKeys | null;
  readonly more: Iterator<FoundKeys>;
  /** Whether both key ids name known keys, one of them with its exponent. */
  named: boolean;
}

/** Finds the keys of data messages. A key is right when the MAC says so: key ids only say which to try first. */
export class KeyFinder {
  readonly #facts: OtrFacts;
  readonly #exponents: ReadonlyMap<string, Uint8Array>;
  /** Public keys of supplied exponents that no message announces: the transcript may have begun after them. */
  readonly #publics: readonly Announced[];
  readonly #aes: readonly FoundKeys[];
  readonly #slots = new Map<string, Slot>();

  constructor(facts: OtrFacts, secrets: OtrSecrets) {
    this.#facts = facts;
    const exponents = new Map<string, Uint8Array>();
    const placed = new Set([...facts.announced.values()].flatMap((list) => list.map(({ key }) => hexEncode(key))));
    const publics: Announced[] = [];
    for (const exponent of secrets.exponents) {
      const key = publicOf(exponent);
      if (key === null) continue;
      const name = hexEncode(key);
      if (exponents.has(name)) continue;
      exponents.set(name, exponent);
      if (!placed.has(name)) publics.push({ who: '', keyId: 0, key });
    }
    this.#exponents = exponents;
    this.#publics = publics;
    this.#aes = secrets.aesKeys.map((key) => ({ keys: keysFromAes(key), by: 'aes-key' }));
  }

  /** Whether anything was supplied that could open a message. */
  get hasKeys(): boolean {
    return this.#aes.length > 0 || this.#exponents.size > 0;
  }

  /**
   * The keys whose MAC is the message's; else whether the keys that its ids name are known (`changed`) or not. What is
   * remembered between messages changes no answer.
   */
  find(message: OtrData, from: string, to: string): FoundKeys | 'changed' | 'unknown' {
    const slot = this.#slot(message, from, to);
    if (slot.last !== null && macFits(message, slot.last.keys)) return slot.last;
    for (const known of [...slot.derived, ...this.#aes]) {
      if (!macFits(message, known.keys)) continue;
      slot.last = known;
      return known;
    }
    for (let next = slot.more.next(); next.done !== true; next = slot.more.next()) {
      slot.derived.push(next.value);
      if (!macFits(message, next.value.keys)) continue;
      slot.last = next.value;
      return next.value;
    }
    return slot.named ? 'changed' : 'unknown';
  }

  #slot(message: OtrData, from: string, to: string): Slot {
    const { tags, senderKeyId, recipientKeyId } = message;
    const name = `${from}\n${to}\n${tags.sender}\n${tags.receiver}\n${senderKeyId}\n${recipientKeyId}`;
    let slot = this.#slots.get(name);
    if (slot === undefined) {
      if (this.#slots.size >= MOST_SLOTS) this.#slots.clear();
      slot = {
        derived: [],
        last: null,
        more: this.#candidates(message, from, to),
        named: this.#isNamed(message, from, to),
      };
      this.#slots.set(name, slot);
    }
    return slot;
  }

  #isNamed({ senderKeyId, recipientKeyId }: OtrData, from: string, to: string): boolean {
    const all = this.#facts.announced.get(sessionOf(from, to)) ?? [];
    const sender = all.filter(({ who, keyId }) => who === from && keyId === senderKeyId);
    const recipient = all.filter(({ who, keyId }) => who === to && keyId === recipientKeyId);
    const opens = ({ key }: Announced) => this.#exponents.has(hexEncode(key));
    return sender.length > 0 && recipient.length > 0 && (sender.some(opens) || recipient.some(opens));
  }

  *#candidates(message: OtrData, from: string, to: string): Generator<FoundKeys> {
    if (this.#exponents.size === 0) return;
    const tried = new Set<string>();
    for (const [sender, recipient] of this.#pairs(message, from, to)) {
      const name = `${hexEncode(sender)}\n${hexEncode(recipient)}`;
      if (tried.has(name)) continue;
      tried.add(name);
      if (tried.size > MOST_PAIRS) return;
      const found = this.#derive(sender, recipient);
      if (found !== null) yield found;
    }
  }

  #derive(sender: Uint8Array, recipient: Uint8Array): FoundKeys | null {
    const mine = this.#exponents.get(hexEncode(sender));
    const exponent = mine ?? this.#exponents.get(hexEncode(recipient));
    if (exponent === undefined) return null;
    const of = mine === undefined ? 'recipient' : 'sender';
    const keys = keysFromDh({ sender, recipient, exponent, of });
    return keys === null ? null : { keys, by: `exponent of the ${of}` };
  }

  /** Public keys of both sides, those that the key ids name first, then those of key exchanges, then all. */
  *#pairs(message: OtrData, from: string, to: string): Generator<readonly [Uint8Array, Uint8Array]> {
    const all = this.#facts.announced.get(sessionOf(from, to)) ?? [];
    const senders = all.filter(({ who }) => who === from);
    const recipients = all.filter(({ who }) => who === to);
    const named = (list: readonly Announced[], id: number) =>
      list.filter(({ keyId }) => keyId === id).concat(list.filter(({ keyId }) => keyId === 0));
    yield* product(named(senders, message.senderKeyId), named(recipients, message.recipientKeyId));
    // A transcript that begins late, or by other hands, may not name the key of one side: supplied ones may be it.
    yield* product(this.#publics, named(recipients, message.recipientKeyId));
    yield* product(named(senders, message.senderKeyId), this.#publics);
    yield* product(this.#publics, this.#publics);
    yield* product(this.#publics, recipients);
    yield* product(senders, this.#publics);
  }
}

function* product(
  senders: readonly Announced[],
  recipients: readonly Announced[],
): Generator<readonly [Uint8Array, Uint8Array]> {
  for (const sender of senders) for (const recipient of recipients) yield [sender.key, recipient.key];
}
