import { randomBytes } from 'node:crypto';
import { type CborValue, sha256Hex, utf8Encode } from '@custody/bytes';
import type { Post } from '@custody/vault';
import { encodeAbout, storeAnchor } from '../anchors/anchor-objects.ts';
import { readLists, type Stamp } from '../anchors/read-stamp.ts';
import { away } from '../errors.ts';
import type { Case } from '../open-case.ts';

export interface TimestampOptions {
  /** Of the authority: http or https. */
  readonly url: string;
  readonly post: Post;
  /** PEM or DER certificates of the authority; the chain must end at one of them. */
  readonly authorities?: Uint8Array;
  /** Its revocation lists, PEM or one in DER: kept with the token as what was known when it was made. */
  readonly lists?: Uint8Array;
  /** Policy to ask for, as an object identifier. */
  readonly policy?: string;
  readonly reason?: string;
}

/** What `custody timestamp --json` prints. */
export interface Timestamped extends Omit<Stamp, 'type' | 'authoritySource' | 'statement'> {
  /** Objects that hold the checkpoint, the token and the certificates. */
  readonly objects: readonly string[];
  /** SHA-256 of the token as stored. */
  readonly token: string;
  /** Entry that chains it into the log. */
  readonly entry: number;
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: string };
}

/**
 * Has the newest signed checkpoint stamped and chains the token into the log: what the checkpoint counts existed by then,
 * what follows the token came after it. A token that does not verify is not kept. Throws UnavailableError TSA_UNAVAILABLE,
 * TSA_REFUSED, and what `verifyTimestamp` throws.
 */
export async function timestampCase(opened: Case, options: TimestampOptions): Promise<Timestamped> {
  const { url, authorities, policy } = options;
  const [{ readCertificateFile }, { encodeTimestampRequest }, { verifyTimestamp }] = await Promise.all([
    import('./certificate.ts'),
    import('./timestamp-request.ts'),
    import('./verify-timestamp.ts'),
  ]);
  const { size } = opened.ledger;
  const data = utf8Encode(opened.ledger.checkpoint ?? '');
  const trusted = authorities === undefined ? null : readCertificateFile(authorities);
  const asked = policy === undefined ? {} : { policy };
  const nonce = BigInt(`0x${randomBytes(16).toString('hex')}`);
  const token = await ask(options, encodeTimestampRequest(data, { nonce, ...asked }));
  const { lists: listed } = options;
  const lists = listed === undefined ? [] : await readLists(listed);
  const stamp = verifyTimestamp(token, { data, authorities: trusted, nonce, now: Date.now(), lists, ...asked });
  const { objects } = await storeAnchor(opened.vault, size, {
    checkpoint: data,
    token,
    ...(authorities !== undefined && { authority: authorities }),
    ...(listed !== undefined && { revocation: listed }),
    about: encodeAbout({ type: 'rfc3161', url, ...asked }),
  });
  const time = new Date(stamp.genTime).toISOString();
  const detail = new Map<string, CborValue>([
    ['token', sha256Hex(token)],
    ['objects', objects.map((object) => object.name)],
    ['time', time],
    ['policy', stamp.policy],
    ['signer', stamp.signer],
    ...(stamp.authority === null ? [] : [['authority', stamp.authority] as const]),
  ]);
  const event = opened.draft('anchor', {
    ...(options.reason !== undefined && { reason: options.reason }),
    subject: new Map<string, CborValue>([
      ['anchor', 'rfc3161'],
      ['url', url],
      ['size', size],
    ]),
    detail,
  });
  const [entry] = await opened.append([event], objects);
  return {
    url,
    size,
    time,
    accuracyMs: stamp.accuracy,
    policy: stamp.policy,
    serial: stamp.serial,
    signer: stamp.signer,
    authority: stamp.authority,
    revocation: stamp.revocation,
    objects: objects.map((object) => object.name),
    token: sha256Hex(token),
    entry: entry?.index ?? size,
    checkpoint: opened.checkpointJson(),
  };
}

async function ask({ url, post }: TimestampOptions, request: Uint8Array): Promise<Uint8Array> {
  const answer = await post(url, { body: request, contentType: 'application/timestamp-query' });
  if (answer.status !== 200 || answer.contentType !== 'application/timestamp-reply') {
    throw away(
      'TSA_UNAVAILABLE',
      `${url} answered ${answer.status} ${answer.contentType}, which is no time-stamp reply`,
    );
  }
  const { readTimestampResponse } = await import('./read-token.ts');
  const { status, statusText } = readTimestampResponse(answer.body);
  if (status > 1)
    throw away('TSA_REFUSED', `${url} refused to stamp (status ${status}${statusText && `: ${statusText}`})`);
  return answer.body;
}
