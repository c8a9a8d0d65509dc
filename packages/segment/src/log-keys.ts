import { utf8Decode } from '@custody/bytes';
import {
  encodeVerifierKey,
  readNote,
  readVerifierKey,
  type Signer,
  signNote,
  type VerifierKey,
  type VerifySignature,
  verifierKey,
  verifyCheckpoint,
  verifyNote,
} from '@custody/chain';
import { verifyEd25519 } from './ed25519.ts';
import { broken, malformed } from './errors.ts';

/** Clear notes by which one log key names the next; the commit that names one is the last by the key before. */
export const SUCCESSION_PREFIX = 'log/succession-';
const LABEL = 'custody/log-succession/v1';

/** A key and the log size after which it signs. */
export interface LogKeySpan {
  readonly key: VerifierKey;
  /** Checkpoints of more entries than this are its own. */
  readonly after: number;
}

/**
 * The keys of one log, the first and what each signed over to. A key signs what comes after it was named, and nothing
 * that comes after its successor was: a stolen old key makes no new entry.
 */
export class LogKeys {
  readonly spans: LogKeySpan[];

  constructor(first: VerifierKey) {
    this.spans = [{ key: first, after: 0 }];
  }

  get first(): VerifierKey {
    return (this.spans[0] as LogKeySpan).key;
  }

  get current(): VerifierKey {
    return (this.spans.at(-1) as LogKeySpan).key;
  }

  /** The key whose turn it was when the log had `size` entries. */
  at(size: number): VerifierKey {
    return (this.spans.findLast(({ after }) => size > after) ?? (this.spans[0] as LogKeySpan)).key;
  }

  /** The key that a checkpoint is signed with, by the size it states; whether it is has to be verified with it. */
  ofCheckpoint(note: string | Uint8Array): VerifierKey {
    if (this.spans.length === 1) return this.first;
    const size = Number(readNote(note).text.split('\n')[1]);
    return Number.isSafeInteger(size) ? this.at(size) : this.current;
  }

  /** As chain's verifyCheckpoint, under the key whose turn it was. */
  verifyCheckpoint(note: string | Uint8Array): ReturnType<typeof verifyCheckpoint> {
    return verifyCheckpoint(note, { logKey: this.ofCheckpoint(note), verify: verifyEd25519 });
  }

  /** Takes a succession note over: from checkpoints of more than `after` entries on. Throws LOG_SUCCESSION_BROKEN. */
  succeed(note: Uint8Array, after: number, verify: VerifySignature): void {
    const next = readSuccession(note, this.current, verify);
    this.spans.push({ key: next, after });
  }
}

/** The note by which `current` names `next` for the log `origin`; both sign it. */
export function encodeSuccession(origin: string, current: Signer, next: Signer): string {
  const key = encodeVerifierKey(verifierKey(origin, next.publicKey));
  const text = `${LABEL}\n${origin}\n${key}\n`;
  const [first, second] = [signNote(text, origin, current), signNote(text, origin, next)];
  return first + second.slice(second.lastIndexOf('\n\n') + 2);
}

function readSuccession(note: Uint8Array, current: VerifierKey, verify: VerifySignature): VerifierKey {
  const [label, origin, key, end] = readNote(note).text.split('\n');
  if (label !== LABEL || origin !== current.name || key === undefined || end !== '') {
    throw malformed('a succession of the log key is malformed');
  }
  const next = readVerifierKey(key);
  const { signers } = verifyNote(utf8Decode(note), [current, next], verify);
  if (signers.length === 2 && next.name === current.name) return next;
  throw broken(
    'LOG_SUCCESSION_BROKEN',
    'a succession of the log key is not signed by the key before and the key after',
  );
}
