import { type Json, type JsonObject, objectOf, textOf } from './json-value.ts';
import type { RoomVersion } from './room-version.ts';

/** What the redaction algorithm of a room version leaves of an event ("Redactions" in each room version). */
export function redactEvent(event: JsonObject, version: RoomVersion): JsonObject {
  const kept: [string, Json][] = [];
  for (const name of Object.keys(event)) {
    if (!version.members.has(name)) continue;
    kept.push([name, name === 'content' ? contentOf(event, version) : (event[name] as Json)]);
  }
  return Object.fromEntries(kept);
}

function contentOf(event: JsonObject, version: RoomVersion): JsonObject {
  const content = objectOf(event, 'content');
  const type = textOf(event, 'type') ?? '';
  const names = version.content.get(type);
  if (content === null || names === undefined) return {};
  if (names === 'all') return content;
  const kept: [string, Json][] = names
    .filter((name) => Object.hasOwn(content, name))
    .map((name) => [name, content[name] as Json]);
  if (version.keepsSignedInvite && type === 'm.room.member') {
    const signed = objectOf(content, 'third_party_invite')?.signed;
    if (signed !== undefined) kept.push(['third_party_invite', { signed }]);
  }
  return Object.fromEntries(kept);
}
