import type { Certificate } from '../timestamp/certificate.ts';

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
}

/** Verifies a token over a checkpoint. Throws as `verifyTimestamp` and `readCertificateFile` do. */
export async function readStamp(terms: StampTerms): Promise<Stamp> {
  const { token, checkpoint: data, size, url, kept, pinned } = terms;
  const authorities = pinned ?? (kept === null ? null : await readAuthorities(kept));
  const asked = terms.policy === undefined ? {} : { policy: terms.policy };
  const { verifyTimestamp } = await import('../timestamp/verify-timestamp.ts');
  const stamp = verifyTimestamp(token, { data, authorities, now: Date.now(), ...asked });
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
  } as const;
  return { ...stated, statement: statementOf(stated) };
}

/** Most commands on most cases read no certificate: what does is loaded when it is needed. */
export async function readAuthorities(file: Uint8Array): Promise<readonly Certificate[]> {
  const { readCertificateFile } = await import('../timestamp/certificate.ts');
  return readCertificateFile(file);
}

function statementOf(stamp: Omit<Stamp, 'statement'>): string {
  const { url, authority, authoritySource, size, time, accuracyMs } = stamp;
  const under =
    authority === null
      ? 'under no authority that was supplied: whose key it is does not show'
      : `under the supplied CA ${authority}${authoritySource === 'pinned' ? '' : ' (kept with the case, not supplied by you)'}`;
  const margin = accuracyMs === null ? '' : `, give or take ${accuracyMs / 1000} s`;
  return `a time-stamping authority at ${url}, ${under}, stated that the first ${size} entries of the log, signed, existed at ${time}${margin}`;
}
