import { equalBytes, rowBytes } from '@custody/bytes';
import { fieldDigest, ITEM_KIND, ITEM_RAW_FIELD, SEGMENT_LEAVES_MAX } from '@custody/chain';
import { itemSlot, LEAF_ITEM, type LeafBatch } from '@custody/evidence';
import { type LoggedSegment, openerOf, openSegment } from '@custody/segment';
import type { CaseCapture } from './case-state.ts';
import { broken } from './errors.ts';
import { derivationsOf, sourceIdentities } from './expunge-selection.ts';
import { closePrepared } from './ingest.ts';
import type { Case } from './open-case.ts';
import { prepareAgain } from './prepare-again.ts';
import { Redecoding } from './redecoding.ts';

/** A segment with the source records of its items, by position; items without any have none. */
export interface SegmentRecords {
  readonly segment: LoggedSegment;
  readonly raw: ReadonlyMap<number, Uint8Array>;
}

/** Source records of every segment of a capture, from its sealed original, derivation by derivation. */
export async function* recordsOfCapture(opened: Case, { sha256 }: CaseCapture): AsyncGenerator<SegmentRecords> {
  for (const derivation of derivationsOf(opened, sha256)) {
    const segments = opened.ledger.segments.filter(({ derive }) => derive === derivation.entry);
    const byUnit = Map.groupBy(segments, ({ unit }) => unit);
    const { prepared, keys } = await prepareAgain(opened, derivation);
    const decoding = new Redecoding(prepared, keys);
    try {
      for (const { number, batch } of decoding.all()) {
        for (const segment of byUnit.get(number) ?? []) yield { segment, raw: rawOf(batch, segment) };
      }
    } finally {
      decoding.close();
      await closePrepared(prepared);
    }
  }
}

function rawOf(batch: LeafBatch, { part, count }: LoggedSegment): Map<number, Uint8Array> {
  const column = batch.items[itemSlot.raw - 1];
  const out = new Map<number, Uint8Array>();
  if (column === undefined) return out;
  const from = part * SEGMENT_LEAVES_MAX;
  for (let leaf = from; leaf < Math.min(from + count, batch.count); leaf++) {
    if (batch.kinds[leaf] !== LEAF_ITEM) continue;
    const bytes = rowBytes(column, batch.rows[leaf] as number);
    if (bytes !== null) out.set(leaf - from, bytes.slice());
  }
  return out;
}

/**
 * Makes sure, before anything is destroyed, that the source records of all items but those that go come out of the
 * original exactly as they were committed. Throws IntegrityError RAW_NOT_REPRODUCED.
 */
export async function checkRawRecords(
  opened: Case,
  captures: readonly CaseCapture[],
  going: ReadonlySet<number>,
): Promise<void> {
  for (const capture of captures) {
    const expected = new Set(
      derivationsOf(opened, capture.sha256).flatMap(({ entry }) =>
        opened.ledger.segments.filter(({ derive }) => derive === entry).map(({ ordinal }) => ordinal),
      ),
    );
    for await (const one of recordsOfCapture(opened, capture)) {
      await checkSegment(opened, one, going);
      expected.delete(one.segment.ordinal);
    }
    if (expected.size > 0) throw notReproduced(`${expected.size} segment(s) do not come out any more`);
  }
}

async function checkSegment(opened: Case, { segment, raw }: SegmentRecords, going: ReadonlySet<number>): Promise<void> {
  const read = await openSegment(opened.vault, opened.ledger, segment, sourceIdentities(opened));
  for (const part of read.parts) {
    const opener = openerOf(part);
    for (const [row, position] of part.content.itemPositions.entries()) {
      const index = segment.first + position;
      if (going.has(index)) continue;
      const salt = opener.saltOf({ kind: ITEM_KIND, row }, ITEM_RAW_FIELD);
      const digest = fieldDigest({ number: ITEM_RAW_FIELD, salt, value: raw.get(position) ?? null });
      if (!equalBytes(digest, part.content.rawDigests.subarray(row * 32, row * 32 + 32)))
        throw notReproduced(`item ${index} is the first whose source records do not`);
    }
  }
}

function notReproduced(what: string): Error {
  return broken(
    'RAW_NOT_REPRODUCED',
    `the sealed original does not give again what was committed: ${what}. It is the only copy of the source records, so it is not destroyed; use the build that made the derivation`,
  );
}
