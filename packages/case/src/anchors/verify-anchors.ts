import { CustodyError } from '@custody/bytes';
import { matchCheckpoint, type VerifiedCheckpoint, type VerifierKey, verifyCheckpoint } from '@custody/chain';
import { type Ledger, verifyEd25519 } from '@custody/segment';
import type { Vault } from '@custody/vault';
import { broken } from '../errors.ts';
import type { Failure } from '../failure.ts';
import type { Certificate } from '../timestamp/certificate.ts';
import { type AnchorAbout, readAbout, readPart, type StoredAnchor, storedAnchors } from './anchor-objects.ts';

/** What a time-stamping authority stated about the log, found sound. */
export interface TimestampAnchor {
  readonly type: 'rfc3161';
  /** Entry that chains the token into the log. */
  readonly entry: number;
  /** Entries that existed when it was stamped. */
  readonly size: number;
  readonly url: string;
  readonly time: string;
  /** Milliseconds to either side; null where the authority states none. */
  readonly accuracyMs: number | null;
  readonly policy: string;
  readonly serial: string;
  readonly signer: string;
  /** Subject of the certificate under which it was verified; null where none was supplied. */
  readonly authority: string | null;
  /** Whether the reader supplied that certificate or it came with the case. */
  readonly authoritySource: 'pinned' | 'self-asserted' | 'none';
  /** In words for a court. */
  readonly statement: string;
}

export interface AnchorTrust {
  readonly logKey: VerifierKey;
  /** PEM or DER certificates that the reader trusts, instead of those kept with each token. */
  readonly authorities?: Uint8Array;
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
  for (const anchor of storedAnchors(ledger)) {
    try {
      const about = readAbout(await readPart(vault, ledger, anchor, 'about'), anchor.label);
      if (about.type === 'rfc3161')
        timestamps.push(await verifyOne(vault, ledger, { anchor, about, pinned, ...trust }));
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
  terms: AnchorTrust & {
    readonly anchor: StoredAnchor;
    readonly about: Extract<AnchorAbout, { type: 'rfc3161' }>;
    readonly pinned: readonly Certificate[] | null;
  },
): Promise<TimestampAnchor> {
  const { anchor, about, pinned } = terms;
  const { size } = await anchoredCheckpoint(vault, ledger, terms);
  const data = (await readPart(vault, ledger, anchor, 'checkpoint')) ?? new Uint8Array(0);
  const kept = await readPart(vault, ledger, anchor, 'authority');
  const token = await readPart(vault, ledger, anchor, 'token');
  if (token === null) throw broken('ANCHOR_MALFORMED', `the anchor ${anchor.label} has no token`);
  const authorities = pinned ?? (kept === null ? null : await readAuthorities(kept));
  const asked = about.policy === undefined ? {} : { policy: about.policy };
  const { verifyTimestamp } = await import('../timestamp/verify-timestamp.ts');
  const stamp = verifyTimestamp(token, { data, authorities, now: Date.now(), ...asked });
  const anchored = {
    type: 'rfc3161',
    entry: anchor.entry,
    size: Number(size),
    url: about.url,
    time: new Date(stamp.genTime).toISOString(),
    accuracyMs: stamp.accuracy,
    policy: stamp.policy,
    serial: stamp.serial,
    signer: stamp.signer,
    authority: stamp.authority,
    authoritySource: pinned !== null ? 'pinned' : kept !== null ? 'self-asserted' : 'none',
  } as const;
  return { ...anchored, statement: statementOf(anchored) };
}

/** Most commands on most cases read no certificate: what does is loaded when it is needed. */
async function readAuthorities(file: Uint8Array): Promise<readonly Certificate[]> {
  const { readCertificateFile } = await import('../timestamp/certificate.ts');
  return readCertificateFile(file);
}

function statementOf(anchor: Omit<TimestampAnchor, 'statement'>): string {
  const { url, authority, authoritySource, size, time, accuracyMs } = anchor;
  const under =
    authority === null
      ? 'under no authority that was supplied: whose key it is does not show'
      : `under the supplied CA ${authority}${authoritySource === 'pinned' ? '' : ' (kept with the case, not supplied by you)'}`;
  const margin = accuracyMs === null ? '' : `, give or take ${accuracyMs / 1000} s`;
  return `a time-stamping authority at ${url}, ${under}, stated that the first ${size} entries of the log, signed, existed at ${time}${margin}`;
}
