import { CustodyError } from '@custody/bytes';
import { matchCheckpoint, type VerifiedCheckpoint, type VerifierKey, verifyCheckpoint } from '@custody/chain';
import { type Ledger, verifyEd25519 } from '@custody/segment';
import type { Vault } from '@custody/vault';
import { broken } from '../errors.ts';
import type { Failure } from '../failure.ts';
import type { Certificate } from '../timestamp/certificate.ts';
import type { RevocationList } from '../timestamp/revocation-list.ts';
import { type AnchorAbout, readAbout, readPart, type StoredAnchor, storedAnchors } from './anchor-objects.ts';
import { readAuthorities, readLists, readStamp, type Stamp } from './read-stamp.ts';

/** A stamp that is chained into the log. */
export interface TimestampAnchor extends Stamp {
  /** Entry that chains the token into the log. */
  readonly entry: number;
}

export interface AnchorTrust {
  readonly logKey: VerifierKey;
  /** PEM or DER certificates that the reader trusts, instead of those kept with each token. */
  readonly authorities?: Uint8Array;
  /** Revocation lists that the reader supplies, PEM or DER, besides those kept with each token. */
  readonly lists?: readonly Uint8Array[];
}

export interface CheckedAnchors {
  readonly timestamps: readonly TimestampAnchor[];
  readonly failures: readonly Failure[];
}

/** Every stored time-stamp against the log and its authority. What does not hold is a failure that names the object. */
export async function verifyTimestamps(vault: Vault, ledger: Ledger, trust: AnchorTrust): Promise<CheckedAnchors> {
  const timestamps: TimestampAnchor[] = [];
  const failures: Failure[] = [];
  const pinned = trust.authorities === undefined ? null : await readAuthorities(trust.authorities);
  const lists = (await Promise.all((trust.lists ?? []).map(readLists))).flat();
  for (const anchor of storedAnchors(ledger)) {
    try {
      const about = readAbout(await readPart(vault, ledger, anchor, 'about'), anchor.label);
      if (about.type === 'rfc3161')
        timestamps.push(await verifyOne(vault, ledger, { ...trust, anchor, about, pinned, lists }));
    } catch (error) {
      if (!(error instanceof CustodyError) || error.family === 'unavailable') throw error;
      const object = anchor.parts.get('token') ?? anchor.parts.get('checkpoint') ?? `anchors/${anchor.label}`;
      failures.push({ object, code: error.code, message: `${object}: ${error.message}` });
    }
  }
  return { timestamps, failures };
}

/** The checkpoint of an anchor: signed by the log, and of this very log. Throws as verifyCheckpoint and matchCheckpoint do. */
export async function anchoredCheckpoint(
  vault: Vault,
  ledger: Ledger,
  terms: { readonly anchor: StoredAnchor; readonly logKey: VerifierKey; readonly witnesses?: readonly VerifierKey[] },
): Promise<VerifiedCheckpoint> {
  const note = await readPart(vault, ledger, terms.anchor, 'checkpoint');
  if (note === null) throw broken('ANCHOR_MALFORMED', `the anchor ${terms.anchor.label} has no checkpoint`);
  const { witnesses = [] } = terms;
  const logKey = ledger.keys.ofCheckpoint(note);
  const checkpoint = verifyCheckpoint(note, { logKey, witnesses, verify: verifyEd25519 });
  if (checkpoint.size > BigInt(ledger.size)) {
    throw broken('LOG_ROLLED_BACK', `an anchor vouches for ${checkpoint.size} entries, the log holds ${ledger.size}`);
  }
  matchCheckpoint(checkpoint, { size: checkpoint.size, root: ledger.view.rootAt(Number(checkpoint.size)) });
  return checkpoint;
}

async function verifyOne(
  vault: Vault,
  ledger: Ledger,
  terms: Omit<AnchorTrust, 'lists'> & {
    readonly lists: readonly RevocationList[];
    readonly anchor: StoredAnchor;
    readonly about: Extract<AnchorAbout, { type: 'rfc3161' }>;
    readonly pinned: readonly Certificate[] | null;
  },
): Promise<TimestampAnchor> {
  const { anchor, about, pinned } = terms;
  const { size } = await anchoredCheckpoint(vault, ledger, terms);
  const checkpoint = (await readPart(vault, ledger, anchor, 'checkpoint')) ?? new Uint8Array(0);
  const kept = await readPart(vault, ledger, anchor, 'authority');
  const token = await readPart(vault, ledger, anchor, 'token');
  if (token === null) throw broken('ANCHOR_MALFORMED', `the anchor ${anchor.label} has no token`);
  const listed = await readPart(vault, ledger, anchor, 'revocation');
  const lists = [...terms.lists, ...(listed === null ? [] : await readLists(listed))];
  const asked = about.policy === undefined ? {} : { policy: about.policy };
  const stated = { token, checkpoint, size: Number(size), url: about.url, kept, pinned, lists, ...asked };
  return { entry: anchor.entry, ...(await readStamp(stated)) };
}
