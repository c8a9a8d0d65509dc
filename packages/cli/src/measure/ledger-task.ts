import { join } from 'node:path';
import { encodeTlogProof, inclusionProof, linkLeaves, proveInSegment, segmentHeader } from '@custody/chain';
import {
  type Ledger,
  leavesName,
  openSegment,
  type PreparedSegment,
  readLeaves,
  releaseOpened,
  SegmentScratch,
  storePrepared,
  verifyPart,
} from '@custody/segment';
import { openVault, type Vault } from '@custody/vault';
import { appendSegments, commitOnThreads, type Signers, startLedger } from './commit-on-threads.ts';
import { benchBatches, benchKeys, benchSegment, LEAVES, SEGMENTS_A_COMMIT, type SegmentMaker } from './ledger-items.ts';

/** Segment entries of a log of ten million items. */
const SEGMENTS_OF_TEN_MILLION = Math.ceil(10_000_000 / LEAVES);
const PROOFS = 50;

/** How much work was done, in seconds by the clock and of processor time of the whole process. */
export interface Rate {
  readonly count: number;
  readonly wall: number;
  readonly cpu: number;
}

export interface LedgerNumbers {
  /** Secrets, openings, chain, tree, encode, compress, seal, store, commit, publish: on one thread. */
  readonly commit: Rate;
  /** The same on several threads with one sequencer, as an ingest works. */
  readonly commitOnThreads: Rate & { readonly threads: number };
  /** Chain and tree of stored leaves. */
  readonly leaves: Rate;
  /** Parts opened and every field held against its commitment. */
  readonly content: Rate;
  /** Milliseconds for one proof of an item among ten million, from stored leaves to text. */
  readonly proof: { readonly median: number; readonly slowest: number };
}

/**
 * Commits invented items of six fields with a body of 150 bytes on one thread, verifies them and takes proofs there, and
 * commits as many again on `threads` threads.
 */
export async function measureLedger(
  folder: string,
  { items, threads }: { readonly items: number; readonly threads: number },
): Promise<LedgerNumbers> {
  const commitSpread = await measureOnThreads(join(folder, 'spread'), { items, threads });
  const place = join(folder, 'one');
  const vault = await openVault(place);
  const { ledger, signers, terms } = await startLedger(place);
  const { derive, recipient, secret } = terms;
  const maker = { derive, batches: benchBatches(), keys: benchKeys(recipient, secret), scratch: new SegmentScratch() };
  const commit = await timed(() => commitAll({ vault, ledger, signers, maker }, Math.ceil(items / LEAVES)));
  const stored = await Promise.all(ledger.segments.map((segment) => vault.read(leavesName(segment))));
  const leaves = await timed(async () => {
    for (const [i, segment] of ledger.segments.entries()) {
      const { root } = linkLeaves(readLeaves(stored[i] as Uint8Array));
      if (Buffer.compare(root, segment.root) !== 0) throw new Error('a segment has another root');
    }
    return ledger.leaves;
  });
  const content = await timed(async () => {
    for (const segment of ledger.segments) {
      const opened = await openSegment(vault, ledger, segment, { evidence: [secret] });
      for (const part of opened.parts) verifyPart(opened, part);
      releaseOpened(opened);
    }
    return ledger.leaves;
  });
  return { commit, commitOnThreads: commitSpread, leaves, content, proof: await measureProofs(vault, ledger) };
}

async function timed(work: () => Promise<number>): Promise<Rate> {
  const started = performance.now();
  const before = process.cpuUsage();
  const count = await work();
  const { user, system } = process.cpuUsage(before);
  return { count, wall: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 };
}

/** From the moment when every thread is ready. */
async function measureOnThreads(
  folder: string,
  { items, threads }: { readonly items: number; readonly threads: number },
): Promise<LedgerNumbers['commitOnThreads']> {
  let started = 0;
  let before = process.cpuUsage();
  const count = await commitOnThreads(folder, {
    ...{ items, threads },
    started: () => {
      started = performance.now();
      before = process.cpuUsage();
    },
  });
  const { user, system } = process.cpuUsage(before);
  return { count, threads, wall: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 };
}

interface Bench {
  readonly vault: Vault;
  readonly ledger: Ledger;
  readonly signers: Signers;
  readonly maker: SegmentMaker;
}

async function commitAll({ vault, ledger, signers, maker }: Bench, segments: number): Promise<number> {
  let pending: PreparedSegment[] = [];
  for (let unit = 0; unit < segments; unit++) {
    pending.push(benchSegment(unit, maker));
    if (pending.length < SEGMENTS_A_COMMIT && unit < segments - 1) continue;
    const stored = (await Promise.all(pending.map((one) => storePrepared(vault, one)))).filter((one) => one !== null);
    if (stored.length < pending.length) throw new Error('the folder of the bench is not empty');
    await appendSegments(ledger, stored, signers);
    pending = [];
  }
  return ledger.leaves;
}

/** Each from the stored bytes of its segment, in a log of as many entries as ten million items make. */
async function measureProofs(vault: Vault, ledger: Ledger): Promise<LedgerNumbers['proof']> {
  const hashes = new Uint8Array((SEGMENTS_OF_TEN_MILLION + 2) * 32);
  for (let i = 0; i < hashes.length; i += 32) hashes.set(ledger.entries[i % ledger.size]?.leafHash ?? [], i);
  const times: number[] = [];
  for (let i = 0; i < PROOFS; i++) {
    const segment = ledger.segments[(i * 7) % ledger.segments.length];
    if (segment === undefined) break;
    const started = performance.now();
    const leaves = readLeaves(await vault.read(leavesName(segment)));
    const header = segmentHeader({ ...leaves, count: leaves.kinds.length });
    const proof = proveInSegment({ header, kinds: leaves.kinds }, linkLeaves(leaves).links, (i * 997) % LEAVES);
    const path = inclusionProof(hashes, (i * 49) % SEGMENTS_OF_TEN_MILLION);
    encodeTlogProof({
      index: BigInt(segment.entry),
      hashes: [...proof.hashes, ...path],
      checkpoint: ledger.checkpoint ?? '',
    });
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return { median: times[times.length >> 1] ?? 0, slowest: times.at(-1) ?? 0 };
}
