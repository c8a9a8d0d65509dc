import type { Format } from '../../format.ts';
import { combineStore, plainStore, type StoreApp } from '../../row-store/store-app.ts';
import { withConfig } from '../signal-desktop/config-key.ts';
import { attachedFile } from '../signal-desktop/data-folder.ts';
import { signalDesktopApp } from '../signal-desktop/signal-desktop-app.ts';
import { PAGE_VERIFIED } from './authentications.ts';
import { finishCipherStore, openCipherStore, prepareCipherStore } from './cipher-store.ts';
import { detectCipher } from './detect.ts';

/** A database of an app that has a format of its own is decoded as that, whatever its file is called. */
const APPS: readonly StoreApp[] = [signalDesktopApp, plainStore];

/** An SQLCipher database of no app that has a format of its own: every row is a note. */
export const sqlcipher: Format = {
  name: 'sqlcipher',
  title: 'SQLCipher database of any app; one of Signal Desktop is decoded as such',
  version: '1',
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
    const { keyring } = withConfig(file, context.keyring);
    return prepareCipherStore(file, { ...context, keyring }, APPS);
  },
  open: (plan, file) => openCipherStore(plan, file, { apps: APPS, attached: attachedFile }),
  combine: combineStore,
  finish: finishCipherStore,
};
