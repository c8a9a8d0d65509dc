import { unrestricted } from './add-authority.ts';
import type { CaseCapture, CaseDerivation, CaseState } from './case-state.ts';
import type { Case } from './open-case.ts';
import {
  type DecisionStatus,
  type DispositionCounts,
  derivationHistory,
  type ExpungementStatus,
  historyStatus,
} from './status-history.ts';

/** What `custody status --json` prints. */
export interface CaseStatus {
  readonly title: string;
  readonly location: string;
  readonly verifierKey: string;
  readonly checkpoint: { origin: string; size: number; root: string };
  readonly store: { readonly objects: number; readonly bytes: number };
  /** The bucket that originals have for themselves, and how they are locked there; null where they have none. */
  readonly originals: CaseState['originals'];
  readonly authorities: readonly AuthorityStatus[];
  readonly captures: readonly CaptureStatus[];
  readonly compartments: Readonly<Record<string, { readonly holders: readonly string[]; readonly held: boolean }>>;
  readonly oneHolderForAll: boolean;
  readonly jobs: { readonly unfinished: number };
  readonly expungements: readonly ExpungementStatus[];
  readonly decisions: readonly DecisionStatus[];
}

interface AuthorityStatus {
  readonly id: string;
  readonly reference: string;
  readonly period: { readonly from: string; readonly to: string };
  readonly unrestricted: readonly string[];
}

interface CaptureStatus {
  readonly capture: string;
  readonly name: string;
  readonly length: number;
  readonly receivedAt: string;
  readonly supplierHash: string;
  /** Version and lock of the sealed original, as read back when it was taken in; null without a bucket of its own. */
  readonly stored: CaseCapture['stored'];
  readonly derivations: readonly DerivationStatus[];
}

interface DerivationStatus {
  readonly derivation: number;
  readonly format: string;
  readonly decoder: string;
  readonly authority: string;
  readonly state: 'current' | 'superseded' | 'unfinished';
  readonly totals: CaseDerivation['totals'];
  readonly addsUp: boolean | 'unknown';
  readonly about: CaseDerivation['about'];
  /** Leaves whose content was expunged; they count in `totals` as before. */
  readonly expunged: number;
  /** Items by disposition as later decisions left them; null before the derivation is complete. */
  readonly dispositions: DispositionCounts | null;
}

/** Completeness: what was taken in, what became of it, and whether the counts add up. */
export function caseStatus(opened: Case, options: { readonly at?: number } = {}): CaseStatus {
  const { state, ledger } = opened;
  const derivations = [...state.derivations.values()];
  const holders = new Set(Object.values(state.keys ?? {}).flatMap((key) => key.holders));
  let bytes = 0;
  for (const object of ledger.objects.values()) bytes += object.length;
  return {
    title: state.title,
    location: opened.vault.location,
    verifierKey: opened.verifierKeyText,
    checkpoint: opened.checkpointJson(),
    store: { objects: ledger.objects.size, bytes },
    originals: state.originals,
    authorities: [...state.authorities.values()].map(({ authority }) => ({
      id: authority.id,
      reference: authority.reference,
      period: authority.scope.period,
      unrestricted: unrestricted(authority),
    })),
    captures: [...state.captures.values()].map((capture) => ({
      capture: capture.sha256,
      name: capture.name,
      length: capture.length,
      receivedAt: new Date(capture.receivedAt).toISOString(),
      supplierHash: supplierHashText(capture.receipt.supplierHash),
      stored: capture.stored,
      derivations: derivations
        .filter((one) => one.capture === capture.sha256)
        .map((one) => derivationStatus(opened, one, options.at)),
    })),
    compartments: Object.fromEntries(
      Object.entries(state.keys ?? {}).map(([name, key]) => [
        name,
        { holders: key.holders, held: name in opened.held },
      ]),
    ),
    oneHolderForAll: holders.size === 1,
    jobs: { unfinished: derivations.filter((one) => one.totals === null).length },
    ...historyStatus(opened, options.at),
  };
}

function derivationStatus(opened: Case, derivation: CaseDerivation, at?: number): DerivationStatus {
  const { totals, current } = derivation;
  return {
    derivation: derivation.entry,
    format: derivation.format,
    decoder: derivation.decoder,
    authority: derivation.authority,
    state: totals === null ? 'unfinished' : current ? 'current' : 'superseded',
    totals,
    addsUp: addsUp(totals),
    about: derivation.about,
    ...derivationHistory(opened, derivation, at),
  };
}

function addsUp(totals: CaseDerivation['totals']): boolean | 'unknown' {
  if (totals === null || totals.lost === null) return 'unknown';
  const { records, decoded, lost, notCovered, items } = totals;
  const scoped = totals.inScope + totals.outOfScope + totals.privileged + totals.undecided;
  return records === decoded + lost + notCovered && items === scoped;
}

function supplierHashText(hash: string | null): string {
  if (hash === null) return 'not asked for: nothing is known about the time before receipt';
  return hash === 'none' ? 'none received from the supplier' : `${hash}: agrees with the bytes received`;
}
