import { createDecipheriv } from 'node:crypto';
import { hexEncode } from '@custody/bytes';
import { stripped } from './modp-group.ts';
import type { OtrMessage } from './otr-message.ts';

/** A public DH key as a party announced it. */
export interface Announced {
  readonly who: string;
  /** 0: of the key exchange, which does not say its id in clear. */
  readonly keyId: number;
  readonly key: Uint8Array;
  /** Number of the message that first announced it, in the order of the transcript. */
  readonly order: number;
}

/** Where a MAC key was published, as a text for the examiner. */
export interface Revealed {
  readonly place: string;
  readonly by: string;
}

/** What a transcript says in clear that decryption needs. Survives structured cloning. */
export interface OtrFacts {
  readonly announced: ReadonlyMap<string, readonly Announced[]>;
  /** By MAC key, hex: the first place that publishes it. */
  readonly revealed: ReadonlyMap<string, Revealed>;
}

/** Key ids rise by one a turn; a session with more keys than this keeps those it has. */
const MOST_ANNOUNCED = 1_000_000;

/** A reveal follows its commit; a few that were never answered may stand between. */
const RECENT_COMMITS = 8;

/** The two parties of a message, whichever way it goes. */
export function sessionOf(from: string, to: string): string {
  return from < to ? `${from}\n${to}` : `${to}\n${from}`;
}

/** Gathers public keys and revealed MAC keys from messages in any order. */
export class OtrSurvey {
  readonly #announced = new Map<string, Announced[]>();
  readonly #known = new Set<string>();
  readonly #revealed = new Map<string, Revealed>();
  readonly #commits = new Map<string, Uint8Array[]>();

  add(
    message: OtrMessage,
    { from, to, place, order }: { from: string; to: string; place: string; order: number },
  ): void {
    const session = sessionOf(from, to);
    if (message.kind === 'data') {
      this.#announce(session, { who: from, keyId: message.senderKeyId + 1, key: message.nextDh, order });
      for (const mac of message.revealedMacs) {
        const hex = hexEncode(mac);
        if (!this.#revealed.has(hex)) this.#revealed.set(hex, { place, by: from });
      }
    } else if (message.kind === 'dh-key') this.#announce(session, { who: from, keyId: 0, key: message.gy, order });
    else if (message.kind === 'dh-commit') {
      const commits = this.#commits.get(`${from}\n${to}`) ?? [];
      commits.push(message.encryptedGx);
      if (commits.length > RECENT_COMMITS) commits.shift();
      this.#commits.set(`${from}\n${to}`, commits);
    } else if (message.kind === 'reveal-signature' && message.revealed.length === 16) {
      for (const commit of this.#commits.get(`${from}\n${to}`) ?? []) {
        const gx = openCommit(commit, message.revealed);
        if (gx !== null) this.#announce(session, { who: from, keyId: 0, key: gx, order });
      }
    }
  }

  facts(): OtrFacts {
    return { announced: this.#announced, revealed: this.#revealed };
  }

  #announce(session: string, announced: Announced): void {
    const name = `${session}\n${announced.who}\n${announced.keyId}\n${hexEncode(announced.key)}`;
    if (this.#known.has(name) || this.#known.size >= MOST_ANNOUNCED) return;
    this.#known.add(name);
    const list = this.#announced.get(session);
    const copy = { ...announced, key: announced.key.slice() };
    if (list === undefined) this.#announced.set(session, [copy]);
    else list.push(copy);
  }
}

/** g^x of a D-H Commit message: AES-128-CTR under the key that the Reveal Signature message gives away; null: not its key. */
function openCommit(encrypted: Uint8Array, key: Uint8Array): Uint8Array | null {
  if (encrypted.length < 5) return null;
  const mpi = createDecipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(encrypted);
  return mpi.readUInt32BE(0) === mpi.length - 4 ? stripped(mpi.subarray(4)) : null;
}
