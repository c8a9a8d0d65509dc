import { CustodyError, utf8Decode } from '@custody/bytes';
import {
  encodeVerifierKey,
  readVerifierKey,
  readWitnessPolicy,
  type VerifierKey,
  type WitnessPolicy,
} from '@custody/chain';
import type { Ledger } from '@custody/segment';
import type { Vault } from '@custody/vault';
import type { Failure } from '../failure.ts';
import { readAbout, readPart, type StoredAnchor, storedAnchors } from './anchor-objects.ts';
import { anchoredCheckpoint } from './verify-anchors.ts';

/** Cosignatures of one checkpoint, found sound. */
export interface CosignatureAnchor {
  readonly type: 'cosignature';
  /** Entry that chains them into the log. */
  readonly entry: number;
  /** Entries that the witnesses saw. */
  readonly size: number;
  readonly witnesses: readonly { readonly name: string; readonly key: string; readonly time: string }[];
  /** Whether they are enough under the policy; null where there is none. */
  readonly quorum: boolean | null;
  /** Whether the keys and the policy are the reader's or came with the case. */
  readonly source: 'pinned' | 'self-asserted';
  /** In words for a court. */
  readonly statement: string;
}

export interface CheckedCosignatures {
  readonly cosignatures: readonly CosignatureAnchor[];
  readonly failures: readonly Failure[];
}

/** Every stored cosignature against the log. A reader's `policy` decides whose count, and is a failure where it is not met. */
export async function verifyCosignatures(
  vault: Vault,
  ledger: Ledger,
  trust: { readonly logKey: VerifierKey; readonly policy?: string },
): Promise<CheckedCosignatures> {
  const cosignatures: CosignatureAnchor[] = [];
  const failures: Failure[] = [];
  const pinned = trust.policy === undefined ? null : readWitnessPolicy(trust.policy);
  for (const anchor of storedAnchors(ledger)) {
    try {
      const about = readAbout(await readPart(vault, ledger, anchor, 'about'), anchor.label);
      if (about.type !== 'cosignature') continue;
      const kept = about.witnesses.map(({ key }) => readVerifierKey(key));
      const checked = await verifyOne(vault, ledger, { anchor, kept, pinned, logKey: trust.logKey });
      if (checked !== null) cosignatures.push(checked);
    } catch (error) {
      if (!(error instanceof CustodyError) || error.family === 'unavailable') throw error;
      const object = anchor.parts.get('checkpoint') ?? `anchors/${anchor.label}`;
      // Whatever cannot be read of a time-stamp is told where time-stamps are verified.
      if (!anchor.parts.has('token'))
        failures.push({ object, code: error.code, message: `${object}: ${error.message}` });
    }
  }
  if (pinned !== null)
    failures.push(...policyFailures(pinned, { cosignatures, logKey: trust.logKey, size: ledger.size }));
  return { cosignatures, failures };
}

async function verifyOne(
  vault: Vault,
  ledger: Ledger,
  terms: {
    readonly anchor: StoredAnchor;
    readonly kept: readonly VerifierKey[];
    readonly pinned: WitnessPolicy | null;
    readonly logKey: VerifierKey;
  },
): Promise<CosignatureAnchor | null> {
  const { anchor, kept, pinned, logKey } = terms;
  const witnesses = pinned?.witnesses.map(({ key }) => key) ?? kept;
  const { size, note } = await anchoredCheckpoint(vault, ledger, { anchor, logKey, witnesses });
  const cosigners = note.signers.filter(({ time }) => time !== undefined);
  if (cosigners.length === 0) return null;
  const stored = await readPart(vault, ledger, anchor, 'policy');
  const policy = pinned ?? (stored === null ? null : readWitnessPolicy(utf8Decode(stored)));
  const shown = cosigners.map(({ key, time = 0 }) => ({
    name: key.name,
    key: encodeVerifierKey(key),
    time: new Date(time * 1000).toISOString(),
  }));
  const quorum = policy === null ? null : policy.isQuorum(cosigners.map(({ key }) => key));
  const source = pinned === null ? 'self-asserted' : 'pinned';
  const names = shown.map(({ name, time }) => `${name} at ${time}`).join(', ');
  const enough = quorum === null ? '' : `; the quorum of the policy was ${quorum ? 'met' : 'NOT met'}`;
  const whose = source === 'pinned' ? 'your policy' : 'keys kept with the case, not supplied by you';
  return {
    type: 'cosignature',
    entry: anchor.entry,
    size: Number(size),
    witnesses: shown,
    quorum,
    source,
    statement: `${cosigners.length} witness(es) stated that the first ${size} entries were the whole log as they saw it and that it only ever grew: ${names} (${whose})${enough}`,
  };
}

/** What the reader's policy asks for and the case does not have. */
function policyFailures(
  policy: WitnessPolicy,
  found: { readonly cosignatures: readonly CosignatureAnchor[]; readonly logKey: VerifierKey; readonly size: number },
): Failure[] {
  const failures: Failure[] = [];
  const { cosignatures, logKey, size } = found;
  const own = encodeVerifierKey(logKey);
  if (policy.logs.length > 0 && !policy.logs.some(({ key }) => encodeVerifierKey(key) === own)) {
    failures.push({ object: 'log', code: 'LOG_NOT_IN_POLICY', message: `the policy names other logs than ${own}` });
  }
  if (!policy.isQuorum([]) && !cosignatures.some(({ quorum }) => quorum === true)) {
    failures.push({
      object: 'log',
      code: 'WITNESS_QUORUM_MISSING',
      message: `no checkpoint of this log (${size} entries) has the cosignatures that the policy asks for: nobody it names saw this log`,
    });
  }
  return failures;
}
