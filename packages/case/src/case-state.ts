import { hexEncode } from '@custody/bytes';
import type { LoggedEntry } from '@custody/chain';
import type { ContainerFact } from '@custody/decode';
import type { Authority, Receipt } from '@custody/evidence';
import type { EventValues } from '@custody/segment';
import type { ObjectLock } from '@custody/vault';
import { CaseHistory } from './case-history.ts';
import type { CompartmentKeys } from './case-keys.ts';
import { asMap, type Fields, number, text, texts } from './event-fields.ts';
import { CaseMarks } from './marks/case-marks.ts';
import type { OriginalsPlace } from './open-store.ts';

export interface CaseAuthority {
  readonly entry: number;
  readonly authority: Authority;
}

export interface CaseCapture {
  readonly entry: number;
  readonly sha256: string;
  readonly name: string;
  readonly kind: 'file' | 'directory';
  readonly length: number;
  /** Name of the sealed original in the store. */
  readonly label: string;
  readonly authority: string;
  readonly receipt: Receipt;
  readonly receivedAt: number;
  /** Links and special files inside a directory that were not taken in. */
  readonly skipped: readonly string[];
  /** Where originals have a bucket of their own: key, version and the lock as read back; else null. */
  readonly stored: StoredVersion | null;
}

export interface StoredVersion {
  readonly bucket: string;
  readonly key: string;
  readonly version: string;
  readonly lock: ObjectLock | null;
}

/** Counts of a finished derivation; see packages/decode Counts. */
export interface DerivationTotals {
  readonly records: number;
  readonly decoded: number;
  readonly lost: number | null;
  readonly notCovered: number;
  readonly items: number;
  readonly findings: number;
  /** Findings of class lost or doubt. */
  readonly adverse: number;
  readonly inScope: number;
  readonly outOfScope: number;
  readonly privileged: number;
  readonly undecided: number;
  readonly segments: number;
  /** Base64 of the evidence root. */
  readonly evidenceRoot: string;
}

/** What the container `path` says of itself. */
export interface StatedFact extends ContainerFact {
  readonly path: string;
}

export interface CaseDerivation {
  /** Index of the derive entry: the derivation's name. */
  readonly entry: number;
  readonly leafHash: Uint8Array;
  readonly capture: string;
  readonly format: string;
  readonly decoder: string;
  /** SHA-256 of the program that made it. */
  readonly build: string;
  readonly authority: string;
  readonly keyIds: readonly string[];
  readonly about: readonly StatedFact[];
  readonly profile: string | null;
  /** Format named by the examiner instead of detected. */
  readonly wantedFormat: string | null;
  /** ISO 3166 region that its index reads national telephone numbers by; null where none was given. */
  readonly region: string | null;
  /** Name of the sealed keyring it was made with. */
  readonly keyring: string;
  /** The derivation it replaces, by entry; null for the first of a capture. */
  readonly supersedes: number | null;
  totals: DerivationTotals | null;
  /** True for the one derivation of its capture that queries see: the newest complete one, unless it is a poorer try. */
  current: boolean;
}

/** What the log says so far, as a whole. Rebuilt from the entries each time a case is opened. */
export interface CaseState {
  title: string;
  createdAt: number;
  /** The bucket that originals have for themselves; null where they stand with all else. */
  originals: OriginalsPlace | null;
  keys: CompartmentKeys | null;
  readonly authorities: Map<string, CaseAuthority>;
  readonly captures: Map<string, CaseCapture>;
  readonly derivations: Map<number, CaseDerivation>;
  readonly persons: Map<string, { readonly name: string; readonly role: string | null }>;
  /** What was destroyed, decided anew, disclosed. */
  readonly history: CaseHistory;
  /** What reviewers said of items. */
  readonly marks: CaseMarks;
}

export function emptyState(): CaseState {
  return {
    title: '',
    createdAt: 0,
    originals: null,
    keys: null,
    authorities: new Map(),
    captures: new Map(),
    derivations: new Map(),
    persons: new Map(),
    history: new CaseHistory(),
    marks: new CaseMarks(),
  };
}

