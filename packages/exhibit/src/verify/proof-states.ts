import type { SegmentClear } from '@custody/chain';
import type { ExhibitDocument } from '../model.ts';
import type { ProofState } from '../page/page-context.ts';
import { type ExhibitTrust, provenSegmentsOf } from './verify-exhibit.ts';
import { verifyLeaf } from './verify-leaf.ts';

/** The state of each leaf of a document that does not hold as a whole: which ones the log commits to all the same. */
export function proofStates(document: ExhibitDocument, trust: ExhibitTrust): Map<number, ProofState> {
  const segments = segmentsOrNone(document, trust);
  const good = trust.verifierKey === undefined ? 'self-asserted' : 'pinned';
  const states = new Map<number, ProofState>();
  for (const leaf of document.leaves) {
    let state: ProofState = good;
    try {
      verifyLeaf(leaf, { payload: null, segments });
    } catch {
      state = 'failed';
    }
    // Of two leaves with one number neither can be believed.
    states.set(leaf.index, states.has(leaf.index) ? 'failed' : state);
  }
  return states;
}

function segmentsOrNone(document: ExhibitDocument, trust: ExhibitTrust): ReadonlyMap<number, SegmentClear> {
  try {
    return provenSegmentsOf(document, trust);
  } catch {
    return new Map();
  }
}
