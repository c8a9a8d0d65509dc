import { BatchWriter, type Decisions, type Disposition, dispositionCode, type LeafBatch } from '@custody/evidence';
import { generateIdentity } from '@custody/vault';
import type { SegmentInput } from '../build-segment.ts';
import type { SegmentKeys } from '../store-segment.ts';

const order: readonly Disposition[] = ['in-scope', 'out-of-scope', 'privileged', 'undecided'];

/** A batch of `items` invented messages with a finding after every seventh. */
export function sampleBatch(items: number, seed = 'text'): LeafBatch {
  const writer = new BatchWriter();
  const encoder = new TextEncoder();
  for (let i = 0; i < items; i++) {
    writer.begin('message', 'sample', i % 2 === 0 ? 'incoming' : 'outgoing');
    writer.locator({ path: 'dump!gcm', offset: i * 100, length: 100, row: i });
    writer.messageId(`m-${i}`);
    if (i % 3 === 0) writer.sender(writer.party('phone', `+4477009000${i % 10}`));
    const raw = encoder.encode(`${seed} ${i} ${'word '.repeat(i % 40)}`);
    writer.bodyBytes(raw);
    writer.raw(raw);
    writer.end();
    if (i % 7 === 6) {
      const locator = { path: 'dump', offset: i, length: 1, row: null };
      writer.finding({ code: 'DUPLICATE', class: 'doubt', records: 1, locator, related: [], detail: 'twice' });
    }
  }
  return writer.batch();
}

/** Every disposition in turn. */
export function sampleDecisions(items: number): Decisions {
  const codes = Uint8Array.from({ length: items }, (_, i) => dispositionCode[order[i % 4] as Disposition]);
  return { codes, rules: codes, names: order.map((name) => `rule of ${name}`) };
}

export function sampleInput(batch: LeafBatch, items: number): SegmentInput {
  const key = { derive: 3, unit: 1, part: 0 };
  const derive = new Uint8Array(32).fill(7);
  return { key, derive, batch, from: 0, to: batch.count, decisions: sampleDecisions(items) };
}

export interface SampleKeys extends SegmentKeys {
  /** Secret identity of each compartment. */
  readonly held: Readonly<Record<'evidence' | 'withheld' | 'privileged', readonly string[]>>;
}

export function sampleKeys(): SampleKeys {
  const source = generateIdentity();
  const of = { evidence: generateIdentity(), withheld: generateIdentity(), privileged: generateIdentity() };
  const to = (name: keyof typeof of) => [of[name].recipient, source.recipient];
  return {
    recipients: { evidence: to('evidence'), withheld: to('withheld'), privileged: to('privileged') },
    identities: [source.secret],
    held: { evidence: [of.evidence.secret], withheld: [of.withheld.secret], privileged: [of.privileged.secret] },
  };
}
