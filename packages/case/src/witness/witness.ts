import { CustodyError, equalBytes, utf8Encode } from '@custody/bytes';
import {
  type AddCheckpoint,
  cosign,
  readAddCheckpoint,
  readCheckpoint,
  readNote,
  type VerifiedCheckpoint,
  type VerifierKey,
  verifyCheckpoint,
  verifyConsistency,
} from '@custody/chain';
import { verifyEd25519 } from '@custody/segment';
import type { HttpAnswer } from '@custody/vault';
import type { WitnessKey } from './witness-key.ts';
import type { Witnessed, WitnessMemory } from './witness-memory.ts';

/** A refusal by its HTTP status (C2SP tlog-witness). */
class Refusal extends Error {
  readonly status: number;
  readonly size: bigint | null;

  constructor(status: number, why: string, size: bigint | null = null) {
    super(why);
    this.status = status;
    this.size = size;
  }
}

export interface WitnessTerms {
  readonly own: WitnessKey;
  /** Keys of the logs it knows; a log may have several. */
  readonly logs: readonly VerifierKey[];
  readonly memory: WitnessMemory;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * A C2SP tlog-witness: cosigns a checkpoint of a log it knows once it is shown that it extends the one it cosigned last. It
 * keeps no entry and sees none.
 */
export class Witness {
  readonly #terms: WitnessTerms;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(terms: WitnessTerms) {
    this.#terms = terms;
  }

  /** The answer to one add-checkpoint request. Requests take turns: what is compared is what is recorded. */
  addCheckpoint(body: Uint8Array): Promise<HttpAnswer> {
    const done = this.#queue.then(() => this.#answer(body));
    this.#queue = done.catch(() => {});
    return done;
  }

  async #answer(body: Uint8Array): Promise<HttpAnswer> {
    try {
      return answer(200, await this.#cosign(body));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.size === null) return answer(error.status, `${error.message}\n`);
      return { status: error.status, contentType: 'text/x.tlog.size', body: utf8Encode(`${error.size}\n`) };
    }
  }

  async #cosign(body: Uint8Array): Promise<string> {
    const request = within(400, () => readAddCheckpoint(body));
    const checkpoint = this.#verifySigned(request.checkpoint);
    if (request.old > checkpoint.size) throw new Refusal(400, 'the old size is larger than the checkpoint');
    for (;;) {
      const { memory, own, now } = this.#terms;
      const latest = await memory.latest(checkpoint.origin);
      await this.#requireExtends(request, checkpoint, latest);
      const isNew = latest === null || latest.size < checkpoint.size;
      if (isNew && !(await memory.record(checkpoint.origin, latest, request.checkpoint))) continue;
      return cosign(checkpoint.note.text, Math.floor(now() / 1000), { name: own.key.name, signer: own.signer });
    }
  }

  #verifySigned(note: string): VerifiedCheckpoint {
    // What is no signed checkpoint has no valid signature either.
    const { origin } = within(403, () => readCheckpoint(readNote(note).text));
    const keys = this.#terms.logs.filter((key) => key.name === origin);
    if (keys.length === 0) throw new Refusal(404, `unknown log: ${origin}`);
    for (const logKey of keys) {
      try {
        return verifyCheckpoint(note, { logKey, verify: verifyEd25519 });
      } catch (error) {
        if (!(error instanceof CustodyError)) throw error;
      }
    }
    throw new Refusal(403, 'invalid signature: none of the keys known for this log signed it');
  }

  async #requireExtends(
    { old, proof, checkpoint: note }: AddCheckpoint,
    { origin, size, root }: VerifiedCheckpoint,
    latest: Witnessed | null,
  ): Promise<void> {
    const known = latest?.size ?? 0n;
    if (old !== known) throw new Refusal(409, 'conflict', known);
    if (latest === null || known === 0n) {
      if (proof.length > 0) throw new Refusal(422, 'the consistency proof from nothing has to be empty');
      return;
    }
    const { memory } = this.#terms;
    if (size === known) {
      if (!equalBytes(root, latest.root)) {
        await memory.keepConflict(origin, note);
        throw new Refusal(409, 'conflict', known);
      }
      if (proof.length > 0) throw new Refusal(422, 'the consistency proof from the same size has to be empty');
      return;
    }
    try {
      verifyConsistency({ size1: known, size2: size, root1: latest.root, root2: root, proof });
    } catch (error) {
      if (!(error instanceof CustodyError)) throw error;
      await memory.keepConflict(origin, note);
      throw new Refusal(422, 'the consistency proof does not show that the log extends what was cosigned');
    }
  }
}

function within<T>(status: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    throw new Refusal(status, error.message);
  }
}

function answer(status: number, text: string): HttpAnswer {
  return { status, contentType: 'text/plain', body: utf8Encode(text) };
}
