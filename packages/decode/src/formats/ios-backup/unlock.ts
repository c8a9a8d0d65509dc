import { CustodyError, utf8Encode } from '@custody/bytes';
import type { Finding } from '@custody/evidence';
import type { CaptureFile, DecodeContext } from '../../format.ts';
import { MOST_CANDIDATES, type SuppliedKey } from '../../keyring.ts';
import { candidatesFor } from '../../keys/candidates.ts';
import { passwordOf } from '../../keys/password-of.ts';
import { finding } from '../../make-finding.ts';
import { type PlistValue, plistAt, plistBytes } from '../../plist/plist-value.ts';
import { readPlist } from '../../plist/read-plist.ts';
import { isTooSlow, type Keybag, openWrappedKey, readKeybag, unlockKeybag } from './keybag.ts';

/** Keys of an encrypted backup. Survives cloning. */
export interface BackupKeys {
  readonly classes: ReadonlyMap<number, Uint8Array>;
  /** Of Manifest.db; null where that stands in clear (before iOS 10.2). */
  readonly manifest: Uint8Array | null;
}

export interface UnlockedBackup {
  /** Null: the backup is not encrypted. */
  readonly keys: BackupKeys | null;
  readonly password: string | null;
}

const LONGEST_PLIST = 64 * 1024 * 1024;

/** Reads Manifest.plist and opens its keybag; else the finding that says why not. */
export async function unlockBackup(file: CaptureFile, context: DecodeContext): Promise<UnlockedBackup | Finding> {
  const says = (code: Finding['code'], detail: string) => finding(code, file.name, { records: null, detail });
  if (file.source.length > LONGEST_PLIST) return says('LIMIT_EXCEEDED', 'Manifest.plist is longer than any is.');
  const plist = plistOf(file.source.read(0, file.source.length));
  if (plist === null)
    return says('FORMAT_UNKNOWN', 'Manifest.plist is damaged: neither its keybag nor anything else can be read.');
  const bag = plistBytes(plistAt(plist, 'BackupKeyBag'));
  if (plistAt(plist, 'IsEncrypted') !== true) return { keys: null, password: null };
  const keybag = bag === null ? null : readKeybag(bag);
  if (keybag === null)
    return says('FORMAT_UNKNOWN', 'The keybag in Manifest.plist is missing or damaged: no key can be had.');
  if (isTooSlow(keybag)) return says('LIMIT_EXCEEDED', 'The keybag asks for more rounds of PBKDF2 than any does.');
  const passwords = candidatesFor(context.keyring, ['ios-backup', 'file'], (key) => passwordOf(key) !== null);
  if (passwords.tooMany !== null) {
    const detail = `${passwords.tooMany} supplied passwords could be meant; more than ${MOST_CANDIDATES} are not tried, as that would be guessing.`;
    return says('LIMIT_EXCEEDED', detail);
  }
  if (passwords.keys.length === 0) {
    return says('KEY_MISSING', 'No password was supplied. Needed: {"for": "ios-backup", "passphrase": "…"}.');
  }
  return (await tryPasswords(keybag, plist, passwords.keys)) ?? says('KEY_NOT_VERIFIED', wrongPassword(passwords.keys));
}

async function tryPasswords(
  keybag: Keybag,
  plist: PlistValue,
  supplied: readonly SuppliedKey[],
): Promise<UnlockedBackup | null> {
  for (const key of supplied) {
    const password = passwordOf(key) as string;
    const classes = await unlockKeybag(keybag, utf8Encode(password));
    if (classes === null) continue;
    const wrapped = plistBytes(plistAt(plist, 'ManifestKey'));
    const manifest = wrapped === null ? null : openWrappedKey(wrapped, classes);
    return { keys: { classes, manifest }, password };
  }
  return null;
}

function wrongPassword(keys: readonly SuppliedKey[]): string {
  const sources = [...new Set(keys.map((key) => key.source))].join(', ');
  return `No supplied password (${sources}) unwraps a class key: the check of the key wrap fails, so it is another password, or the keybag is damaged.`;
}

function plistOf(bytes: Uint8Array): PlistValue {
  try {
    return readPlist(bytes);
  } catch (error) {
    if (error instanceof CustodyError) return null;
    throw error;
  }
}
