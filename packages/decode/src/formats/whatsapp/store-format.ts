import { CustodyError } from '@custody/bytes';
import type { Authentication, Finding } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { CaptureFile, CaptureFolder, Plan, UnitDecoder } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import { censusFindings } from '../../row-store/census-findings.ts';
import type { Scratch, ScratchHandle } from '../../scratch.ts';
import { openSqlite, type SqliteFile } from '../../sqlite/index.ts';
import { IncrementsDecoder } from './increment/increments-decoder.ts';
import type { JoinedIncrement } from './increment/joined-increment.ts';
import { takeCensus } from './msgstore/census.ts';
import type { Tally } from './msgstore/item-context.ts';
import { MediaFolder } from './msgstore/media-folder.ts';
import { reconcileMedia } from './msgstore/reconcile-media.ts';
import { closingFindings, joinTallies } from './msgstore/store-findings.ts';
import { unitsOf } from './msgstore/store-plan.ts';
import { isMessageStore } from './msgstore/table-roles.ts';
import { StoreDecoder, type StoreState } from './msgstore/unit-decoder.ts';

/** Pages that a reader keeps; several cursors walk side by side. */
const CACHE_PAGES = 512;

/** State of a plan for a message store; null inside where there is nothing to decode. */
export interface PlanState {
  /** Null: the capture itself is the database. */
  readonly handle: ScratchHandle | null;
  /** Path for locators. */
  readonly path: string;
  readonly store: StoreState | null;
  /** The content is an incremental backup, not a database. */
  readonly increment?: true;
  /** Incremental backups that are decoded behind the whole one. */
  readonly joined?: readonly JoinedIncrement[];
}

export interface StoreSource {
  readonly source: ByteSource;
  readonly path: string;
  readonly wal: ByteSource | null;
}

export function openStore({ source, path, wal }: StoreSource): SqliteFile {
  return openSqlite(source, { path, wal, cachePages: CACHE_PAGES });
}

/** Plans the decoding of a database; `findings` come first. What is no message store becomes a finding. */
export function planStore(
  store: StoreSource,
  options: {
    handle: ScratchHandle | null;
    keyIds: readonly string[];
    findings: readonly Finding[];
    folder: CaptureFolder | null;
  },
): Plan {
  const { handle, keyIds } = options;
  const { path } = store;
  const base = { keyIds, profile: null };
  const fails = (detail: string): Plan => ({
    ...base,
    units: [],
    state: { handle: null, path, store: null } satisfies PlanState,
    findings: [...options.findings, finding('FORMAT_UNKNOWN', path, { records: null, detail })],
  });
  try {
    const file = openStore(store);
    if (!isMessageStore(file))
      return fails('The database has neither a table "message" or "messages" nor "wa_contacts" of WhatsApp.');
    const census = takeCensus(file);
    const { sides, current, owner, rows } = census;
    const { renamed, covers, findings } = reconcileMedia(file, options.folder, path);
    return {
      ...base,
      units: unitsOf(census),
      state: { handle, path, store: { sides, current, owner, rows, renamed } } satisfies PlanState,
      findings: [...options.findings, ...censusFindings(file, census, path), ...findings],
      covers,
    };
  } catch (error) {
    if (!(error instanceof CustodyError) || error.family !== 'format') throw error;
    return fails(`The content is no database that can be read: ${error.message}.`);
  }
}

export function openStoreDecoder(
  store: StoreSource & { readonly file: CaptureFile; readonly scratch: Scratch },
  state: PlanState,
  authentication: Authentication,
): UnitDecoder {
  if (state.store === null) throw new Error('a plan without units cannot be opened');
  const decoder = new StoreDecoder(openStore(store), state.store, {
    authentication,
    media: new MediaFolder(store.file.folder ?? null, state.store.renamed),
  });
  const { joined, path } = state;
  if (joined === undefined) return decoder;
  return new IncrementsDecoder(decoder, { joined, path, owner: state.store.owner, scratch: store.scratch });
}

/** `Format.combine`: tallies are sums. */
export function combineStore(_plan: unknown, earlier: unknown, later: unknown): unknown {
  return joinTallies(earlier as Tally, later as Tally);
}

export function finishStore(
  state: PlanState,
  summaries: readonly unknown[],
): { readonly findings: readonly Finding[] } {
  if (state.increment === true) {
    const tallies = summaries as readonly Tally[];
    const rows = tallies.reduce((sum, { decoded }) => sum + decoded, 0);
    return { findings: closingFindings(tallies, rows, state.path) };
  }
  if (state.store === null) return { findings: [] };
  return { findings: closingFindings(summaries as readonly Tally[], state.store.rows, state.path) };
}
