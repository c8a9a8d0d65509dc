import { utf8DecodeLossy } from '@custody/bytes';
import type { CaptureFile, Claim, DecodeContext, Format, Plan, Probe, UnitDecoder } from '../../format.ts';
import { openClear, openClearStore, prepareClear } from '../../row-store/clear-store.ts';
import { combineStore, finishStore, plainStore, type StoreApp, type StoreState } from '../../row-store/store-app.ts';
import type { SqliteFile } from '../../sqlite/index.ts';
import { PAGE_VERIFIED } from '../sqlcipher/authentications.ts';
import {
  finishCipherStore,
  isCipherState,
  openCipherDatabase,
  openCipherStore,
  prepareCipherStore,
} from '../sqlcipher/cipher-store.ts';
import { detectCipher, looksEncrypted } from '../sqlcipher/detect.ts';
import { withConfig } from './config-key.ts';
import { attachedFile, attachedPath } from './data-folder.ts';
import { filesNamed } from './named-files.ts';
import { signalDesktopApp } from './signal-desktop-app.ts';
import { unnamedSignalDesktop } from './unnamed-tables.ts';

/** Session Desktop and others name their database the same: what is no database of Signal's is shown row by row. */
const APPS: readonly StoreApp[] = [signalDesktopApp, unnamedSignalDesktop, plainStore];

export const signalDesktop: Format = {
  name: 'signal-desktop',
  title: 'Signal Desktop, sql/db.sqlite with its attachments',
  version: '2',
  versions: 'databases of any version, told by their column names; encrypted (SQLCipher 4) or in clear',
  keyMaterial:
    'config.json of the app, beside the database or supplied ({"for": "signal-desktop", "file": "config.json"}), or its 64 hex digits ' +
    '({"for": "signal-desktop", "hex": "…"}); for an "encryptedKey" the password of the computer\'s key store ' +
    '({"for": "signal-desktop", "passphrase": "…"}; macOS and Linux), or, of Windows, the unwrapped key of "Local State" ("hex")',
  authentication: `${PAGE_VERIFIED.proves} Attachments have an HMAC of their own, under a key that the database holds.`,
  notCovered:
    'settings, identities and sessions of the account (but its own number and service id), stickers, call links, full-text tables: ' +
    'each is counted. Deleted rows in free pages.',
  detect,
  prepare,
  open,
  combine: combineStore,
  finish: (plan, summaries) =>
    isCipherState(plan.state)
      ? finishCipherStore(plan, summaries)
      : finishStore(plan.state as StoreState | null, summaries),
};

function detect({ name, head, keyring }: Probe): Claim | null {
  const text = utf8DecodeLossy(head);
  if (text.startsWith('SQLite format 3\0')) {
    const isOwn = /\bconversations\b/.test(text) && /\bconversationId\b/.test(text) && /\bmessages\b/.test(text);
    if (!isOwn || !/hasAttachments|schemaVersion|sourceServiceId|sourceUuid/.test(text)) return null;
    return { confidence: 'certain', grounds: 'an SQLite database whose schema has the columns of Signal Desktop' };
  }
  if (!looksEncrypted(head)) return null;
  const isMeant = keyring?.keys.some((key) => key.for === 'signal-desktop') ?? false;
  if (isMeant && detectCipher({ name, head }) !== null)
    return {
      confidence: 'likely',
      grounds: 'has the name of a database, bytes as even as ciphertext, and a key for it',
    };
  if (!/(^|\/)db\.sqlite$/.test(name)) return null;
  return {
    confidence: 'likely',
    grounds: 'has the name of the database of Signal Desktop, and bytes as even as ciphertext',
  };
}

function isClear({ source }: CaptureFile): boolean {
  return utf8DecodeLossy(source.read(0, 16)) === 'SQLite format 3\0';
}

async function prepare(file: CaptureFile, context: DecodeContext): Promise<Plan> {
  const { keyring, notes } = withConfig(file, context.keyring);
  const plan = isClear(file)
    ? prepareClear(file, { apps: APPS, scratch: context.scratch }, attachedPath)
    : await prepareCipherStore(file, { ...context, keyring }, APPS);
  const findings = plan.units.length === 0 ? [...plan.findings, ...notes] : plan.findings;
  const covers = [...(plan.covers ?? []), ...filesNamed(file, plan.units.length === 0 ? null : databaseOf(plan, file))];
  return { ...plan, findings, covers };
}

function databaseOf(plan: Plan, file: CaptureFile): SqliteFile {
  return isCipherState(plan.state) ? openCipherDatabase(plan, file) : openClear(file);
}

function open(plan: Pick<Plan, 'state'>, file: CaptureFile, { scratch }: DecodeContext): UnitDecoder {
  if (isCipherState(plan.state)) return openCipherStore(plan, file, { apps: APPS, scratch, attached: attachedFile });
  return openClearStore(plan, file, { apps: APPS, scratch, attachedPath });
}
