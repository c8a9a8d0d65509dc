import { CustodyError } from '@custody/bytes';
import type { VerifierKey } from '@custody/chain';
import type { Ledger } from '@custody/segment';
import type { Vault } from '@custody/vault';
import type { Failure } from '../failure.ts';
import { compareWithMemory } from './checkpoint-memory.ts';
import { readKnownCheckpoint, requireExtends } from './known-checkpoint.ts';
import { unlistedCertificates } from './read-stamp.ts';
import { boundsOf, falseTimes } from './time-bounds.ts';
import { type TimestampAnchor, verifyTimestamps } from './verify-anchors.ts';
import { type CosignatureAnchor, verifyCosignatures } from './verify-cosignatures.ts';

/** What a reader brings from outside the case. */
export interface OutsideKnowledge {
  /** PEM or DER certificates of the time-stamping authority that the reader trusts. */
  readonly authorities?: Uint8Array;
  /** Revocation lists of that authority, PEM or DER. */
  readonly lists?: readonly Uint8Array[];
  /** C2SP tlog-policy: the witnesses that the reader trusts, and how many of them it takes. */
  readonly policy?: string;
  /** A signed checkpoint that the reader got earlier or from somebody else. */
  readonly checkpoint?: { readonly name: string; readonly note: Uint8Array };
  /** Folder of the largest checkpoints this user saw; null looks at none. */
  readonly memory?: string | null;
}

/** What others say about the log, and what the reader knew of it. */
export interface OutsideVerdict {
  readonly anchors: {
    readonly timestamps: readonly TimestampAnchor[];
    readonly cosignatures: readonly CosignatureAnchor[];
  };
  readonly failures: readonly Failure[];
  readonly notes: readonly string[];
  readonly notChecked: readonly string[];
}

/**
 * A log may be whole and still be another one, or shorter than it was: only what is kept outside shows it. Holds the log
 * against time-stamps, cosignatures, and what the reader remembers or was given.
 */
export async function verifyOutside(
  vault: Vault,
  ledger: Ledger,
  trust: { readonly logKey: VerifierKey; readonly known: OutsideKnowledge },
): Promise<OutsideVerdict> {
  const { logKey, known } = trust;
  const failures: Failure[] = [];
  const notes: string[] = [];
  const notChecked: string[] = [];
  const held = async (object: string, work: () => Promise<void> | void): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof CustodyError) || error.family === 'unavailable') throw error;
      failures.push({ object, code: error.code, message: error.message });
    }
  };
  const { timestamps, failures: unsound } = await verifyTimestamps(vault, ledger, {
    logKey,
    ...(known.authorities !== undefined && { authorities: known.authorities }),
    ...(known.lists !== undefined && { lists: known.lists }),
  });
  notChecked.push(...unlistedCertificates(timestamps));
  failures.push(...unsound, ...falseTimes(ledger.entries, boundsOf(timestamps)));
  const { cosignatures, failures: unseen } = await verifyCosignatures(vault, ledger, {
    logKey,
    ...(known.policy !== undefined && { policy: known.policy }),
  });
  failures.push(...unseen);
  const { checkpoint, memory } = known;
  if (checkpoint !== undefined) {
    await held('log', () => {
      requireExtends(
        ledger,
        readKnownCheckpoint(checkpoint.note, ledger.keys.ofCheckpoint(checkpoint.note)),
        `the checkpoint in ${checkpoint.name}`,
      );
      notes.push(`the log extends the checkpoint in ${checkpoint.name}`);
    });
  }
  if (typeof memory === 'string') {
    await held('log', async () => {
      const compared = await compareWithMemory(memory, ledger);
      if (compared !== null) notes.push(compared);
      else if (checkpoint === undefined) {
        notChecked.push('whether the end of the log was cut off before: you look at this log for the first time');
      }
    });
  }
  return { anchors: { timestamps, cosignatures }, failures, notes, notChecked };
}
