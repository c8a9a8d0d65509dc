import { utf8Decode, utf8Encode } from '@custody/bytes';
import {
  consistencyProof,
  encodeAddCheckpoint,
  encodeSignatureLine,
  type VerifierKey,
  verifyNote,
} from '@custody/chain';
import { type Ledger, verifyEd25519 } from '@custody/segment';
import type { Post } from '@custody/vault';
import { away, broken } from '../errors.ts';

/** A witness and where it listens: the submission prefix of tlog-witness. */
export interface WitnessAddress {
  readonly url: string;
  readonly key: VerifierKey;
}

/** A cosignature as a witness gave it. */
export interface Cosigned {
  readonly witness: WitnessAddress;
  /** Signature lines for the checkpoint. */
  readonly lines: string;
  /** Seconds since 1970 that it states. */
  readonly time: number;
}

/** A witness whose clock goes ahead by more than this states a time that cannot be. */
const SKEW_S = 300;

/**
 * Asks a witness to cosign the log's newest checkpoint, first from the size it is thought to know. Throws LOG_ROLLED_BACK
 * where it has seen more entries than the log holds, LOG_FORKED where it has seen others, and UnavailableError
 * WITNESS_UNAVAILABLE for anything else than a cosignature.
 */
export async function askWitness(
  ledger: Ledger,
  witness: WitnessAddress,
  terms: { readonly post: Post; readonly old: number },
): Promise<Cosigned> {
  const note = ledger.checkpoint ?? '';
  let { old } = terms;
  for (let attempt = 0; attempt < 3; attempt++) {
    const answer = await send(ledger, witness, { post: terms.post, old });
    if (answer.status === 200) return readCosignature(note, utf8Decode(answer.body), witness);
    if (answer.status === 422) throw forked(witness, old);
    if (answer.status !== 409) throw refused(witness, answer);
    const seen = readSize(answer.body, witness);
    requireNoMore(ledger, witness, seen);
    // The size was right and the root was not.
    if (seen === old) throw forked(witness, seen);
    old = seen;
  }
  throw away(
    'WITNESS_UNAVAILABLE',
    `the witness ${witness.key.name} names another size each time: somebody else extends this log right now`,
  );
}

/**
 * How many entries of this log a witness has cosigned, without asking it for anything new where it knows the log. Throws
 * LOG_ROLLED_BACK where that is more than the log holds.
 */
export async function requireNotBehind(ledger: Ledger, witness: WitnessAddress, post: Post): Promise<void> {
  const answer = await send(ledger, witness, { post, old: 0 });
  if (answer.status === 409) requireNoMore(ledger, witness, readSize(answer.body, witness));
  else if (answer.status !== 200) throw refused(witness, answer);
}

function send(
  ledger: Ledger,
  { url }: WitnessAddress,
  { post, old }: { readonly post: Post; readonly old: number },
): ReturnType<Post> {
  const { size } = ledger;
  const proof = old === 0 || old >= size ? [] : consistencyProof(ledger.view.leafHashes(size), old, size);
  const body = encodeAddCheckpoint({ old: BigInt(old), proof, checkpoint: ledger.checkpoint ?? '' });
  const prefix = url.endsWith('/') ? url : `${url}/`;
  return post(`${prefix}add-checkpoint`, { body: utf8Encode(body), contentType: 'text/plain' });
}

function readSize(body: Uint8Array, { key }: WitnessAddress): number {
  const text = utf8Decode(body);
  const size = /^(0|[1-9][0-9]{0,15})\n$/.exec(text)?.[1];
  if (size === undefined) throw away('WITNESS_UNAVAILABLE', `the witness ${key.name} names no size with its refusal`);
  return Number(size);
}

function requireNoMore(ledger: Ledger, { key, url }: WitnessAddress, seen: number): void {
  if (seen <= ledger.size) return;
  throw broken(
    'LOG_ROLLED_BACK',
    `the witness ${key.name} (${url}) cosigned ${seen} entries of this log, and here it holds ${ledger.size}: an older copy was put back, or somebody extends another one. Nothing is signed`,
    { witness: key.name, seen, held: ledger.size },
  );
}

function readCosignature(note: string, lines: string, witness: WitnessAddress): Cosigned {
  const { key } = witness;
  const { signers, signatures } = verifyNote(note + lines, [key], verifyEd25519);
  const time = signers[0]?.time ?? 0;
  if (time > Date.now() / 1000 + SKEW_S)
    throw away('WITNESS_UNAVAILABLE', `the witness ${key.name} states a time to come`);
  const own = signatures.filter((one) => one.name === key.name && Buffer.compare(one.id, key.id) === 0);
  return { witness, lines: own.map(encodeSignatureLine).join(''), time };
}

function forked({ key, url }: WitnessAddress, seen: number): Error {
  return broken(
    'LOG_FORKED',
    `the witness ${key.name} (${url}) cosigned ${seen} entries of this log that are not those it holds here: two different logs were signed under one name. Keep this copy, and ask the witness for what it keeps`,
    { witness: key.name, seen },
  );
}

function refused({ key, url }: WitnessAddress, answer: Awaited<ReturnType<Post>>): Error {
  const text = Buffer.from(answer.body.subarray(0, 200)).toString('utf8').trim();
  const hint = answer.status === 404 || answer.status === 403 ? ': give it the verifier key of this log' : '';
  return away('WITNESS_UNAVAILABLE', `the witness ${key.name} (${url}) answered ${answer.status} (${text})${hint}`);
}
