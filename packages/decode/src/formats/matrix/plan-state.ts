import type { DecodeContext } from '../../format.ts';
import type { ScratchHandle } from '../../scratch.ts';
import type { EventTerms } from './event-decoder.ts';
import { eventIdOf, type ServerKey } from './event-integrity.ts';
import type { FindMedia } from './event-source.ts';
import { type JsonObject, objectOf, textOf } from './json-value.ts';
import { KeyVerifier } from './key-verifier.ts';
import { roomVersion } from './room-version.ts';
import { SessionStore } from './session-store.ts';

/** A server's public key as plans carry it. */
export interface PlannedServerKey {
  readonly key: Uint8Array;
  readonly validUntil: number | null;
}

/** What every Matrix format hands from `prepare` to `open`. The sessions are keys and stay in scratch. */
export interface MatrixState {
  readonly sessions: ScratchHandle | null;
  /** Room version by room. */
  readonly versions: ReadonlyMap<string, string>;
  /** By `server\nkey id`. */
  readonly serverKeys: ReadonlyMap<string, PlannedServerKey>;
}

/** Rooms whose versions are remembered; each takes some 100 bytes. */
export const MOST_ROOMS = 200_000;

/** Terms for decoding events in any thread. */
export function eventTerms(state: MatrixState, context: DecodeContext, findMedia: FindMedia): EventTerms {
  const sessions = new SessionStore(state.sessions === null ? null : context.scratch.open(state.sessions));
  const keys = new Map<string, ServerKey | null>();
  return {
    sessions,
    versionOf: (room) => state.versions.get(room) ?? null,
    findServerKey: (server, keyId) => {
      const name = `${server}\n${keyId}`;
      let known = keys.get(name);
      if (known === undefined) {
        const planned = state.serverKeys.get(name);
        known = planned === undefined ? null : { key: new KeyVerifier(planned.key), validUntil: planned.validUntil };
        keys.set(name, known);
      }
      return known;
    },
    findMedia,
  };
}

/** Remembers the version that a create event gives its room. Version 1 is what an event without one means. */
export function noteRoomVersion(versions: Map<string, string>, event: JsonObject | null): void {
  if (event === null || textOf(event, 'type') !== 'm.room.create' || versions.size >= MOST_ROOMS) return;
  const name = textOf(objectOf(event, 'content'), 'room_version') ?? '1';
  const version = roomVersion(name);
  const room =
    textOf(event, 'room_id') ?? (version?.hashedRoomId === true ? `!${eventIdOf(event, version).slice(1)}` : null);
  if (room !== null && !versions.has(room)) versions.set(room, name);
}
