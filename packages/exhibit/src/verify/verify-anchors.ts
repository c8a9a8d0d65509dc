import { base64Decode, CustodyError } from '@custody/bytes';
import {
  encodeVerifierKey,
  readVerifierKey,
  type VerifiedCheckpoint,
  type VerifierKey,
  type VerifySignature,
  verifyCheckpoint,
  verifyConsistency,
} from '@custody/chain';
import { mismatch } from '../errors.ts';
import type { ExhibitAnchor, ExhibitDocument } from '../model.ts';

/** What others stated of the log, as far as signatures and proofs show it without them. */
export interface ProvenAnchor {
  /** Entries that the stated checkpoint counts: the exhibit's log begins with them. */
  readonly size: number;
  /** Witnesses whose cosignatures verified under the keys that the exhibit brings, with the times they state. */
  readonly witnesses: readonly { readonly name: string; readonly key: string; readonly time: string }[];
  /** Address of the time-stamping authority whose token lies in the exhibit; null where there is none. */
  readonly tsa: string | null;
}

export interface AnchorTerms {
  readonly checkpoint: VerifiedCheckpoint;
  readonly logKey: VerifierKey;
  readonly verify: VerifySignature;
}

/**
 * Each stated checkpoint is signed by the log, the exhibit's log extends it, and every named witness cosigned it. Tokens
 * are not read here. Throws EXHIBIT_ANCHOR_MISMATCH.
 */
export function verifyAnchors({ anchors }: ExhibitDocument, terms: AnchorTerms): readonly ProvenAnchor[] {
  return anchors.map((anchor, i) => {
    try {
      return provenAnchor(anchor, terms);
    } catch (error) {
      if (!(error instanceof CustodyError)) throw error;
      throw mismatch('EXHIBIT_ANCHOR_MISMATCH', `anchor ${i + 1} does not hold: ${error.message}`);
    }
  });
}

function provenAnchor(anchor: ExhibitAnchor, { checkpoint, logKey, verify }: AnchorTerms): ProvenAnchor {
  const witnesses = anchor.witnesses.map(readVerifierKey);
  const stated = verifyCheckpoint(anchor.checkpoint, { logKey, witnesses, verify });
  if (stated.size !== BigInt(anchor.size)) throw wrong('its checkpoint counts another number of entries');
  const proof = anchor.consistency.map(base64Decode);
  verifyConsistency({
    ...{ size1: stated.size, root1: stated.root },
    ...{ size2: checkpoint.size, root2: checkpoint.root, proof },
  });
  if (witnesses.length === 0 && anchor.tsa === null) throw wrong('nobody states anything in it');
  const shown = witnesses.map((key) => {
    const time = stated.note.signers.find((signer) => signer.key === key)?.time;
    if (time === undefined) throw wrong(`${key.name} did not cosign it`);
    return { name: key.name, key: encodeVerifierKey(key), time: new Date(time * 1000).toISOString() };
  });
  return { size: anchor.size, witnesses: shown, tsa: anchor.tsa };
}

function wrong(message: string): CustodyError {
  return mismatch('EXHIBIT_ANCHOR_MISMATCH', message);
}
