import { type Certificate, mayList, subjectOf } from './certificate.ts';
import { unsound } from './errors.ts';
import { type RevocationList, type Revoked, serialOf } from './revocation-list.ts';

/** Reasons after which what was signed before stays good (RFC 3161 section 4, 1): nothing happened to the key. */
const KEY_UNHARMED: ReadonlySet<number | null> = new Set([0, 3, 4, 5]);
const REASONS = [
  'unspecified',
  'key compromise',
  'CA compromise',
  'affiliation changed',
  'superseded',
  'cessation of operation',
  'on hold',
  'reason 7',
  'taken off the list',
  'privilege withdrawn',
  'attribute authority compromise',
];

/** What the lists say of one certificate in a chain. */
export interface RevocationState {
  readonly subject: string;
  /** `revoked later`: after the stamp, and not because of its key, so that the stamp holds (RFC 3161 section 4). */
  readonly state: 'not revoked' | 'revoked later' | 'not covered';
  /** Time of the list that says so; null where there is none. */
  readonly listed: string | null;
  readonly why?: string;
}

/**
 * What lists say of every certificate of a chain but the last, which the reader trusts. Throws IntegrityError
 * TIMESTAMP_SIGNER_REVOKED where one was revoked so that the stamp does not hold, REVOCATION_LIST_UNSOUND for a list of such an
 * issuer that it did not sign.
 */
export function checkRevocation(
  chain: readonly Certificate[],
  { lists, genTime }: { readonly lists: readonly RevocationList[]; readonly genTime: number },
): readonly RevocationState[] {
  return chain
    .slice(0, -1)
    .map((certificate, i) => stateOf(certificate, chain[i + 1] as Certificate, { lists, genTime }));
}

function stateOf(
  certificate: Certificate,
  issuer: Certificate,
  { lists, genTime }: { readonly lists: readonly RevocationList[]; readonly genTime: number },
): RevocationState {
  const subject = subjectOf(certificate.x509);
  const named = lists.filter((list) => Buffer.compare(list.issuer, certificate.issuer) === 0);
  const own = named
    .filter((list) => mayList(issuer) && list.isBy(issuer.x509.publicKey))
    .sort((a, b) => b.thisUpdate - a.thisUpdate);
  if (named.length > 0 && own.length === 0)
    throw unsound('REVOCATION_LIST_UNSOUND', `the revocation list supplied for ${subject} is not signed by its issuer`);
  const [newest] = own;
  if (newest === undefined) return { subject, state: 'not covered', listed: null, why: 'no list of its issuer' };
  const serial = serialOf(certificate.serial);
  const listed = new Date(newest.thisUpdate).toISOString();
  // Once revoked, always: an older list counts where a newer one has dropped what has ended.
  const revoked = own.map((list) => list.revoked.get(serial)).find((one) => one !== undefined);
  if (revoked !== undefined) {
    requireUnharmed(subject, revoked, genTime);
    return { subject, state: 'revoked later', listed, why: whyOf(revoked) };
  }
  const covers = own.find(
    (list) => list.thisUpdate >= genTime && (list.keepsExpired || list.thisUpdate <= certificate.notAfter),
  );
  if (covers !== undefined) return { subject, state: 'not revoked', listed: new Date(covers.thisUpdate).toISOString() };
  const why =
    newest.thisUpdate < genTime
      ? 'the list is older than the stamp'
      : 'the list is of a time when the certificate had ended and may have left it';
  return { subject, state: 'not covered', listed, why };
}

function requireUnharmed(subject: string, revoked: Revoked, genTime: number): void {
  if (revoked.at > genTime && KEY_UNHARMED.has(revoked.reason)) return;
  throw unsound('TIMESTAMP_SIGNER_REVOKED', `the certificate of ${subject} was revoked: ${whyOf(revoked)}`, {
    revoked: new Date(revoked.at).toISOString(),
    stamped: new Date(genTime).toISOString(),
  });
}

function whyOf({ at, reason }: Revoked): string {
  const said =
    reason === null ? 'no reason stated, so nothing by its key holds' : (REASONS[reason] ?? `reason ${reason}`);
  return `${new Date(at).toISOString()}, ${said}`;
}
