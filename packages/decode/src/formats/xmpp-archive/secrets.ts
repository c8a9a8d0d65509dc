import { sha256, utf8Encode } from '@custody/bytes';
import type { Finding } from '@custody/evidence';
import { type Keyring, MOST_CANDIDATES } from '../../keyring.ts';
import { keyIdOf } from '../../keys/key-id.ts';
import { finding } from '../../make-finding.ts';
import { isMessageKey } from '../../omemo/open-payload.ts';
import type { OtrSecrets } from '../../otr/key-finder.ts';
import { GROUP_BYTES } from '../../otr/modp-group.ts';

/** Keys for what is sealed inside stanzas. Survives structured cloning. */
export interface Secrets {
  readonly otr: OtrSecrets;
  /** By message id; under '' those supplied without one. */
  readonly omemo: ReadonlyMap<string, readonly Uint8Array[]>;
}

const AES_KEY = 16;

/** Keys of a keyring for `otr-dh`, `otr-aes` and `omemo`; what cannot be one is a finding. */
export function readSecrets(keyring: Keyring, path: string): { secrets: Secrets; ids: string[]; findings: Finding[] } {
  const exponents: Uint8Array[] = [];
  const owners: (string | null)[] = [];
  const aesKeys: Uint8Array[] = [];
  const omemo = new Map<string, Uint8Array[]>();
  const ids = new Set<string>();
  const wrong: string[] = [];
  for (const { for: purpose, bytes, id, source } of keyring.keys) {
    if (!['otr-dh', 'otr-aes', 'omemo'].includes(purpose)) continue;
    if (bytes === undefined || !fits(purpose, bytes)) {
      wrong.push(`${purpose} in ${source}`);
      continue;
    }
    ids.add(keyIdOf(bytes));
    if (purpose === 'otr-dh') {
      exponents.push(bytes);
      owners.push(id ?? null);
    } else if (purpose === 'otr-aes') aesKeys.push(bytes);
    else omemo.set(id ?? '', [...(omemo.get(id ?? '') ?? []), bytes]);
  }
  const findings: Finding[] = [];
  if (wrong.length > 0) {
    const detail = `Supplied keys that cannot be what they are for: ${[...new Set(wrong)].join(', ')}. otr-dh: an exponent of at most ${GROUP_BYTES} bytes; otr-aes: 16 bytes; omemo: 16, 32 (legacy) or 48 bytes.`;
    findings.push(finding('KEY_NOT_VERIFIED', path, { records: 0, class: 'doubt', detail }));
  }
  const unaddressed = omemo.get('')?.length ?? 0;
  if (unaddressed > MOST_CANDIDATES) {
    omemo.delete('');
    const detail = `${unaddressed} OMEMO keys were supplied without the id of their message; more than ${MOST_CANDIDATES} are not tried, as that would be guessing.`;
    findings.push(finding('LIMIT_EXCEEDED', path, { records: 0, class: 'doubt', detail }));
  }
  return { secrets: { otr: { exponents, owners, aesKeys }, omemo }, ids: [...ids].sort(), findings };
}

function fits(purpose: string, bytes: Uint8Array): boolean {
  if (purpose === 'otr-dh') return bytes.length > 0 && bytes.length <= GROUP_BYTES;
  if (purpose === 'otr-aes') return bytes.length === AES_KEY;
  return isMessageKey(bytes, 'legacy') || isMessageKey(bytes, 'omemo2');
}

/** Six bytes that stand for a text in summaries, as a number without a fraction. */
export function shortHash(text: string): number {
  const digest = sha256(utf8Encode(text));
  return Buffer.from(digest.buffer, digest.byteOffset, 6).readUIntBE(0, 6);
}
