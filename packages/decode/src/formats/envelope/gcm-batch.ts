import { type Cipheriv, createCipheriv, type KeyObject } from 'node:crypto';
import { type GcmWasm, gcmWasm, MESSAGE_WORDS } from './gcm-wasm.ts';

const BLOCK = 16;
/** IV length for which the first counter block is IV || 1 (NIST SP 800-38D 7.1). */
export const PLAIN_IV = 12;
/** Messages of one key, counted over windows, from which on its tables pay. */
const WORTH_TABLES = 8;
/** Fields of `Message` in assembly/memory.ts. */
const IV = 0;
const AAD = 1;
const AAD_LENGTH = 2;
const TEXT = 3;
const TEXT_LENGTH = 4;
const TAG = 5;
const BLOCKS = 6;
const KEY = 7;
const ZEROS: Uint8Array = new Uint8Array(BLOCK);

/** Where the parts of one message lie in the batch's memory. */
export interface MessageParts {
  readonly iv: number;
  readonly aad: number;
  readonly aadLength: number;
  readonly text: number;
  readonly textLength: number;
  readonly tag: number;
}

/** A key of the batch, and where its tables are while it has any. */
export interface BatchKey {
  readonly key: KeyObject;
  cipher: Cipheriv | null;
  slot: number;
  /** Messages since it last had no tables. */
  seen: number;
  /** The window that uses it. */
  window: number;
  /** Its messages in this window. */
  readonly members: number[];
}

export function batchKey(key: KeyObject): BatchKey {
  return { key, cipher: null, slot: -1, seen: 0, window: 0, members: [] };
}

/**
 * AES-GCM of many messages at once: one AES call makes the counter blocks of all messages of a key, WebAssembly does
 * the rest. What it does not open (too few messages of a key, a tag that does not fit) is for node:crypto to judge.
 */
export class GcmBatch {
  readonly wasm: GcmWasm;
  /** Where the next message's parts may be put. */
  #at: number;
  #count = 0;
  #window = 1;
  #blocks: number;
  /** Messages of this window that are opened. */
  #ordered = 0;
  readonly #keys: BatchKey[] = [];
  readonly #owners: (BatchKey | undefined)[] = [];
  #nextSlot = 0;

  constructor(wasm: GcmWasm) {
    this.wasm = wasm;
    this.#at = wasm.arena;
    this.#blocks = wasm.blocks;
  }

  /** Null where the platform does not allow it. */
  static create(): GcmBatch | null {
    const wasm = gcmWasm();
    return wasm === null ? null : new GcmBatch(wasm);
  }

  get full(): boolean {
    return this.#count === this.wasm.mostMessages;
  }

  /** A place for `length` bytes and up to 16 read or written beyond them, at a multiple of 16; -1: the window is full. */
  reserve(length: number): number {
    const at = this.#at;
    const next = at + ((length + 2 * BLOCK - 1) & -BLOCK);
    if (next > this.wasm.arena + this.wasm.arenaSize) return -1;
    this.#at = next;
    return at;
  }

  /** The message's number in this window. Its parts must lie in memory, in places that were reserved. */
  add(key: BatchKey, parts: MessageParts): number {
    const number = this.#count++;
    const words = this.wasm.messages;
    const at = number * MESSAGE_WORDS;
    words[at + IV] = parts.iv;
    words[at + AAD] = parts.aad;
    words[at + AAD_LENGTH] = parts.aadLength;
    words[at + TEXT] = parts.text;
    words[at + TEXT_LENGTH] = parts.textLength;
    words[at + TAG] = parts.tag;
    if (key.window !== this.#window) {
      key.window = this.#window;
      key.members.length = 0;
      this.#keys.push(key);
    }
    key.members.push(number);
    return number;
  }

  /** Opens what it can; `opened` and `isUtf8` tell of each message until `renew`. */
  open(): void {
    const { wasm } = this;
    const worth = this.#keys.filter((key) => this.#place(key));
    wasm.counters(this.#ordered);
    let at = wasm.blocks;
    for (const { cipher, members } of worth) {
      const from = at;
      for (const number of members) at += this.#blockBytes(number);
      wasm.memory.set((cipher as Cipheriv).update(wasm.memory.subarray(from, at)), from);
    }
    wasm.openAll(this.#ordered);
  }

  /** The tag fits, and the text lies decrypted where it lay. */
  opened(number: number): boolean {
    return (this.wasm.messages[number * MESSAGE_WORDS + KEY] as number) >= 0;
  }

  isUtf8(number: number): boolean {
    return this.wasm.messages[number * MESSAGE_WORDS + KEY] === 1;
  }

  start(number: number): number {
    return this.wasm.messages[number * MESSAGE_WORDS + TEXT] as number;
  }

  end(number: number): number {
    return this.start(number) + (this.wasm.messages[number * MESSAGE_WORDS + TEXT_LENGTH] as number);
  }

  /** Begins the next window; what was opened may be overwritten. */
  renew(): void {
    this.#at = this.wasm.arena;
    this.#count = 0;
    this.#ordered = 0;
    this.#window++;
    this.#keys.length = 0;
    this.#blocks = this.wasm.blocks;
  }

  /** Gives the messages of a key their tables and the places of their blocks; false: they are passed over. */
  #place(key: BatchKey): boolean {
    const { messages, order } = this.wasm;
    const ready = this.#ready(key);
    for (const number of key.members) {
      const at = number * MESSAGE_WORDS;
      messages[at + KEY] = ready ? key.slot : -1;
      if (!ready) continue;
      order[this.#ordered++] = number;
      messages[at + BLOCKS] = this.#blocks;
      this.#blocks += this.#blockBytes(number);
    }
    return ready;
  }

  #ready(key: BatchKey): boolean {
    if (key.slot >= 0) return true;
    key.seen += key.members.length;
    if (key.seen < WORTH_TABLES) return false;
    key.slot = this.#freeSlot();
    this.#owners[key.slot] = key;
    // ECB, so that each block is E(K, block) and nothing else: counter mode and GHASH are made of these.
    const bits = (key.key.symmetricKeySize as number) * 8;
    key.cipher = createCipheriv(`aes-${bits}-ecb`, key.key, null).setAutoPadding(false);
    this.wasm.hashKey.set(key.cipher.update(ZEROS));
    this.wasm.expand(key.slot);
    return true;
  }

  /** There are as many places as messages in a window, so one is always free of this window's keys. */
  #freeSlot(): number {
    for (;;) {
      const slot = this.#nextSlot;
      this.#nextSlot = (slot + 1) % this.wasm.mostKeys;
      const owner = this.#owners[slot];
      if (owner === undefined) return slot;
      if (owner.window === this.#window) continue;
      owner.slot = -1;
      owner.cipher = null;
      owner.seen = 0;
      return slot;
    }
  }

  /** One block for the tag and one for each block of text. */
  #blockBytes(number: number): number {
    const length = this.wasm.messages[number * MESSAGE_WORDS + TEXT_LENGTH] as number;
    return (length + 2 * BLOCK - 1) & -BLOCK;
  }
}
