import { utf8Encode } from '@custody/bytes';
import type { Finding } from '@custody/evidence';
import type { CaptureFile } from '../../format.ts';
import { type Keyring, MOST_CANDIDATES, type SuppliedKey } from '../../keyring.ts';
import { finding } from '../../make-finding.ts';
import {
  encryptedKeyIn,
  isWrappedOnWindows,
  NO_KEY_STORE,
  unwrapSafeStorage,
  unwrapWithLocalState,
} from '../sqlcipher/safe-storage.ts';
import { readConfig } from './data-folder.ts';

/** The key that the capture itself holds comes after those that were supplied. */
export function withConfig(
  file: CaptureFile,
  keyring: Keyring,
): { readonly keyring: Keyring; readonly notes: readonly Finding[] } {
  const config = readConfig(file);
  if (config === null) return { keyring, notes: [] };
  if (/"key"\s*:/.test(config.text)) {
    const own: SuppliedKey = { for: 'signal-desktop', bytes: utf8Encode(config.text), source: config.path };
    return { keyring: { keys: [...keyring.keys, own] }, notes: [] };
  }
  const encrypted = encryptedKeyIn(config.text);
  if (encrypted === null) return { keyring, notes: [] };
  const own = unwrapped(encrypted, keyring);
  if (own !== null) {
    return {
      keyring: { keys: [{ for: 'signal-desktop', bytes: own, source: config.path }, ...keyring.keys] },
      notes: [],
    };
  }
  const detail = `config.json holds only "encryptedKey". ${isWrappedOnWindows(encrypted) ? WINDOWS : KEY_STORE}`;
  const note = finding('KEY_MISSING', config.path, { records: 0, detail, class: 'note' });
  return { keyring, notes: [note] };
}

const KEY_STORE =
  'The key store of the computer wraps it (macOS: Keychain, Linux: Secret Service or KWallet). Needed: the password that the key store ' +
  'has under "Signal Safe Storage", as {"for": "signal-desktop", "passphrase": "…"}; or the unwrapped key of the database, 64 digits, as "hex".';
const WINDOWS =
  'It was wrapped on Windows, where DPAPI guards the key to it under the login of the user. Needed: the unwrapped key of the database, ' +
  '64 digits, as {"for": "signal-desktop", "hex": "…"}; or, in the same way, the AES key that a DPAPI tool of yours opens from ' +
  '"os_crypt" in the file "Local State" beside config.json, with the login of the user. custody opens no DPAPI itself.';

/** The key of the database, by what was supplied: passwords of a key store, or the key that DPAPI guards on Windows. */
function unwrapped(encrypted: string, keyring: Keyring): Uint8Array | null {
  const own = keyring.keys.filter((key) => key.for === 'signal-desktop').slice(0, MOST_CANDIDATES);
  if (isWrappedOnWindows(encrypted)) {
    for (const { bytes } of own) {
      const raw = bytes === undefined ? null : unwrapWithLocalState(encrypted, bytes);
      if (raw !== null) return raw;
    }
    return null;
  }
  for (const password of [...own.flatMap(({ passphrase }) => passphrase || []), NO_KEY_STORE]) {
    const raw = unwrapSafeStorage(encrypted, password);
    if (raw !== null) return raw;
  }
  return null;
}
