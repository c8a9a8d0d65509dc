import { type CborValue, CustodyError, UnavailableError, utf8Encode } from '@custody/bytes';
import { encodeVerifierKey, readVerifierKey, readWitnessPolicy } from '@custody/chain';
import type { Post } from '@custody/vault';
import { encodeAbout, readAbout, readPart, storeAnchor, storedAnchors } from '../anchors/anchor-objects.ts';
import { verifyCosignatures } from '../anchors/verify-cosignatures.ts';
import { usage } from '../errors.ts';
import type { Case } from '../open-case.ts';
import { askWitness, type Cosigned, requireNotBehind, type WitnessAddress } from './ask-witness.ts';

export interface AskOptions {
  readonly witnesses: readonly WitnessAddress[];
  readonly post: Post;
  /** C2SP tlog-policy, kept with the cosignatures; its witnesses with addresses are asked, too. */
  readonly policy?: string;
  readonly reason?: string;
}

/** What `custody witness ask --json` prints. */
export interface Witnessed {
  readonly size: number;
  readonly witnesses: readonly {
    readonly name: string;
    readonly key: string;
    readonly url: string;
    readonly time: string;
  }[];
  /** Those that gave no cosignature, and why. */
  readonly silent: readonly { readonly name: string; readonly url: string; readonly message: string }[];
  /** Whether the policy's quorum was reached; null without a policy. */
  readonly quorum: boolean | null;
  readonly objects: readonly string[];
  readonly entry: number;
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: string };
}

/**
 * Has witnesses cosign the newest checkpoint and chains what they gave into the log. Where one has seen more of the log, or
 * another one, nothing is signed: LOG_ROLLED_BACK, LOG_FORKED. Throws WITNESS_UNAVAILABLE where none answers.
 */
export async function askWitnesses(opened: Case, options: AskOptions): Promise<Witnessed> {
  const policy = options.policy === undefined ? null : readWitnessPolicy(options.policy);
  const addressed = policy?.witnesses.flatMap(({ key, url }) => (url === null ? [] : [{ key, url }])) ?? [];
  const witnesses = [...options.witnesses, ...addressed];
  if (witnesses.length === 0)
    throw usage('ARGUMENT_INVALID', 'no witness is named: --witness URL=VKEY, or a policy with addresses');
  const { ledger, vault } = opened;
  const { size } = ledger;
  const note = ledger.checkpoint ?? '';
  const { cosigned, silent } = await gather(opened, witnesses, options.post);
  const anchor = await storeAnchor(vault, size, {
    checkpoint: utf8Encode(note + cosigned.map(({ lines }) => lines).join('')),
    ...(options.policy !== undefined && { policy: utf8Encode(options.policy) }),
    about: encodeAbout({
      type: 'cosignature',
      witnesses: cosigned.map(({ witness }) => ({ url: witness.url, key: encodeVerifierKey(witness.key) })),
    }),
  });
  const shown = cosigned.map(({ witness: { key, url }, time }) => ({
    name: key.name,
    key: encodeVerifierKey(key),
    url,
    time: new Date(time * 1000).toISOString(),
  }));
  const event = opened.draft('anchor', {
    ...(options.reason !== undefined && { reason: options.reason }),
    subject: new Map<string, CborValue>([
      ['anchor', 'cosignature'],
      ['size', size],
    ]),
    detail: new Map<string, CborValue>([
      ['witnesses', shown.map(({ name, key, url, time }) => [name, key, url, time])],
      ['objects', anchor.objects.map((object) => object.name)],
    ]),
  });
  const [entry] = await opened.append([event], anchor.objects);
  return {
    size,
    witnesses: shown,
    silent,
    quorum: policy === null ? null : policy.isQuorum(cosigned.map(({ witness }) => witness.key)),
    objects: anchor.objects.map((object) => object.name),
    entry: entry?.index ?? size,
    checkpoint: opened.checkpointJson(),
  };
}

/** All are asked before anything is kept: one that has seen another history stops it. */
async function gather(
  { ledger, vault, verifierKey: logKey }: Case,
  witnesses: readonly WitnessAddress[],
  post: Post,
): Promise<{ readonly cosigned: readonly Cosigned[]; readonly silent: Witnessed['silent'] }> {
  const { cosignatures } = await verifyCosignatures(vault, ledger, { logKey });
  const cosigned: Cosigned[] = [];
  const silent: { name: string; url: string; message: string }[] = [];
  let last: CustodyError | null = null;
  for (const witness of witnesses) {
    const key = encodeVerifierKey(witness.key);
    const known = cosignatures.filter((one) => one.witnesses.some((other) => other.key === key));
    const old = known.reduce((most, one) => Math.max(most, one.size), 0);
    try {
      cosigned.push(await askWitness(ledger, witness, { post, old }));
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      last = error;
      silent.push({ name: witness.key.name, url: witness.url, message: error.message });
    }
  }
  if (cosigned.length === 0 && last !== null) throw last;
  return { cosigned, silent };
}

/**
 * Before a case is extended: whether a witness that cosigned it has seen more entries than it holds. Throws LOG_ROLLED_BACK.
 * A witness that does not answer is told through `say` and stops nothing.
 */
export async function refuseRollback(opened: Case, post: Post, say: (note: string) => void): Promise<void> {
  for (const witness of await lastWitnesses(opened)) {
    try {
      await requireNotBehind(opened.ledger, witness, post);
    } catch (error) {
      if (!(error instanceof CustodyError) || error.family === 'integrity') throw error;
      say(`whether the witness ${witness.key.name} has seen more of this log could not be asked: ${error.message}`);
    }
  }
}

/** The witnesses that were asked last. */
async function lastWitnesses({ vault, ledger }: Case): Promise<readonly WitnessAddress[]> {
  for (const anchor of storedAnchors(ledger).reverse()) {
    const about = readAbout(await readPart(vault, ledger, anchor, 'about'), anchor.label);
    if (about.type !== 'cosignature') continue;
    return about.witnesses.map(({ url, key }) => ({ url, key: readVerifierKey(key) }));
  }
  return [];
}
