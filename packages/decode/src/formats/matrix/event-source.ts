import type { Locator } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { JsonObject } from './json-value.ts';

/** An event where it stands in a capture, and what stands beside it there. */
export interface FoundEvent {
  readonly event: JsonObject;
  readonly locator: Locator;
  /** The bytes of the record as found. */
  readonly raw: Uint8Array;
  /** The id that the capture states beside the event; null where only the event can tell. */
  readonly statedId: string | null;
  readonly statedRoom: string | null;
  /** Named values of the record around the event. */
  readonly fields: readonly (readonly [string, string | number | boolean])[];
  /** When the server that was seized had it, milliseconds. */
  readonly receivedAt: number | null;
  /** Its predecessors were never here: the server fetched it alone. */
  readonly isOutlier: boolean;
}

/** Media by server name and media id; null where the capture has no such file. */
export type FindMedia = (
  server: string,
  mediaId: string,
) => { readonly source: ByteSource; readonly path: string } | null;