/** Applies one opened event. */
export function applyEvent(state: CaseState, entry: LoggedEntry, values: EventValues): void {
  const subject = asMap(values.subject);
  const detail = asMap(values.detail);
  const actor = asMap(values.actor);
  const build = text(asMap(values.tool), 'build') ?? '';
  state.persons.set(hexEncode(entry.actor), { name: text(actor, 'name') ?? '', role: text(actor, 'role') });
  switch (entry.kind) {
    case 'init':
      state.title = text(subject, 'title') ?? '';
      state.createdAt = entry.time;
      state.originals = JSON.parse(text(detail, 'originals') ?? 'null') as OriginalsPlace | null;
      state.keys = JSON.parse(text(detail, 'compartments') ?? 'null') as CompartmentKeys | null;
      return;
    case 'key':
      state.keys = (JSON.parse(text(detail, 'compartments') ?? 'null') as CompartmentKeys | null) ?? state.keys;
      return;
    case 'authority':
      state.authorities.set(text(subject, 'id') ?? '', {
        entry: entry.index,
        authority: JSON.parse(text(detail, 'authority') ?? 'null') as Authority,
      });
      return;
    case 'intake':
      applyIntake(state, entry, { subject, detail, build, authority: String(values.authority ?? '') });
      return;
    case 'derive':
      applyDerive(state, entry, { subject, detail, build, authority: String(values.authority ?? '') });
      return;
    case 'complete':
      applyComplete(state, number(subject, 'derivation') ?? -1, detail);
      return;
    case 'mark':
      state.marks.apply(entry, values);
      return;
    default:
      state.history.apply(entry, values);
  }
}

interface Opened {
  readonly subject: Fields;
  readonly detail: Fields;
  readonly authority: string;
  /** Build of the tool that recorded the event. */
  readonly build: string;
}

function applyIntake(state: CaseState, entry: LoggedEntry, { subject, detail, authority }: Opened): void {
  const sha256 = text(subject, 'capture') ?? '';
  state.captures.set(sha256, {
    entry: entry.index,
    sha256,
    name: text(subject, 'name') ?? '',
    kind: text(subject, 'kind') === 'directory' ? 'directory' : 'file',
    length: number(subject, 'length') ?? 0,
    label: text(subject, 'label') ?? '',
    authority,
    receipt: JSON.parse(text(detail, 'receipt') ?? '{}') as Receipt,
    receivedAt: entry.time,
    skipped: texts(detail, 'skipped'),
    stored: JSON.parse(text(detail, 'stored') ?? 'null') as StoredVersion | null,
  });
}

function applyDerive(state: CaseState, entry: LoggedEntry, { subject, detail, authority, build }: Opened): void {
  state.derivations.set(entry.index, {
    entry: entry.index,
    leafHash: entry.leafHash,
    capture: text(subject, 'capture') ?? '',
    format: text(subject, 'format') ?? '',
    decoder: text(subject, 'decoder') ?? '',
    build,
    authority,
    keyIds: texts(detail, 'keyIds'),
    about: JSON.parse(text(detail, 'about') ?? '[]') as readonly StatedFact[],
    wantedFormat: text(detail, 'wantedFormat'),
    profile: text(detail, 'profile'),
    region: text(detail, 'region'),
    keyring: text(detail, 'keyring') ?? '',
    supersedes: number(detail, 'supersedes'),
    totals: null,
    current: false,
  });
}

function applyComplete(state: CaseState, derivation: number, detail: Fields): void {
  const done = state.derivations.get(derivation);
  if (done === undefined) return;
  done.totals = JSON.parse(text(detail, 'totals') ?? 'null') as DerivationTotals | null;
  const others = [...state.derivations.values()].filter((one) => one.capture === done.capture);
  if (others.some((other) => other.current && isPoorer(done, other))) return;
  for (const other of others) other.current = false;
  done.current = true;
}

/** The same decoder read less than before: a wrong key, and no reason to hide what the right one showed. */
function isPoorer(later: CaseDerivation, earlier: CaseDerivation): boolean {
  const sameTerms = later.decoder === earlier.decoder && later.authority === earlier.authority;
  return sameTerms && (later.totals?.decoded ?? 0) < (earlier.totals?.decoded ?? 0);
}
