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

/** Pairs of public keys tried for one pair of key ids beyond those that the transcript names. */
const MOST_PAIRS = 1024;
/** Keys of a slot that is remembered: another key exchange begins its ids anew. */
const MOST_SLOTS = 100_000;

/** Finds the keys of data messages. A key is right when the MAC says so: key ids only say which to try first. */
export class KeyFinder {
  readonly #facts: OtrFacts;
  readonly #exponents: ReadonlyMap<string, Uint8Array>;
  readonly #publics: readonly Announced[];
  readonly #aes: readonly FoundKeys[];
  readonly #slots = new Map<string, FoundKeys[]>();
  readonly #fruitless = new Set<string>();

  constructor(facts: OtrFacts, secrets: OtrSecrets) {
    this.#facts = facts;
    const exponents = new Map<string, Uint8Array>();
    const publics: Announced[] = [];
    for (const exponent of secrets.exponents) {
      const key = publicOf(exponent);
      if (key === null) continue;
      exponents.set(hexEncode(key), exponent);
      publics.push({ who: '', keyId: 0, key });
    }
    this.#exponents = exponents;
    this.#publics = publics;
    this.#aes = secrets.aesKeys.map((key) => ({ keys: keysFromAes(key), by: 'aes-key' }));
  }

  /** Whether anything was supplied that could open a message. */
  get hasKeys(): boolean {
    return this.#aes.length > 0 || this.#exponents.size > 0;
  }

  /** The keys whose MAC is the message's; null where no supplied key is its key. */
  find(message: OtrData, from: string, to: string): FoundKeys | null {
    const { tags, senderKeyId, recipientKeyId } = message;
    const slot = `${from}\n${to}\n${tags.sender}\n${tags.receiver}\n${senderKeyId}\n${recipientKeyId}`;
    for (const known of this.#slots.get(slot) ?? []) if (macFits(message, known.keys)) return known;
    // A slot for which nothing fitted once is not searched whole for each of its messages.
    if (this.#fruitless.has(slot)) return null;
    const found = this.#search(message, from, to);
    if (this.#slots.size >= MOST_SLOTS) this.#slots.clear();
    if (found === null) this.#fruitless.add(slot);
    else this.#slots.set(slot, [...(this.#slots.get(slot) ?? []), found]);
    return found;
  }

  #search(message: OtrData, from: string, to: string): FoundKeys | null {
    for (const known of this.#aes) if (macFits(message, known.keys)) return known;
    if (this.#exponents.size === 0) return null;
    const tried = new Set<string>();
    let pairs = 0;
    for (const [sender, recipient] of this.#pairs(message, from, to)) {
      const name = `${hexEncode(sender)}\n${hexEncode(recipient)}`;
      if (tried.has(name)) continue;
      tried.add(name);
      if (++pairs > MOST_PAIRS) return null;
      const found = this.#try(message, sender, recipient);
      if (found !== null) return found;
    }
    return null;
  }

  #try(message: OtrData, sender: Uint8Array, recipient: Uint8Array): FoundKeys | null {
    const mine = this.#exponents.get(hexEncode(sender));
    const theirs = this.#exponents.get(hexEncode(recipient));
    const exponent = mine ?? theirs;
    if (exponent === undefined) return null;
    const of = mine === undefined ? 'recipient' : 'sender';
    const keys = keysFromDh({ sender, recipient, exponent, of });
    return keys !== null && macFits(message, keys) ? { keys, by: `exponent of the ${of}` } : null;
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
