import { BatchWriter, dispositionCode, type LeafBatch } from '@custody/evidence';
import { type PreparedSegment, prepareSegment, type SegmentKeys, type SegmentScratch } from '@custody/segment';

/** Leaves of a segment (packages/chain/SPEC.md section 3). */
export const LEAVES = 4096;
/** As an ingest commits. */
export const SEGMENTS_A_COMMIT = 16;

/** Different items, so that a compressor does not see one segment again and again. */
export function benchBatches(): readonly LeafBatch[] {
  return [0, 1, 2, 3].map(batchOf);
}

export function benchKeys(recipient: string, secret: string): SegmentKeys {
  const to = [recipient];
  return { recipients: { evidence: to, withheld: to, privileged: to }, identities: [secret] };
}

/** What the segment of a unit is made of, and with what. */
export interface SegmentMaker {
  readonly derive: Uint8Array;
  readonly batches: readonly LeafBatch[];
  readonly keys: SegmentKeys;
  readonly scratch: SegmentScratch;
}

/** Secrets, openings, chain, tree, encoded, compressed and sealed. */
export function benchSegment(unit: number, { derive, batches, keys, scratch }: SegmentMaker): PreparedSegment {
  const batch = batches[unit % batches.length] as LeafBatch;
  const codes = new Uint8Array(batch.count).fill(dispositionCode['in-scope']);
  const decisions = { codes, rules: new Uint8Array(batch.count), names: ['all'] };
  const key = { derive: 1, unit, part: 0 };
  return prepareSegment({ key, derive, batch, from: 0, to: batch.count, decisions }, keys, { scratch });
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
