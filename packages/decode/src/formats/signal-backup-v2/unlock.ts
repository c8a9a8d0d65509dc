import type { Finding } from '@custody/evidence';
import type { DecodeContext } from '../../format.ts';
import { MOST_CANDIDATES } from '../../keyring.ts';
import { finding } from '../../make-finding.ts';
import type { ScratchHandle } from '../../scratch.ts';
import type { InflateEnd } from '../whatsapp/inflater.ts';
import type { Container } from './container.ts';
import { MAC_LENGTH } from './layout.ts';
import { type Opened, openContent } from './open-content.ts';
import { fitsWithoutMac, verifiedUnder } from './sealed-file.ts';
import { type KeyToTry, keysToTry, provenOwner, suppliedFor } from './supplied.ts';

/** A backup that was opened, its frames in scratch. */
export interface Unlocked {
  readonly handle: ScratchHandle;
  readonly material: Uint8Array;
  /** The owner's service id, where the keys or the backup's id prove it. */
  readonly owner: Uint8Array | null;
  readonly authentic: boolean;
  readonly findings: readonly Finding[];
  discard(): void;
}

/**
 * Opens a backup under the supplied keys. Plaintext is released only after the MAC verified, or, with `damaged`, where
 * the content proves the key: then `authentic` is false and every item must say so. Else the finding that says why not.
 */
export async function unlock(
  container: Container,
  options: { readonly context: DecodeContext; readonly damaged: boolean },
): Promise<Unlocked | Finding> {
  const { context } = options;
  const supplied = suppliedFor(context.keyring);
  const missing = whatIsMissing(container, supplied);
  if (missing !== null) return finding('KEY_MISSING', container.path, { records: null, detail: missing });
  const tried = keysToTry(supplied, container);
  if (tried.length > MOST_CANDIDATES) {
    const detail = `${tried.length} combinations of the supplied keys could be meant; more than ${MOST_CANDIDATES} are not tried, as that would be guessing.`;
    return finding('LIMIT_EXCEEDED', container.path, { records: null, detail });
  }
  const { length } = container.source;
  const key = verifiedUnder(container, tried, (done) => context.progress?.(done / 2, length));
  if (key === null) return unverified(container, tried, options);
  const opened = await openContent(container, key.keys, { context, end: length - MAC_LENGTH });
  if (opened.end === 'complete' && opened.handle !== null) {
    const owner = key.aci ?? provenOwner(supplied, key.material, container);
    return released(opened, opened.handle, { key, owner, authentic: true, findings: [] });
  }
  opened.discard();
  const [code, what] = opened.limitReached
    ? (['LIMIT_EXCEEDED', `it unpacks to more than the limit: unpacking stopped after ${opened.length} bytes`] as const)
    : (['FORMAT_UNKNOWN', 'its content is not the compressed stream of a backup'] as const);
  const detail = `The MAC verifies, so key and file are right, but ${what}.`;
  return finding(code, container.path, { records: null, detail });
}

function released(
  opened: Opened,
  handle: ScratchHandle,
  found: { key: KeyToTry; owner: Uint8Array | null; authentic: boolean; findings: readonly Finding[] },
): Unlocked {
  const { key, owner, authentic, findings } = found;
  return { handle, material: key.material, owner, authentic, findings, discard: () => opened.discard() };
}

function whatIsMissing(container: Container, supplied: ReturnType<typeof suppliedFor>): string | null {
  const needed = '{"for": "signal-backup-v2", "passphrase": "the 64 characters of the recovery key"}';
  if (supplied.roots.length === 0) {
    const digits = supplied.digits ? ' The 30 digits that were supplied open the older .backup files only.' : '';
    return `No account entropy pool (recovery key) was supplied. Needed: ${needed}.${digits}`;
  }
  if (container.sealedId !== null) return null;
  const wants: string[] = [];
  if (supplied.acis.length === 0) wants.push('the account\'s service id, as "id" beside the key');
  if (container.kind === 'remote' && supplied.tokens.length === 0)
    wants.push('the forward-secrecy token of this backup, as {"for": "signal-backup-v2-token", "hex": "…"}');
  if (wants.length === 0) return null;
  const what = container.kind === 'remote' ? 'A remote backup' : 'A backup without its folder';
  return `${what} needs more than the recovery key, and it was not supplied: ${wants.join('; ')}. That says nothing about whether the recovery key is right or the file is whole.`;
}

/** No key makes the MAC verify: told apart are a wrong key, a cut and other damage, as far as they can be. */
async function unverified(
  container: Container,
  tried: readonly KeyToTry[],
  options: { readonly context: DecodeContext; readonly damaged: boolean },
): Promise<Unlocked | Finding> {
  const { source, path } = container;
  const aligned = (source.length - MAC_LENGTH - container.start) % 16 === 0;
  const fits = tried.map((key) => ({ key, by: fitsWithoutMac(container, key.keys) })).find(({ by }) => by !== null);
  if (fits === undefined) {
    return finding(aligned ? 'KEY_NOT_VERIFIED' : 'AUTHENTICATION_FAILED', path, {
      records: null,
      detail: noneFits(container, tried, aligned),
    });
  }
  const { key } = fits;
  const piece = options.damaged ? 256 : undefined;
  const opened = await openContent(container, key.keys, {
    context: options.context,
    end: aligned ? source.length - MAC_LENGTH : source.length,
    ...(piece !== undefined && { piece }),
  });
  const reason = damage(container, aligned, opened.end);
  if (!options.damaged || fits.by !== 'start' || opened.handle === null) {
    opened.discard();
    return reason;
  }
  const detail =
    'Decoded on request although the MAC over the backup does not verify: every item of it was read from bytes that may have been changed.';
  const doubt = finding('UNIT_UNVERIFIED', path, { records: null, detail });
  return released(opened, opened.handle, { key, owner: key.aci, authentic: false, findings: [reason, doubt] });
}

function noneFits(container: Container, tried: readonly KeyToTry[], aligned: boolean): string {
  const sources = [...new Set(tried.map(({ source }) => source))].join(', ');
  if (!aligned) {
    return `The MAC does not verify and the length fits no whole file: the backup is damaged or cut, and whether the supplied key (${sources}) fits cannot be determined.`;
  }
  const parts = container.kind === 'folder' ? 'key' : 'key, service id or token';
  return `The file has the form of a whole backup, but no supplied key opens it (${sources}): a ${parts} of another account or backup, or both beginning and end are damaged.`;
}

function damage({ path, source }: Container, aligned: boolean, end: InflateEnd): Finding {
  const start = 'The key fits, but the MAC over the backup does not verify: ';
  if (!aligned || end === 'short') {
    const detail = `${start}the content breaks off. The file has ${source.length} bytes; what stood behind them is lost, how many frames cannot be known.`;
    return finding('TRUNCATED', path, { records: null, detail });
  }
  const what =
    end === 'complete'
      ? 'bytes of the file were changed, though the check value inside the content is right.'
      : 'bytes of the file were changed, and the content cannot be unpacked to its end.';
  return finding('KEY_PROVEN_THEN_DAMAGE', path, {
    records: null,
    detail: `${start}${what} Nothing of it is released.`,
  });
}
