import type { CaptureFile, Format } from '../../format.ts';
import { openClearStore, prepareClear } from '../../row-store/clear-store.ts';
import { combineStore, finishStore, plainStore, type StoreApp, type StoreState } from '../../row-store/store-app.ts';
import { withConfig } from '../signal-desktop/config-key.ts';
import { attachedFile, attachedPath } from '../signal-desktop/data-folder.ts';
import { signalDesktopApp } from '../signal-desktop/signal-desktop-app.ts';
import { unnamedSignalDesktop } from '../signal-desktop/unnamed-tables.ts';
import { PAGE_VERIFIED } from './authentications.ts';
import { finishCipherStore, isCipherState, openCipherStore, prepareCipherStore } from './cipher-store.ts';
import { detectCipher } from './detect.ts';
import { readHeaderInClear } from './header-in-clear.ts';

/** A database of an app that has a format of its own is decoded as that, whatever its file is called. */
const APPS: readonly StoreApp[] = [signalDesktopApp, unnamedSignalDesktop, plainStore];

/** An SQLCipher database of no app that has a format of its own: every row is a note. */
export const sqlcipher: Format = {
  name: 'sqlcipher',
  title: 'SQLCipher database of any app; one of Signal Desktop is decoded as such',
  version: '2',
  versions:
    'SQLCipher 1 to 4 with their published settings, or those stated with the key; raw key, passphrase, key and salt',
  keyMaterial:
    '64 hex digits, or 96 with the salt, or a passphrase: {"for": "sqlcipher", "hex" | "passphrase": "…"}; other settings in its ' +
    '"id": "cipher_page_size=…, kdf_iter=…, cipher_hmac_algorithm=…"',
  authentication: `${PAGE_VERIFIED.proves} SQLCipher 1 has no HMAC: decrypted, not authenticated.`,
  notCovered:
    'what rows of other apps mean: each is a note with its columns. Older states of pages in the write-ahead log, deleted rows in free pages, a ' +
    'hot rollback journal.',
  detect: detectCipher,
  prepare: (file, context) => {
    // Asked for by name it reads a database in clear, too: other tools decrypt whole files.
    if (isClear(file))
      return Promise.resolve(prepareClear(file, { apps: APPS, scratch: context.scratch }, attachedPath));
    const { keyring } = withConfig(file, context.keyring);
    return prepareCipherStore(file, { ...context, keyring }, APPS);
  },
  open: (plan, file, context) =>
    isCipherState(plan.state)
      ? openCipherStore(plan, file, { apps: APPS, scratch: context.scratch, attached: attachedFile })
      : openClearStore(plan, file, { apps: APPS, scratch: context.scratch, attachedPath }),
  combine: combineStore,
  finish: (plan, summaries) =>
    isCipherState(plan.state)
      ? finishCipherStore(plan, summaries)
      : finishStore(plan.state as StoreState | null, summaries),
};

/** Begins with a header, and its pages are not encrypted behind it. */
function isClear({ source }: CaptureFile): boolean {
  const head = source.read(0, 512);
  return (
    'SQLite format 3\0'.split('').every((letter, i) => head[i] === letter.charCodeAt(0)) && !readHeaderInClear(head)
  );
}
