import { hexEncode } from '@custody/bytes';
import { AnnouncedKeys } from './announced-keys.ts';
import { publicOf } from './modp-group.ts';
import { macFits } from './open-data.ts';
import type { OtrData } from './otr-message.ts';
import { type Announced, type OtrFacts, sessionOf } from './otr-survey.ts';
import { type DirectionKeys, keysFromAes, keysFromDh } from './session-keys.ts';

/** Key material supplied for a transcript. Survives structured cloning. */
export interface OtrSecrets {
  /** DH exponents of one side or both. */
  readonly exponents: readonly Uint8Array[];
  /** Whose each exponent is, as the transcript names the party; null: not stated. */
  readonly owners?: readonly (string | null)[];
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
  /** More keys might be meant than were tried. */
  isCut: boolean;
}

/** Finds the keys of data messages. A key is right when the MAC says so: key ids only say which to try first. */
export class KeyFinder {
  readonly #facts: OtrFacts;
  readonly #sessions = new Map<string, AnnouncedKeys>();
  readonly #exponents: ReadonlyMap<string, Uint8Array>;
  /** Public keys of supplied exponents that no message announces: the transcript may have begun after them. */
  readonly #publics: readonly Announced[];
  readonly #ofParty = new Map<string, readonly Announced[]>();
  readonly #aes: readonly FoundKeys[];
  readonly #slots = new Map<string, Slot>();

  constructor(facts: OtrFacts, secrets: OtrSecrets) {
    this.#facts = facts;
    const exponents = new Map<string, Uint8Array>();
    const placed = new Set([...facts.announced.values()].flatMap((list) => list.map(({ key }) => hexEncode(key))));
    const publics: Announced[] = [];
    for (const [i, exponent] of secrets.exponents.entries()) {
      const key = publicOf(exponent);
      if (key === null) continue;
      const name = hexEncode(key);
      if (exponents.has(name)) continue;
      exponents.set(name, exponent);
      if (!placed.has(name)) publics.push({ who: secrets.owners?.[i] ?? '', keyId: 0, key, order: 0 });
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
   * The keys whose MAC is the message's; else whether the keys that its ids name are known (`changed`) or not, or too many
   * supplied ones might be meant. What is
   * remembered between messages changes no answer. `order` is the message's number in the transcript.
   */
  find(message: OtrData, { from, to, order }: Direction): FoundKeys | NotFound {
    const slot = this.#slot(message, { from, to, order });
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
    return slot.named ? 'changed' : slot.isCut ? 'too-many' : 'unknown';
  }

  #slot(message: OtrData, { from, to, order }: Direction): Slot {
    const { tags, senderKeyId, recipientKeyId } = message;
    const session = this.#session(from, to);
    const exchange = session.exchangeOf(order);
    const name = `${from}\n${to}\n${tags.sender}\n${tags.receiver}\n${senderKeyId}\n${recipientKeyId}\n${exchange}`;
    let slot = this.#slots.get(name);
    if (slot === undefined) {
      if (this.#slots.size >= MOST_SLOTS) this.#slots.clear();
      const sides: Sides = {
        from,
        to,
        senders: session.named(from, senderKeyId, exchange),
        recipients: session.named(to, recipientKeyId, exchange),
        lateSender: !session.announces(from, senderKeyId),
        lateRecipient: !session.announces(to, recipientKeyId),
      };
      const made: Slot = { derived: [], last: null, more: NOTHING, named: this.#isNamed(sides), isCut: false };
      slot = {
        ...made,
        more: this.#candidates(sides, () => {
          (slot as Slot).isCut = true;
        }),
      };
      this.#slots.set(name, slot);
    }
    return slot;
  }

  #session(from: string, to: string): AnnouncedKeys {
    const name = sessionOf(from, to);
    let session = this.#sessions.get(name);
    if (session === undefined) {
      session = new AnnouncedKeys(this.#facts.announced.get(name) ?? []);
      this.#sessions.set(name, session);
    }
    return session;
  }

  #isNamed({ senders, recipients, lateSender, lateRecipient }: Sides): boolean {
    if (lateSender || lateRecipient) return false;
    return [...senders, ...recipients].some(({ key, keyId }) => keyId !== 0 && this.#exponents.has(hexEncode(key)));
  }

  *#candidates(sides: Sides, onCut: () => void): Generator<FoundKeys> {
    if (this.#exponents.size === 0) return;
    const tried = new Set<string>();
    for (const [sender, recipient] of this.#pairs(sides)) {
      const name = `${hexEncode(sender)}\n${hexEncode(recipient)}`;
      if (tried.has(name)) continue;
      tried.add(name);
      if (tried.size > MOST_PAIRS) {
        onCut();
        return;
      }
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

  /** Unannounced keys that may be a party's: its own, and those of which nobody says whose they are. */
  #publicsOf(party: string): readonly Announced[] {
    let known = this.#ofParty.get(party);
    if (known === undefined) {
      known = this.#publics.filter(({ who }) => who === '' || who === party);
      if (this.#ofParty.size >= MOST_SLOTS) this.#ofParty.clear();
      this.#ofParty.set(party, known);
    }
    return known;
  }

  *#pairs(sides: Sides): Generator<readonly [Uint8Array, Uint8Array]> {
    const { senders, recipients, lateSender, lateRecipient } = sides;
    const [ofSender, ofRecipient] = [this.#publicsOf(sides.from), this.#publicsOf(sides.to)];
    yield* product(senders, recipients);
    // A transcript that begins late does not announce the first key of a side: a supplied one may be it.
    if (lateSender) yield* product(ofSender, recipients);
    if (lateRecipient) yield* product(senders, ofRecipient);
    if (lateSender && lateRecipient) yield* product(ofSender, ofRecipient);
  }
}

/** Why no key was found. */
export type NotFound = 'changed' | 'unknown' | 'too-many';

const NOTHING: Iterator<FoundKeys> = [][Symbol.iterator]();

/** Who sends to whom, and where in the transcript. */
export interface Direction {
  readonly from: string;
  readonly to: string;
  readonly order: number;
}

/** Keys that a message may mean, the likeliest first; `late`: its key id is announced nowhere. */
interface Sides {
  readonly from: string;
  readonly to: string;
  readonly senders: readonly Announced[];
  readonly recipients: readonly Announced[];
  readonly lateSender: boolean;
  readonly lateRecipient: boolean;
}

/** Pairs of two lists, those of the first places first. */
function* product(
  senders: readonly Announced[],
  recipients: readonly Announced[],
): Generator<readonly [Uint8Array, Uint8Array]> {
  for (let sum = 0; sum < senders.length + recipients.length - 1; sum++) {
    for (let i = Math.max(0, sum - recipients.length + 1); i <= Math.min(sum, senders.length - 1); i++) {
      yield [(senders[i] as Announced).key, (recipients[sum - i] as Announced).key];
    }
  }
}
