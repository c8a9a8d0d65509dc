import { CustodyError } from '@custody/bytes';
import type { ByteSource } from '../byte-source.ts';
import type { CaptureFile, Plan, UnitDecoder } from '../format.ts';
import { openSqlite, type SqliteFile } from '../sqlite/index.ts';
import { nothingDecoded, openStore, planStore, type StoreApp, type StoreState, type StoreTools } from './store-app.ts';
import { UNENCRYPTED } from './unencrypted.ts';

/** Pages that a reader keeps; several cursors walk side by side. */
const CACHE_PAGES = 512;

/** Path, in the capture, of a file that a row names; null where it is not there. */
export type AttachedPath = (file: CaptureFile, path: string) => string | null;

/** A database that was supplied in clear, with its write-ahead log where one is beside it. */
export function openClear(file: CaptureFile): SqliteFile {
  const wal = file.beside?.(`${file.name.slice(file.name.lastIndexOf('/') + 1)}-wal`) ?? null;
  return openSqlite(file.source, { path: file.name, wal, cachePages: CACHE_PAGES });
}

export function prepareClear(file: CaptureFile, tools: StoreTools, attachedPath: AttachedPath): Plan {
  try {
    const database = openClear(file);
    const planned = planStore(database, file.name, tools);
    if (planned === null) {
      return nothingDecoded(
        'FORMAT_UNKNOWN',
        file.name,
        'The database has none of the tables of the app that it is taken for.',
      );
    }
    const { units, findings, state } = planned;
    return {
      units,
      findings,
      state,
      keyIds: [],
      profile: null,
      covers: coversOf(file, database, { apps: tools.apps, attachedPath }),
    };
  } catch (error) {
    if (!(error instanceof CustodyError) || error.family !== 'format') throw error;
    return nothingDecoded('FORMAT_UNKNOWN', file.name, `The database cannot be read: ${error.message}.`);
  }
}

/** The log, and the files that rows name; all others stay what they are, files that nobody read. */
function coversOf(
  file: CaptureFile,
  database: SqliteFile,
  { apps, attachedPath }: { readonly apps: readonly StoreApp[]; readonly attachedPath: AttachedPath },
): readonly string[] {
  if (file.folder === undefined) return [];
  const { folder, name } = file;
  const covered = new Set([`${name}-wal`, `${name}-shm`].filter((one) => folder.open(one) !== null));
  const app = apps.find((one) => one.isOwn(database));
  for (const path of app?.filesNamed?.(database) ?? []) {
    const full = attachedPath(file, path);
    if (full !== null) covered.add(full);
  }
  return [...covered];
}

export function openClearStore(
  plan: Pick<Plan, 'state'>,
  file: CaptureFile,
  options: StoreTools & { readonly attachedPath: AttachedPath },
): UnitDecoder {
  const attached = (path: string): ByteSource | null => {
    const full = options.attachedPath(file, path);
    return full === null ? null : (file.folder?.open(full) ?? null);
  };
  return openStore({ file: openClear(file), authentication: UNENCRYPTED, attached }, plan.state as StoreState, options);
}
