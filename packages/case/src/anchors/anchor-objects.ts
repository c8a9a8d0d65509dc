import { randomBytes } from 'node:crypto';
import { utf8Decode, utf8Encode } from '@custody/bytes';
import type { CommitObject } from '@custody/chain';
import { ANCHOR_PREFIX, type Ledger, readCommitted, storeObject } from '@custody/segment';
import type { Vault } from '@custody/vault';
import { broken } from '../errors.ts';

/** What an anchor consists of, in clear so that a stranger checks it by hand: names below `anchors/SIZE-RANDOM/`. */
export const ANCHOR_PARTS = {
  /** The signed note that was stamped or cosigned; with the cosignatures where there are some. */
  checkpoint: 'checkpoint',
  /** The authority's answer (RFC 3161 TimeStampResp). */
  token: 'token.tsr',
  /** PEM certificates that were supplied as the authority's. */
  authority: 'authority.pem',
  /** Revocation lists of the authority as they were at stamping, PEM or one in DER. */
  revocation: 'revocation.crl',
  /** C2SP tlog-policy that the witnesses were asked under. */
  policy: 'policy',
  /** What it is and where it was asked for, as JSON. */
  about: 'about.json',
} as const;

export type AnchorPart = keyof typeof ANCHOR_PARTS;

/** The stated side of an anchor. */
export type AnchorAbout =
  | { readonly type: 'rfc3161'; readonly url: string; readonly policy?: string }
  | { readonly type: 'cosignature'; readonly witnesses: readonly { readonly url: string; readonly key: string }[] };

/** One anchor as a commit holds it. */
export interface StoredAnchor {
  readonly label: string;
  /** Index of the first entry of the commit that chains it into the log: what comes after did not exist before it. */
  readonly entry: number;
  readonly parts: ReadonlyMap<AnchorPart, string>;
}

/** Stores the parts of an anchor and reads them back, for a commit to name. */
export async function storeAnchor(
  vault: Vault,
  size: number,
  parts: Partial<Readonly<Record<AnchorPart, Uint8Array>>>,
): Promise<{ readonly label: string; readonly objects: readonly CommitObject[] }> {
  const label = `${size}-${randomBytes(8).toString('hex')}`;
  const objects: CommitObject[] = [];
  for (const [part, bytes] of Object.entries(parts)) {
    const name = `${ANCHOR_PREFIX}${label}/${ANCHOR_PARTS[part as AnchorPart]}`;
    objects.push(await storeObject(vault, name, bytes));
  }
  return { label, objects };
}

export function encodeAbout(about: AnchorAbout): Uint8Array {
  return utf8Encode(`${JSON.stringify(about)}\n`);
}

/** The anchors of a log, in its order. */
export function storedAnchors(ledger: Ledger): StoredAnchor[] {
  const partOf = new Map(Object.entries(ANCHOR_PARTS).map(([part, file]) => [file as string, part as AnchorPart]));
  const anchors = new Map<string, { label: string; entry: number; parts: Map<AnchorPart, string> }>();
  for (const commit of ledger.commits) {
    for (const name of commit.anchors) {
      const [, label = '', file = ''] = name.split('/');
      const part = partOf.get(file);
      if (part === undefined) continue;
      const anchor = anchors.get(label) ?? { label, entry: commit.size, parts: new Map() };
      anchor.parts.set(part, name);
      anchors.set(label, anchor);
    }
  }
  return [...anchors.values()];
}

/** The bytes of a part as committed; null where the anchor has none of that name. */
export async function readPart(
  vault: Vault,
  ledger: Ledger,
  { parts }: StoredAnchor,
  part: AnchorPart,
): Promise<Uint8Array | null> {
  const name = parts.get(part);
  return name === undefined ? null : readCommitted(vault, ledger, name);
}

/** What an anchor says it is. Throws ANCHOR_MALFORMED. */
export function readAbout(bytes: Uint8Array | null, label: string): AnchorAbout {
  try {
    const about = JSON.parse(utf8Decode(bytes ?? new Uint8Array(0))) as Partial<AnchorAbout>;
    if (about.type === 'rfc3161' && typeof about.url === 'string') return about as AnchorAbout;
    if (about.type === 'cosignature' && Array.isArray(about.witnesses) && about.witnesses.every(isWitness))
      return about as AnchorAbout;
  } catch {
    // Said below: what cannot be read and what has another form are one fault.
  }
  throw broken('ANCHOR_MALFORMED', `the anchor ${label} does not say what it is: about.json is missing or malformed`);
}

function isWitness(value: unknown): boolean {
  const witness = value as Partial<Record<'url' | 'key', unknown>> | null;
  return typeof witness?.url === 'string' && typeof witness.key === 'string';
}
