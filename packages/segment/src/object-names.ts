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
export const REWRITE_PREFIX = 'rewrites/';
/** Openings of a commit's entries, written anew under an order. */
export const OPENINGS_PREFIX = 'openings/';
/** What others say about the log: `anchors/LABEL/…`. */
export const ANCHOR_PREFIX = 'anchors/';

/** Names give nothing away: numbers, and HMACs of capture hashes. */
export function segmentLabel({ derive, unit, part }: SegmentKey): string {
  return `${derive}/${unit}-${part}`;
}

export function leavesName(key: SegmentKey): string {
  return `leaves/${segmentLabel(key)}`;
}

/** What a part is as ingest wrote it; a rewritten one bears the number of the log entry that ordered it. */
export const FIRST_GENERATION = 0;

export function partName(
  key: SegmentKey,
  compartment: ContentCompartment,
  generation: number = FIRST_GENERATION,
): string {
  return `segments/${segmentLabel(key)}.${compartment}${generationSuffix(generation)}`;
}

export function partSecretName(
  key: SegmentKey,
  compartment: ContentCompartment,
  generation: number = FIRST_GENERATION,
): string {
  return `secrets/segments/${segmentLabel(key)}.${compartment}${generationSuffix(generation)}`;
}

/** Clear statement of what an `expunge` or `dispose` entry has rewritten and destroyed. */
export function rewriteName(label: string): string {
  return `${REWRITE_PREFIX}${label}`;
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

/** An entry's number is never 0 here: entry 0 is `init`. */
function generationSuffix(generation: number): string {
  return generation === FIRST_GENERATION ? '' : `.${generation}`;
}
