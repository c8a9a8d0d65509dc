import type { LoggedSegment } from '@custody/segment';
import { earlierIndexObjects } from './earlier-indexes.ts';
import { usage } from './errors.ts';
import { mergeIndex } from './merge-index.ts';
import type { Case } from './open-case.ts';
import { indexOnThreads, STRETCH } from './pipeline/index-on-threads.ts';
import {
  checkMerged,
  type IndexCounts,
  type IndexPlace,
  indexTiles,
  storeStoredTile,
  withoutTile,
} from './pipeline/index-tiles.ts';
import { threadCount } from './pipeline/thread-count.ts';
import type { Progress } from './progress.ts';

/**
 * Builds and stores the index tile of one committed segment from its stored `evidence` part, with the plaintext that
 * ingest gives it. Create-once: done twice, or by two at once, it is there once. Completes a tile whose maker died.
 *
 * Throws UsageError NO_RIGHTS for who does not hold `evidence`; IntegrityError OBJECT_ALTERED, CONTENT_MISMATCH,
 * INDEX_PART_ALTERED; UnavailableError.
 */
export async function indexOneSegment(opened: Case, segment: LoggedSegment): Promise<'stored' | 'exists'> {
  return storeStoredTile(indexPlace(opened), segment);
}

/** Segments without a whole tile, in log order. Errors as indexOneSegment. */
export async function segmentsWithoutTile(opened: Case): Promise<readonly LoggedSegment[]> {
  return withoutTile(indexPlace(opened), opened.ledger.segments);
}

/** Gives each of these segments its tile, in this thread. Errors as indexOneSegment. */
export async function indexSegments(
  opened: Case,
  segments: readonly LoggedSegment[],
): Promise<{ readonly stored: number; readonly existed: number }> {
  const { stored, existed } = await indexTiles(indexPlace(opened), segments);
  return { stored, existed };
}

export interface IndexResult extends IndexCounts {
  readonly segments: number;
  /** Tiles merged now from those below them. */
  readonly merged: number;
}

/**
 * Gives every segment in the log its index tile, on all cores unless told otherwise, then merges what can be merged. With `check` nothing is written:
 * every tile is built again in memory and compared with what is stored. Errors as indexOneSegment; with `check`,
 * damage of the index is in `different` instead.
 */
export async function indexCase(
  opened: Case,
  options: {
    readonly check?: boolean;
    readonly threads?: number;
    readonly progress?: Progress;
    readonly keepNarrow?: boolean;
  } = {},
): Promise<IndexResult> {
  const { segments } = opened.ledger;
  const { check = false } = options;
  const { vault, ledger, ...keys } = indexPlace(opened);
  const stage = options.progress?.stage('index', segments.length, 'segments');
  let count = 0;
  const done = (more = 1): void => {
    count += more;
    stage?.at(count);
  };
  const threads = threadCount(options.threads);
  const place = { vault, ledger, ...keys };
  const narrow =
    threads === 1 || segments.length <= STRETCH
      ? await indexTiles(place, segments, { check, done })
      : await indexOnThreads(
          { location: vault.location, verifierKey: opened.verifierKeyText, check, ...keys },
          segments.length,
          { threads, done },
        );
  const wide = check ? await checkMerged(place) : NOTHING;
  const different = [...narrow.different, ...wide.different].sort((a, b) => (a.label < b.label ? -1 : 1));
  const counts = { ...narrow, existed: narrow.existed + wide.existed };
  const { merged } = check ? { merged: 0 } : await mergeIndex(opened, options);
  if (!check) for (const name of await earlierIndexObjects(vault)) await vault.remove(name);
  return { segments: segments.length, ...counts, different, merged };
}

const NOTHING: IndexCounts = { stored: 0, existed: 0, missing: 0, different: [] };

/** All that indexing this case takes. Throws UsageError NO_RIGHTS without `evidence`. */
export function indexPlace(opened: Case): IndexPlace {
  const held = opened.held.evidence;
  const keys = opened.state.keys;
  if (held === undefined || keys === null) {
    throw usage('NO_RIGHTS', 'you do not hold the compartment "evidence" of this case, which the index is made from');
  }
  const { vault, ledger, state } = opened;
  const regions = new Map([...state.derivations].map(([entry, { region }]) => [entry, region]));
  return { vault, ledger, identities: held.all, recipient: keys.evidence.recipient, regions };
}
