import type { Compartment, ContentCompartment } from './compartment.ts';

/** Which stretch of which derivation: the `derive` entry's index in the log, then unit and part. */
export interface SegmentKey {
  readonly derive: number;
  readonly unit: number;
  readonly part: number;
}

/** Version of everything stored. Readers accept all older ones. */
export const STORE_FORMAT = 'custody-store 1\n';
export const FORMAT_NAME = 'format';
export const COMMIT_PREFIX = 'log/commit/';
/** The log as C2SP tlog-tiles publishes it lies below this: `checkpoint`, `tile/…`. */
export const LOG_PREFIX = 'log/';
export const PUBLISHED_CHECKPOINT = 'log/checkpoint';
export const TILE_PREFIX = 'log/tile/';

/** Names give nothing away: numbers, and HMACs of capture hashes. */
export function segmentLabel({ derive, unit, part }: SegmentKey): string {
  return `${derive}/${unit}-${part}`;
}

export function leavesName(key: SegmentKey): string {
  return `leaves/${segmentLabel(key)}`;
}

export function partName(key: SegmentKey, compartment: ContentCompartment): string {
  return `segments/${segmentLabel(key)}.${compartment}`;
}

export function partSecretName(key: SegmentKey, compartment: ContentCompartment): string {
  return `secrets/segments/${segmentLabel(key)}.${compartment}`;
}

export function originalName(label: string): string {
  return `originals/${label}`;
}

export function originalSecretName(label: string): string {
  return `secrets/originals/${label}`;
}

export function commitName(size: number): string {
  return `${COMMIT_PREFIX}${size}`;
}

export function eventsName(label: string): string {
  return `events/${label}`;
}

export function compartmentKeyName(compartment: Compartment, generation: number): string {
  return `keys/${compartment}-${generation}`;
}
