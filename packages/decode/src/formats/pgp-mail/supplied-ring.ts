import type { Finding } from '@custody/evidence';
import { MOST_CANDIDATES, type Keyring as SuppliedKeys } from '../../keyring.ts';
import { keyIdOf } from '../../keys/key-id.ts';
import { finding } from '../../make-finding.ts';
import { isKeyFile, type KeyFile, type Keyring, readKeyring } from '../../openpgp/keyring.ts';

/** The OpenPGP keys of what was supplied: `openpgp` entries and key files of unknown purpose that are OpenPGP. */
export function suppliedRing(
  supplied: SuppliedKeys,
  path: string,
): { ring: Keyring; ids: string[]; findings: Finding[] } {
  const files: KeyFile[] = [];
  const passphrases = new Set<string>();
  const ids = new Set<string>();
  for (const { for: purpose, bytes, passphrase, source } of supplied.keys) {
    if (purpose !== 'openpgp' && purpose !== 'file') continue;
    if (bytes !== undefined && isKeyFile(bytes)) {
      files.push({ bytes, passphrases: passphrase === undefined ? [] : [passphrase], source });
      ids.add(keyIdOf(bytes));
    } else if (purpose === 'openpgp' && bytes === undefined && passphrase !== undefined) passphrases.add(passphrase);
  }
  const findings: Finding[] = [];
  if (passphrases.size > MOST_CANDIDATES) {
    const detail = `${passphrases.size} passphrases were supplied without their key; more than ${MOST_CANDIDATES} are not tried, as that would be guessing.`;
    findings.push(finding('LIMIT_EXCEEDED', path, { records: 0, class: 'doubt', detail }));
    passphrases.clear();
  }
  const ring = readKeyring(files, [...passphrases]);
  for (const problem of ring.problems.slice(0, 20)) {
    findings.push(
      finding('KEY_NOT_VERIFIED', path, {
        records: 0,
        class: 'doubt',
        detail: `A supplied key file cannot be read whole: ${problem}.`,
      }),
    );
  }
  const locked = ring.keys.filter((one) => one.locked === 'passphrase');
  if (locked.length > 0) {
    const names = locked.slice(0, 8).map(({ key }) => key.fingerprint);
    const detail = `${locked.length} supplied secret keys are locked, and no supplied passphrase fits them: ${names.join(', ')}.`;
    findings.push(finding('KEY_NOT_VERIFIED', path, { records: 0, class: 'doubt', detail }));
  }
  return { ring, ids: [...ids].sort(), findings };
}
