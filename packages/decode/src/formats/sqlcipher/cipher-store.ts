import { CustodyError } from '@custody/bytes';
import type { Authentication, Finding } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { CaptureFile, DecodeContext, Plan, UnitDecoder } from '../../format.ts';
import { keyIdOf } from '../../keys/key-id.ts';
import {
  failedPlan,
  finishStore,
  nothingDecoded,
  openStore,
  planStore,
  type StoreApp,
  type StoreState,
  type StoreTools,
} from '../../row-store/store-app.ts';
import { hasLostSchema, openSqlitePages, openWithoutSchema, type SqliteFile } from '../../sqlite/index.ts';
import { DECRYPTED_ONLY, PAGE_VERIFIED } from './authentications.ts';
import { CipherPages } from './cipher-pages.ts';
import { PageCipher } from './page-cipher.ts';
import { pageFindings, TRUST_LIMITS } from './page-findings.ts';
import { reserveOf } from './settings.ts';
import { type Survey, sealedPages, surveyPages } from './survey-pages.ts';
import { type Unlocked, unlock } from './unlock.ts';

/** Pages that a reader keeps; several cursors walk side by side. */
const CACHE_PAGES = 512;

/** Survives cloning; the key in it stays in this process's memory. */
interface CipherState {
  readonly store: StoreState;
  readonly opened: Pick<Unlocked, 'settings' | 'pageKey'>;
  readonly bad: Uint32Array;
  readonly declaredPages: number;
  /** Page 1 does not authenticate: tables are told by their pages. */
  readonly lostSchema: boolean;
}

/** Where attachments of a database are found, from the folder of the database. */
export type AttachedFiles = (file: CaptureFile, path: string) => ByteSource | null;

/** Keys, pages that authenticate, tables. What cannot be read is a finding. */
export async function prepareCipherStore(
  file: CaptureFile,
  context: DecodeContext,
  apps: readonly StoreApp[],
): Promise<Plan> {
  const { name, source } = file;
  if (source.length === 0) return nothingDecoded('TRUNCATED', name, 'The file is empty.');
  const unlocked = await unlock(source, name, context);
  if ('code' in unlocked) return failedPlan(unlocked);
  const cipher = new PageCipher(unlocked.settings, unlocked.pageKey);
  const sealed = sealedPages(file, unlocked.settings.pageSize);
  const survey = surveyPages(sealed.pages, cipher, context.progress);
  const keyIds = [keyIdOf(unlocked.secret.raw ?? (unlocked.secret.passphrase as Uint8Array))];
  const known = pageFindings(file, { survey, sealed, settings: unlocked.settings });
  const covers = [`${name}-wal`, `${name}-shm`].filter((one) => file.folder?.open(one) != null);
  return { ...planPages(file, unlocked, survey, { apps, scratch: context.scratch, known }), keyIds, covers };
}

interface Known extends StoreTools {
  readonly known: readonly Finding[];
}

function planPages(file: CaptureFile, { settings, pageKey }: Unlocked, survey: Survey, options: Known): Plan {
  const { bad, declaredPages } = survey;
  const base = { opened: { settings, pageKey }, bad, declaredPages };
  let failure = '';
  // Without its first page a database is read all the same: its trees are told by their pages.
  for (const lostSchema of bad[0] === 1 ? [true] : [false, true]) {
    const state = { ...base, lostSchema };
    try {
      const database = openPages(file, state);
      if (!lostSchema && hasLostSchema(database)) continue;
      const planned = planStore(database, pathOf(file), options);
      if (planned === null) throw new Error('there is an app for every database');
      const whole: CipherState = { ...state, store: planned.state };
      return {
        units: planned.units,
        state: whole,
        findings: [...options.known, ...planned.findings],
        keyIds: [],
        profile: null,
      };
    } catch (error) {
      if (!(error instanceof CustodyError) || error.family !== 'format') throw error;
      failure = error.message;
    }
  }
  const code = survey.authentic > 0 ? 'KEY_PROVEN_THEN_DAMAGE' : 'KEY_NOT_VERIFIED';
  const proof =
    survey.authentic > 0 ? `The key is right: ${survey.authentic} pages authenticate under it. ` : TRUST_LIMITS;
  const nothing = nothingDecoded(code, file.name, `${proof}The database cannot be read all the same: ${failure}.`);
  return { ...nothing, findings: [...options.known, ...nothing.findings] };
}

export function openCipherStore(
  plan: Pick<Plan, 'state'>,
  file: CaptureFile,
  options: StoreTools & { readonly attached: AttachedFiles },
): UnitDecoder {
  const state = plan.state as CipherState | null;
  if (state === null) throw new Error('a plan without units cannot be opened');
  const scope = {
    file: openPages(file, state),
    authentication: authenticationOf(state),
    attached: (path: string) => options.attached(file, path),
  };
  return openStore(scope, state.store, options);
}

/** Whether a plan's state is that of an encrypted database that was opened. */
export function isCipherState(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'opened' in state;
}

export function openCipherDatabase(plan: Pick<Plan, 'state'>, file: CaptureFile): SqliteFile {
  return openPages(file, plan.state as CipherState);
}

export function finishCipherStore(
  plan: Pick<Plan, 'state'>,
  summaries: readonly unknown[],
): { readonly findings: readonly Finding[] } {
  return finishStore((plan.state as CipherState | null)?.store ?? null, summaries);
}

function authenticationOf({ opened }: Pick<CipherState, 'opened'>): Authentication {
  return opened.settings.hmac === null ? DECRYPTED_ONLY : PAGE_VERIFIED;
}

function pathOf({ name }: CaptureFile): string {
  return `${name}!sqlcipher`;
}

function openPages(file: CaptureFile, state: Omit<CipherState, 'store'>): SqliteFile {
  const { settings, pageKey } = state.opened;
  const { pages } = sealedPages(file, settings.pageSize);
  const cipher = new PageCipher(settings, pageKey);
  const { declaredPages } = state;
  const plain = new CipherPages(pages, cipher, { declaredPages, bad: new Set(state.bad) });
  const options = { path: pathOf(file), cachePages: CACHE_PAGES };
  if (!state.lostSchema) return openSqlitePages(plain, options);
  return openWithoutSchema(plain, { ...options, reserved: reserveOf(settings) });
}
