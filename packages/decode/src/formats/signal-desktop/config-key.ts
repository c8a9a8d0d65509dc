import { utf8Encode } from '@custody/bytes';
import type { Finding } from '@custody/evidence';
import type { CaptureFile } from '../../format.ts';
import { type Keyring, MOST_CANDIDATES, type SuppliedKey } from '../../keyring.ts';
import { finding } from '../../make-finding.ts';
import { encryptedKeyIn, NO_KEY_STORE, unwrapSafeStorage } from '../sqlcipher/safe-storage.ts';
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
  const passwords = keyring.keys.flatMap((key) => (key.for === 'signal-desktop' && key.passphrase) || []);
  for (const password of [...passwords.slice(0, MOST_CANDIDATES), NO_KEY_STORE]) {
    const raw = unwrapSafeStorage(encrypted, password);
    if (raw === null) continue;
    const own: SuppliedKey = { for: 'signal-desktop', bytes: raw, source: config.path };
    return { keyring: { keys: [own, ...keyring.keys] }, notes: [] };
  }
  const detail =
    'config.json holds only "encryptedKey", which the key store of the computer wraps. Needed: the password that the key store has under ' +
    '"Signal Safe Storage" (macOS, Linux), as {"for": "signal-desktop", "passphrase": "…"}, or the unwrapped key, as "hex".';
  const note = finding('KEY_MISSING', config.path, { records: 0, detail, class: 'note' });
  return { keyring, notes: [note] };
}
