import {
  encodeTlogProof,
  inclusionProof,
  linkLeaves,
  proveInSegment,
  segmentHeader,
  verifierKey,
} from '@custody/chain';
import { BatchWriter, dispositionCode, type LeafBatch } from '@custody/evidence';
import {
  draftEvent,
  Ledger,
  leavesName,
  openSegment,
  type PreparedSegment,
  prepareSegment,
  readLeaves,
  type SegmentKeys,
  SegmentScratch,
  signerFromSeed,
  storePrepared,
  verifyPart,
} from '@custody/segment';
import { generateIdentity, openVault, type Vault } from '@custody/vault';

/** Leaves of a segment (packages/chain/SPEC.md section 3). */
const LEAVES = 4096;
/** As an ingest commits. */
const SEGMENTS_A_COMMIT = 16;
/** Segment entries of a log of ten million items. */
const SEGMENTS_OF_TEN_MILLION = Math.ceil(10_000_000 / LEAVES);
const PROOFS = 50;

/** Work on one thread: how often, seconds by the clock, and seconds of processor time. */
export interface Rate {
  readonly count: number;
  readonly wall: number;
  readonly cpu: number;
}

export interface LedgerNumbers {
  /** Secrets, openings, chain, tree, encode, compress, seal, store, commit, publish. */
  readonly commit: Rate;
  /** Chain and tree of stored leaves. */
  readonly leaves: Rate;
  /** Parts opened and every field held against its commitment. */
  readonly content: Rate;
  /** Milliseconds for one proof of an item among ten million, from stored leaves to text. */
  readonly proof: { readonly median: number; readonly slowest: number };
}

/** Commits invented items of six fields with a body of 150 bytes, verifies them, and takes proofs, all in this thread. */
export async function measureLedger(folder: string, items: number): Promise<LedgerNumbers> {
  const vault = await openVault(folder);
  const log = signerFromSeed(new Uint8Array(32).fill(1));
  const ledger = await Ledger.open(vault, verifierKey('bench.example/ledger', log.publicKey));
  const holder = generateIdentity();
  const keys = keysOf(holder.recipient, holder.secret);
  const signers = { log, actor: signerFromSeed(new Uint8Array(32).fill(2)), eventRecipients: [holder.recipient] };
  await ledger.append([draftEvent('init', {}, { time: 0 }), draftEvent('derive', {}, { time: 0 })], [], signers);
  const batches = [0, 1, 2, 3].map(batchOf);
  const commit = await timed(() => commitAll({ vault, ledger, keys, signers, batches }, Math.ceil(items / LEAVES)));
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
      const opened = await openSegment(vault, ledger, segment, { evidence: [holder.secret] });
      for (const part of opened.parts) verifyPart(opened, part);
    }
    return ledger.leaves;
  });
  return { commit, leaves, content, proof: await measureProofs(vault, ledger) };
}

async function timed(work: () => Promise<number>): Promise<Rate> {
  const started = performance.now();
  const before = process.cpuUsage();
  const count = await work();
  const { user, system } = process.cpuUsage(before);
  return { count, wall: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 };
}

interface Bench {
  readonly vault: Vault;
  readonly ledger: Ledger;
  readonly keys: SegmentKeys;
  readonly signers: Parameters<Ledger['append']>[2];
  readonly batches: readonly LeafBatch[];
}

async function commitAll(bench: Bench, segments: number): Promise<number> {
  const scratch = new SegmentScratch();
  let pending: PreparedSegment[] = [];
  for (let unit = 0; unit < segments; unit++) {
    const batch = bench.batches[unit % bench.batches.length] as LeafBatch;
    const codes = new Uint8Array(batch.count).fill(dispositionCode['in-scope']);
    const derive = bench.ledger.entries[1]?.leafHash as Uint8Array;
    const decisions = { codes, rules: new Uint8Array(batch.count), names: ['all'] };
    const key = { derive: 1, unit, part: 0 };
    const input = { key, derive, batch, from: 0, to: batch.count, decisions };
    pending.push(prepareSegment(input, bench.keys, { scratch }));
    if (pending.length === SEGMENTS_A_COMMIT || unit === segments - 1) {
      await commitPending(bench, pending);
      pending = [];
    }
  }
  return bench.ledger.leaves;
}

/** Segments are stored side by side, as those of an ingest are. */
async function commitPending({ vault, ledger, signers }: Bench, pending: readonly PreparedSegment[]): Promise<void> {
  const stored = (await Promise.all(pending.map((one) => storePrepared(vault, one)))).filter((one) => one !== null);
  if (stored.length < pending.length) throw new Error('the folder of the bench is not empty');
  const drafts = stored.map(({ key, count, root }) =>
    draftEvent('segment', {}, { time: 0, segment: { ...key, count, root } }),
  );
  await ledger.append(
    drafts,
    stored.flatMap(({ objects }) => objects),
    signers,
  );
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

function keysOf(recipient: string, secret: string): SegmentKeys {
  const to = [recipient];
  return { recipients: { evidence: to, withheld: to, privileged: to }, identities: [secret] };
}

/** Six fields: type, locator, message id, conversation, sender, body; the other nine keep their places, empty. */
function batchOf(number: number): LeafBatch {
  const writer = new BatchWriter();
  const sender = writer.party('phone', '+447700900123');
  for (let i = 0; i < LEAVES; i++) {
    writer.begin('message', 'bench', 'incoming');
    writer.locator({ path: 'bench', offset: i * 400, length: 400, row: i });
    writer.messageId(`m-${number}-${i}`);
    writer.conversation(`c-${i % 97}`);
    writer.sender(sender);
    writer.body(bodyOf(number * LEAVES + i));
    writer.end();
  }
  return writer.batch();
}

function bodyOf(i: number): string {
  const words = ['harbour', 'thursday', 'parcel', 'number', 'usual', 'place', 'call', 'noon', 'bring', 'later'];
  let text = `message ${i}`;
  for (let k = i; text.length < 150; k = (k * 31 + 7) % 100_003) text += ` ${words[k % words.length]}`;
  return text.slice(0, 150);
}
