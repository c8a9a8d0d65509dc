import type { Certificate } from '../timestamp/certificate.ts';
import type { RevocationState } from '../timestamp/check-revocation.ts';
import type { RevocationList } from '../timestamp/revocation-list.ts';

/** What a time-stamping authority stated about a log, found sound. */
export interface Stamp {
  readonly type: 'rfc3161';
  /** Entries that existed when it was stamped. */
  readonly size: number;
  readonly url: string;
  readonly time: string;
  /** Milliseconds to either side; null where the authority states none. */
  readonly accuracyMs: number | null;
  readonly policy: string;
  readonly serial: string;
  readonly signer: string;
  /** Subject of the certificate under which it was verified; null where none was supplied. */
  readonly authority: string | null;
  /** Whether the reader supplied that certificate or it came with the token. */
  readonly authoritySource: 'pinned' | 'self-asserted' | 'none';
  /** What revocation lists say of its certificates; null where none was looked into. */
  readonly revocation: readonly RevocationState[] | null;
  /** In words for a court. */
  readonly statement: string;
}

export interface StampTerms {
  readonly token: Uint8Array;
  /** The signed note that it is over, and the entries that this counts. */
  readonly checkpoint: Uint8Array;
  readonly size: number;
  readonly url: string;
  /** Policy that was asked for. */
  readonly policy?: string;
  /** Certificate file that came with the token. */
  readonly kept: Uint8Array | null;
  /** Certificates that the reader trusts instead. */
  readonly pinned: readonly Certificate[] | null;
  /** Revocation lists: those that came with the token, and the reader's. */
  readonly lists?: readonly RevocationList[];
}

/** Verifies a token over a checkpoint. Throws as `verifyTimestamp` and `readCertificateFile` do. */
export async function readStamp(terms: StampTerms): Promise<Stamp> {
  const { token, checkpoint: data, size, url, kept, pinned } = terms;
  const authorities = pinned ?? (kept === null ? null : await readAuthorities(kept));
  const asked = terms.policy === undefined ? {} : { policy: terms.policy };
  const { verifyTimestamp } = await import('../timestamp/verify-timestamp.ts');
  const { lists = [] } = terms;
  const stamp = verifyTimestamp(token, { data, authorities, now: Date.now(), lists, ...asked });
  const stated = {
    type: 'rfc3161',
    ...{ size, url },
    time: new Date(stamp.genTime).toISOString(),
    accuracyMs: stamp.accuracy,
    policy: stamp.policy,
    serial: stamp.serial,
    signer: stamp.signer,
    authority: stamp.authority,
    authoritySource: pinned !== null ? 'pinned' : kept !== null ? 'self-asserted' : 'none',
    revocation: stamp.revocation,
  } as const;
  return { ...stated, statement: statementOf(stated) };
}

/** Most commands on most cases read no certificate: what does is loaded when it is needed. */
export async function readAuthorities(file: Uint8Array): Promise<readonly Certificate[]> {
  const { readCertificateFile } = await import('../timestamp/certificate.ts');
  return readCertificateFile(file);
}

/** Lists from a file. Throws FormatError REVOCATION_LIST_MALFORMED. */
export async function readLists(file: Uint8Array): Promise<readonly RevocationList[]> {
  const { readRevocationFile } = await import('../timestamp/revocation-list.ts');
  return readRevocationFile(file);
}

/** What was not looked into of some stamps, in words. */
export function unlistedCertificates(stamps: readonly Stamp[]): string[] {
  const out: string[] = [];
  if (stamps.some(({ revocation }) => revocation === null))
    out.push(
      'whether certificates of the time-stamping authorities were revoked: give their revocation lists with --crl',
    );
  const open = stamps.flatMap(({ revocation }) => revocation ?? []).filter(({ state }) => state === 'not covered');
  for (const [subject, [one]] of Map.groupBy(open, ({ subject }) => subject))
    out.push(`whether the certificate of ${subject} was revoked by the time of the stamp: ${one?.why}`);
  return out;
}

function statementOf(stamp: Omit<Stamp, 'statement'>): string {
  const { url, authority, authoritySource, size, time, accuracyMs } = stamp;
  const under =
    authority === null
      ? 'under no authority that was supplied: whose key it is does not show'
      : `under the supplied CA ${authority}${authoritySource === 'pinned' ? '' : ' (kept with the case, not supplied by you)'}`;
  const margin = accuracyMs === null ? '' : `, give or take ${accuracyMs / 1000} s`;
  return `a time-stamping authority at ${url}, ${under}, stated that the first ${size} entries of the log, signed, existed at ${time}${margin}${revokedText(stamp.revocation)}`;
}

function revokedText(revocation: Stamp['revocation']): string {
  if (revocation === null || revocation.length === 0) return '';
  const later = revocation.find(({ state }) => state === 'revoked later');
  if (later !== undefined)
    return `; its certificate was revoked later (${later.why}), which leaves what it stamped before`;
  if (revocation.some(({ state }) => state === 'not covered')) return '';
  return `; none of its certificates was revoked by ${revocation.map(({ listed }) => listed).sort()[0]}`;
}
