import { stripped } from './modp-group.ts';

/** A message of OTR version 2 or 3 as it stands in a text. Instance tags are 0 in version 2. */
export type OtrMessage =
  | OtrData
  | { readonly kind: 'dh-commit'; readonly tags: Tags; readonly encryptedGx: Uint8Array }
  | { readonly kind: 'dh-key'; readonly tags: Tags; readonly gy: Uint8Array }
  | { readonly kind: 'reveal-signature'; readonly tags: Tags; readonly revealed: Uint8Array }
  | { readonly kind: 'signature'; readonly tags: Tags }
  | { readonly kind: 'query' | 'error' }
  | OtrFragment
  | { readonly kind: 'malformed'; readonly why: string };

export interface Tags {
  readonly sender: number;
  readonly receiver: number;
}

export interface OtrData {
  readonly kind: 'data';
  readonly tags: Tags;
  readonly flags: number;
  readonly senderKeyId: number;
  readonly recipientKeyId: number;
  readonly nextDh: Uint8Array;
  /** Top half of the AES counter. */
  readonly counter: Uint8Array;
  readonly ciphertext: Uint8Array;
  /** What the MAC covers: everything before it. */
  readonly authenticated: Uint8Array;
  readonly mac: Uint8Array;
  /** MAC keys that the sender publishes because they are no longer used. */
  readonly revealedMacs: readonly Uint8Array[];
}

export interface OtrFragment {
  readonly kind: 'fragment';
  readonly tags: Tags;
  /** From 1. */
  readonly number: number;
  readonly of: number;
  readonly piece: string;
}

/** The longest text read as one message. */
const LONGEST = 16 * 1024 * 1024;
const MAC_LENGTH = 20;
const FRAGMENT = /^\?OTR(?:\|([0-9a-fA-F]{1,8})\|([0-9a-fA-F]{1,8}))?,(\d{1,5}),(\d{1,5}),([A-Za-z0-9+/=:?.]*),\s*$/;

/** Whether a text is, or holds, a message of the protocol. */
export function isOtr(text: string): boolean {
  return text.startsWith('?OTR');
}

/** Reads the OTR message a text is; null where the text begins otherwise: then it is plain. */
export function readOtr(text: string): OtrMessage | null {
  if (!isOtr(text)) return null;
  if (text.length > LONGEST) return malformed(`longer than ${LONGEST} characters`);
  if (text.startsWith('?OTR:')) return readEncoded(text);
  if (text.startsWith('?OTR,') || text.startsWith('?OTR|')) return readFragment(text);
  if (text.startsWith('?OTR Error:')) return { kind: 'error' };
  if (/^\?OTR(\?|v[0-9A-Za-z]*\?|\?v[0-9A-Za-z]*\?)/.test(text)) return { kind: 'query' };
  return null;
}

function readFragment(text: string): OtrMessage {
  const found = FRAGMENT.exec(text);
  if (found === null) return malformed('a fragment whose header cannot be read');
  const [, sender = '0', receiver = '0', k = '', n = '', piece = ''] = found;
  const [number, of] = [Number(k), Number(n)];
  if (number < 1 || of < 1 || number > of) return malformed(`fragment ${number} of ${of}`);
  const tags = { sender: Number.parseInt(sender, 16), receiver: Number.parseInt(receiver, 16) };
  return { kind: 'fragment', tags, number, of, piece };
}

function readEncoded(text: string): OtrMessage {
  const end = text.indexOf('.', 5);
  if (end < 0) return malformed('no full stop ends the base64');
  const digits = text.slice(5, end);
  const bytes = Buffer.from(digits, 'base64');
  const padding = digits.endsWith('==') ? 2 : digits.endsWith('=') ? 1 : 0;
  if (digits.length % 4 !== 0 || bytes.length !== (digits.length / 4) * 3 - padding) return malformed('not base64');
  return new WireReader(bytes).message();
}

class OutOfBytes extends Error {}

class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  message(): OtrMessage {
    try {
      return this.#message();
    } catch (error) {
      if (error instanceof OutOfBytes) return malformed(error.message);
      throw error;
    }
  }

  #message(): OtrMessage {
    const version = this.#take(2).readUInt16BE(0);
    if (version !== 2 && version !== 3) return malformed(`protocol version ${version}`);
    const type = this.#take(1)[0] as number;
    const tags = version === 3 ? { sender: this.#int(), receiver: this.#int() } : { sender: 0, receiver: 0 };
    if (type === 0x03) return this.#dataMessage(tags);
    if (type === 0x02) return { kind: 'dh-commit', tags, encryptedGx: this.#data() };
    if (type === 0x0a) return { kind: 'dh-key', tags, gy: stripped(this.#data()) };
    if (type === 0x11) return { kind: 'reveal-signature', tags, revealed: this.#data() };
    if (type === 0x12) return { kind: 'signature', tags };
    return malformed(`message type ${type}`);
  }

  #dataMessage(tags: Tags): OtrMessage {
    const flags = this.#take(1)[0] as number;
    const senderKeyId = this.#int();
    const recipientKeyId = this.#int();
    const nextDh = stripped(this.#data());
    const counter = this.#take(8);
    const ciphertext = this.#data();
    const authenticated = this.#bytes.subarray(0, this.#at);
    const mac = this.#take(MAC_LENGTH);
    const old = this.#data();
    if (old.length % MAC_LENGTH !== 0) return malformed('the revealed MAC keys are no whole number of keys');
    if (senderKeyId === 0 || recipientKeyId === 0) return malformed('a key id of 0');
    const revealedMacs = Array.from({ length: old.length / MAC_LENGTH }, (_, i) =>
      old.subarray(i * MAC_LENGTH, (i + 1) * MAC_LENGTH),
    );
    const keys = { senderKeyId, recipientKeyId, nextDh, counter, ciphertext };
    return { kind: 'data', tags, flags, ...keys, authenticated, mac, revealedMacs };
  }

  #int(): number {
    return this.#take(4).readUInt32BE(0);
  }

  #data(): Buffer {
    return this.#take(this.#int());
  }

  #take(length: number): Buffer {
    if (length > this.#bytes.length - this.#at) throw new OutOfBytes('it ends inside a field');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

function malformed(why: string): OtrMessage {
  return { kind: 'malformed', why };
}
