import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { verifierKey } from '@custody/chain';
import { draftEvent, Ledger, type StoredSegment, signerFromSeed } from '@custody/segment';
import { generateIdentity, openVault } from '@custody/vault';
import { LEAVES, SEGMENTS_A_COMMIT } from './ledger-items.ts';

const entry = new URL(import.meta.url.endsWith('.ts') ? './commit-thread.ts' : './commit-thread.js', import.meta.url);

/** What a thread needs once; then it gets stretches of units and answers with what it stored. */
export interface CommitThreadTerms {
  readonly location: string;
  readonly derive: Uint8Array;
  readonly recipient: string;
  readonly secret: string;
}

export type Signers = Parameters<Ledger['append']>[2];

/** A log with its first entries, and who holds it; everything in it is invented. */
export async function startLedger(
  folder: string,
): Promise<{ readonly ledger: Ledger; readonly signers: Signers; readonly terms: CommitThreadTerms }> {
  const vault = await openVault(folder);
  const log = signerFromSeed(new Uint8Array(32).fill(1));
  const ledger = await Ledger.open(vault, verifierKey('bench.example/ledger', log.publicKey));
  const { recipient, secret } = generateIdentity();
  const signers = { log, actor: signerFromSeed(new Uint8Array(32).fill(2)), eventRecipients: [recipient] };
  await ledger.append([draftEvent('init', {}, { time: 0 }), draftEvent('derive', {}, { time: 0 })], [], signers);
  const derive = ledger.entries[1]?.leafHash as Uint8Array;
  return { ledger, signers, terms: { location: folder, derive, recipient, secret } };
}

/**
 * Commits items as an ingest does: threads prepare and store segments, one sequencer appends them in their order.
 * `started` is called when every thread has loaded its program. Answers with the items committed.
 */
export async function commitOnThreads(
  folder: string,
  { items, threads, started }: { readonly items: number; readonly threads: number; readonly started: () => void },
): Promise<number> {
  const { ledger, signers, terms } = await startLedger(folder);
  const workers = Array.from({ length: threads }, () => new Worker(entry, { workerData: terms }));
  const sequencer = new Sequencer(ledger, signers);
  const segments = Math.ceil(items / LEAVES);
  let next = 0;
  const feed = async (worker: Worker): Promise<void> => {
    while (next < segments) {
      const from = next;
      next = Math.min(from + SEGMENTS_A_COMMIT, segments);
      const answered = once(worker, 'message');
      worker.postMessage([from, next]);
      const [stored] = (await answered) as [readonly StoredSegment[]];
      sequencer.take(from / SEGMENTS_A_COMMIT, stored);
    }
  };
  try {
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    started();
    await Promise.all(workers.map(feed));
    await sequencer.done();
    return ledger.leaves;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** Appends stretches of segments in the order of their numbers, whichever comes first. */
class Sequencer {
  readonly #ledger: Ledger;
  readonly #signers: Signers;
  readonly #waiting = new Map<number, readonly StoredSegment[]>();
  #next = 0;
  #appending: Promise<void> = Promise.resolve();

  constructor(ledger: Ledger, signers: Signers) {
    this.#ledger = ledger;
    this.#signers = signers;
  }

  take(number: number, stored: readonly StoredSegment[]): void {
    this.#waiting.set(number, stored);
    for (let ready = this.#waiting.get(this.#next); ready !== undefined; ready = this.#waiting.get(this.#next)) {
      const batch = ready;
      this.#waiting.delete(this.#next++);
      this.#appending = this.#appending.then(() => appendSegments(this.#ledger, batch, this.#signers));
      // The failure is what done() rejects with: until then nobody waits for it.
      this.#appending.catch(() => {});
    }
  }

  async done(): Promise<void> {
    await this.#appending;
    if (this.#waiting.size > 0) throw new Error('a stretch of segments never came');
  }
}

export async function appendSegments(
  ledger: Ledger,
  stored: readonly StoredSegment[],
  signers: Signers,
): Promise<void> {
  const drafts = stored.map(({ key, count, root }) =>
    draftEvent('segment', {}, { time: 0, segment: { ...key, count, root } }),
  );
  await ledger.append(
    drafts,
    stored.flatMap(({ objects }) => objects),
    signers,
  );
}
