import { CustodyError, equalBytes } from '@custody/bytes';
import { readTilePath, tilePath } from '@custody/chain';
import {
  type Ledger,
  LOG_PREFIX,
  missingTiles,
  PUBLISHED_CHECKPOINT,
  type PublishedCheckpoint,
} from '@custody/segment';
import type { Vault } from '@custody/vault';
import type { Failure } from './failure.ts';

/** The published checkpoint as it was read, or why it is none. */
export type FoundCheckpoint = PublishedCheckpoint | Failure | null;

/** Reads the published checkpoint. It is read before the commits are: then a commit beside us makes no difference. */
export async function findCheckpoint(ledger: Ledger): Promise<FoundCheckpoint> {
  try {
    return await ledger.view.readCheckpoint();
  } catch (error) {
    if (!(error instanceof CustodyError) || error.family === 'unavailable') throw error;
    return { object: PUBLISHED_CHECKPOINT, code: error.code, message: `${PUBLISHED_CHECKPOINT}: ${error.message}` };
  }
}

export interface ViewVerdict {
  readonly failures: readonly Failure[];
  readonly notes: readonly string[];
  /** Tiles that are what the commits say. */
  readonly tiles: number;
}

/**
 * The published view (C2SP tlog-tiles) against the commits: each file that stands there must be what they give. What is
 * missing is only told, for it is derived; what goes beyond the log shows that the log's end was cut off.
 */
export async function verifyView(
  vault: Vault,
  ledger: Ledger,
  found: { readonly names: readonly string[]; readonly checkpoint: FoundCheckpoint },
): Promise<ViewVerdict> {
  const failures: Failure[] = [];
  let tiles = 0;
  for (const name of found.names) {
    if (name === PUBLISHED_CHECKPOINT) continue;
    const failure = await tileFailure(vault, ledger, name);
    if (failure === null) tiles++;
    else failures.push(failure);
  }
  const failure = checkpointFailure(ledger, found.checkpoint);
  if (failure !== null) failures.push(failure);
  return { failures, notes: failures.length === 0 ? missingNote(ledger, found) : [], tiles };
}

async function tileFailure(vault: Vault, ledger: Ledger, name: string): Promise<Failure | null> {
  try {
    const bytes = ledger.view.bytesOf(readTilePath(name.slice(LOG_PREFIX.length)), ledger.entries);
    if (bytes === null) {
      return {
        object: name,
        code: 'TILE_BEYOND_LOG',
        message: `${name} shows entries that the log does not hold: its end was cut off, or somebody put the file there`,
      };
    }
    if (equalBytes(await vault.read(name), bytes)) return null;
    return { object: name, code: 'TILE_ALTERED', message: `${name} is not what the commits of the log give: altered` };
  } catch (error) {
    if (!(error instanceof CustodyError) || error.family === 'unavailable') throw error;
    // A partial tile goes when the full one stands; that may be now.
    if (error.code === 'OBJECT_MISSING') return null;
    const code = error.code === 'TILE_PATH_MALFORMED' ? 'OBJECT_UNKNOWN' : error.code;
    return { object: name, code, message: `${name} is no tile of this log: ${error.message}` };
  }
}

function checkpointFailure(ledger: Ledger, found: FoundCheckpoint): Failure | null {
  if (found === null || 'code' in found) return found;
  try {
    ledger.view.requireNoNewer(found);
    return null;
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    return { object: PUBLISHED_CHECKPOINT, code: error.code, message: error.message };
  }
}

function missingNote(
  ledger: Ledger,
  { names, checkpoint }: { readonly names: readonly string[]; readonly checkpoint: FoundCheckpoint },
): string[] {
  const published = checkpoint !== null && 'size' in checkpoint ? checkpoint.size : 0;
  const there = new Set(names.map((name) => name.slice(LOG_PREFIX.length)));
  const missing = missingTiles(ledger, 0, ledger.size).filter((address) => !there.has(tilePath(address)));
  if (missing.length === 0 && published === ledger.size) return [];
  return [
    `the published view of the log (log/checkpoint, log/tile) is not complete: ${missing.length} tile(s) missing, checkpoint ${published === ledger.size ? 'there' : `at ${published} of ${ledger.size}`}; it is derived, and "custody resume" makes it again`,
  ];
}
