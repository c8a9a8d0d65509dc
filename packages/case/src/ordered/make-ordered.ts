import { createHash } from 'node:crypto';
import { utf8Encode } from '@custody/bytes';
import { zipChunks } from '@custody/exhibit';
import { openSealedRange, sealStream } from '@custody/vault';
import { broken, usage } from '../errors.ts';
import { ExhibitSources } from '../exhibit-sources.ts';
import { exhibitNumbers, indexesOf, packExhibit } from '../make-exhibit.ts';
import { Case } from '../open-case.ts';
import { requireHeld } from '../stretches/require-held.ts';
import { storeStretchObject } from '../stretches/stretch-object.ts';
import { toolBuild } from '../tool-build.ts';
import { type OrderedResult, orderedResult, readOrder } from './order-exhibit.ts';
import { isOutdatedOrder, orderedName } from './order-object.ts';

type Members = Parameters<typeof zipChunks>[0];

/** Plaintext read back at once. */
const PIECE = 4 * 1024 ** 2;

/**
 * Makes an exhibit that was ordered and stores it sealed to `evidence`, any number of times with the same result: an
 * exhibit is a function of the case, the order and this build. Records nothing but refusals; who fetches it records the
 * disclosure. Whatever else the worker holds, only what is in scope is shown: an order proves no more than that its
 * author holds `evidence`.
 */
export async function makeOrdered(opened: Case, label: string): Promise<OrderedResult> {
  requireHeld(opened, 'exhibit');
  await opened.refresh();
  if (isOutdatedOrder(orderedName(label, 'order'), opened.ledger.rewrites.all.length))
    throw usage('NOT_YET', `order ${label} is from before an expungement or a decision: order the exhibit again`);
  const known = await orderedResult(opened, label);
  if (known !== null) return known;
  const { reason: _, ...options } = await readOrder(opened, label);
  const limited = await inScopeOnly(opened);
  const sources = new ExhibitSources(limited);
  const { document, members } = await packExhibit(limited, options, sources).finally(() => sources.close());
  const { sha256, length } = measure(zipChunks(members));
  const object = orderedName(label, `zip-${toolBuild().build.slice(0, 16)}`);
  await storeZip(limited, object, { members, sha256 });
  const result = { ...{ sha256, length, object }, items: indexesOf(document), numbers: exhibitNumbers(document) };
  await storeStretchObject(opened, orderedName(label, 'done'), utf8Encode(JSON.stringify(result)));
  return (await orderedResult(opened, label)) ?? result;
}

/** The same case for somebody who holds neither what is withheld nor what is privileged. */
async function inScopeOnly({ vault, ledger, person, held, verifierKey }: Case): Promise<Case> {
  const { withheld: _, privileged: __, ...rest } = held;
  const limited = new Case({ vault, ledger, person, held: rest, verifierKey });
  await limited.applyEvents();
  return limited;
}

async function storeZip(
  opened: Case,
  name: string,
  { members, sha256 }: { readonly members: Members; readonly sha256: string },
): Promise<void> {
  const { recipient, all } = opened.held.evidence as NonNullable<Case['held']['evidence']>;
  await opened.vault.createFromStream(name, sealStream(chunks(members), [recipient]));
  // Read back, or another worker's: what stands must be this exhibit.
  const reader = await openSealedRange(opened.vault, name, all);
  const hash = createHash('sha256');
  for (let at = 0; at < reader.length; at += PIECE)
    hash.update(await reader.read(at, Math.min(PIECE, reader.length - at)));
  if (hash.digest('hex') === sha256) return;
  throw broken('STRETCH_NOT_OURS', `${name} stands and is not the exhibit that was ordered: remove it`, { name });
}

async function* chunks(members: Members): AsyncGenerator<Uint8Array> {
  yield* zipChunks(members);
}

function measure(all: Iterable<Uint8Array>): { readonly sha256: string; readonly length: number } {
  const hash = createHash('sha256');
  let length = 0;
  for (const chunk of all) {
    hash.update(chunk);
    length += chunk.length;
  }
  return { sha256: hash.digest('hex'), length };
}
