import { FIRST_GENERATION, type Ledger, type LoggedSegment, segmentLabel } from '@custody/segment';

/**
 * What a segment's index tile is called: by the segment, and after its `evidence` part was written anew by that
 * generation, so that nothing made from what was there before can pass for the index of what is there now.
 */
export function tileLabel(ledger: Ledger, segment: LoggedSegment): string {
  const generation = ledger.rewrites.current(segment, 'evidence', ledger.objects) ?? FIRST_GENERATION;
  return labelOf(segment, generation);
}

/** Labels of tiles made from earlier generations than the one in force. */
export function outdatedTileLabels(ledger: Ledger, segment: LoggedSegment): string[] {
  const now = ledger.rewrites.current(segment, 'evidence', ledger.objects) ?? FIRST_GENERATION;
  const earlier = ledger.rewrites.generations(segment, 'evidence').filter((generation) => generation < now);
  return earlier.map((generation) => labelOf(segment, generation));
}

function labelOf(segment: LoggedSegment, generation: number): string {
  return generation === FIRST_GENERATION ? segmentLabel(segment) : `${segmentLabel(segment)}.${generation}`;
}
