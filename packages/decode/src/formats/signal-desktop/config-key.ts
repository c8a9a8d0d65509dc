import { utf8Encode } from '@custody/bytes';
import type { Finding } from '@custody/evidence';
import type { CaptureFile } from '../../format.ts';
import type { Keyring, SuppliedKey } from '../../keyring.ts';
import { finding } from '../../make-finding.ts';
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
  const detail =
    'config.json holds only "encryptedKey", which the key store of the computer wraps: the unwrapped key must be supplied.';
  const note = finding('KEY_MISSING', config.path, { records: 0, detail, class: 'note' });
  return { keyring, notes: /"encryptedKey"/.test(config.text) ? [note] : [] };
}
