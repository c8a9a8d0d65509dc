import type { KeyObject } from 'node:crypto';
import { ed25519Key, ed25519Verifies } from './ed25519.ts';
import { Ed25519Tables } from './ed25519-tables.ts';

/** Messages before a key gets tables: where there is room, and where another key must give way. */
const FIRST = 3;
const INSTEAD = 24;

/** Undefined until it is needed. */
let tables: Ed25519Tables | null | undefined;

/**
 * Verifies the signatures of one key. Keys with many messages get tables; whatever those do not accept, OpenSSL decides, so
 * that a signature is rejected by OpenSSL only.
 */
export class KeyVerifier {
  readonly publicKey: Uint8Array;
  readonly #key: KeyObject | null;
  #count = 0;

  constructor(publicKey: Uint8Array) {
    this.publicKey = new Uint8Array(publicKey);
    this.#key = ed25519Key(this.publicKey);
  }

  verifies(data: Uint8Array, signature: Uint8Array): boolean {
    if (this.#key === null) return false;
    if (this.#hasTables() && tables?.accepts(this, data, signature) === true) return true;
    return ed25519Verifies(this.#key, data, signature);
  }

  #hasTables(): boolean {
    if (tables?.has(this) === true) return true;
    this.#count++;
    if (this.#count < FIRST) return false;
    if (tables === undefined) tables = Ed25519Tables.load();
    if (tables === null || (!tables.hasRoom && this.#count < INSTEAD)) return false;
    this.#count = 0;
    return tables.add(this);
  }
}
