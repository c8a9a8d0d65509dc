import { utf8DecodeLossy } from '@custody/bytes';
import type { Format, Probe } from '../format.ts';
import { type AttachedPath, openClearStore, prepareClear } from './clear-store.ts';
import { combineStore, finishStore, type StoreApp, type StoreState } from './store-app.ts';
import { UNENCRYPTED } from './unencrypted.ts';

/** What one app's database in clear has of its own. */
export interface ClearStoreTerms {
  readonly name: string;
  readonly title: string;
  readonly notCovered: string;
  readonly app: StoreApp;
  /** The app, as grounds for a claim name it. */
  readonly of: string;
  /** Names of tables that no other app's schema has, all of them. */
  readonly schema: readonly RegExp[];
  /** Name that the app gives the file. */
  readonly fileName: RegExp;
  readonly attachedPath: AttachedPath;
}

/** The format of an app's database by itself, as from a full file system. */
export function clearStoreFormat(terms: ClearStoreTerms): Format {
  const { name, title, notCovered, attachedPath } = terms;
  const apps = [terms.app];
  return {
    ...{ name, title, notCovered, version: '1', keyMaterial: 'none' },
    versions: 'databases of any version, told by their column names',
    authentication: UNENCRYPTED.proves,
    detect: (probe) => claimOn(probe, terms),
    prepare: (file, { scratch }) => Promise.resolve(prepareClear(file, { apps, scratch }, attachedPath)),
    open: (plan, file, { scratch }) => openClearStore(plan, file, { apps, scratch, attachedPath }),
    combine: combineStore,
    finish: (plan, summaries) => finishStore(plan.state as StoreState | null, summaries),
  };
}

function claimOn({ name, head }: Probe, { of, schema, fileName }: ClearStoreTerms): ReturnType<Format['detect']> {
  const text = utf8DecodeLossy(head);
  if (!text.startsWith('SQLite format 3\0')) return null;
  if (schema.every((table) => table.test(text)))
    return { confidence: 'certain', grounds: `an SQLite database whose schema has the tables of ${of}` };
  if (!fileName.test(name)) return null;
  return { confidence: 'likely', grounds: `an SQLite database with the name of that of ${of}` };
}
