/** What differs between room versions for whoever checks an event (Matrix specification, "Room versions"). */
export interface RoomVersion {
  readonly name: string;
  /** v1, v2: ids are names; v3: hash in base64; v4 and later: hash in the URL-safe alphabet. */
  readonly eventIds: 'named' | 'base64' | 'base64url';
  /** Members of an event that survive redaction. */
  readonly members: ReadonlySet<string>;
  /** Members of `content` that survive redaction, by event type; `all` for a type whose content is kept whole. */
  readonly content: ReadonlyMap<string, readonly string[] | 'all'>;
  /** v11: `third_party_invite.signed` of m.room.member survives. */
  readonly keepsSignedInvite: boolean;
  /** v11: an m.room.redaction names what it redacts in its content. */
  readonly redactsInContent: boolean;
  /** v12: the room's id is the hash of its create event. */
  readonly hashedRoomId: boolean;
}

const MEMBERS = ['event_id', 'type', 'room_id', 'sender', 'state_key', 'content', 'hashes', 'signatures', 'depth'];
const MEMBERS_11: ReadonlySet<string> = new Set([...MEMBERS, 'prev_events', 'auth_events', 'origin_server_ts']);
const MEMBERS_1: ReadonlySet<string> = new Set([...MEMBERS_11, 'prev_state', 'origin', 'membership']);
const POWER = ['ban', 'events', 'events_default', 'kick', 'redact', 'state_default', 'users', 'users_default'];

const content1: ReadonlyMap<string, readonly string[] | 'all'> = new Map<string, readonly string[] | 'all'>([
  ['m.room.member', ['membership']],
  ['m.room.create', ['creator']],
  ['m.room.join_rules', ['join_rule']],
  ['m.room.power_levels', POWER],
  ['m.room.aliases', ['aliases']],
  ['m.room.history_visibility', ['history_visibility']],
]);
const content6 = new Map([...content1].filter(([type]) => type !== 'm.room.aliases'));
const content8 = new Map([...content6, ['m.room.join_rules', ['join_rule', 'allow']]]);
const content9 = new Map([...content8, ['m.room.member', ['membership', 'join_authorised_via_users_server']]]);
const content11 = new Map<string, readonly string[] | 'all'>([
  ...content9,
  ['m.room.create', 'all'],
  ['m.room.power_levels', [...POWER, 'invite']],
  ['m.room.redaction', ['redacts']],
]);

/** Room versions that the specification defines. */
export const ROOM_VERSIONS: readonly string[] = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12'];

/** The rules of a room version; null for one that the specification does not define. */
export function roomVersion(name: string): RoomVersion | null {
  if (!ROOM_VERSIONS.includes(name)) return null;
  const number = Number(name);
  const late = number >= 11;
  return {
    name,
    eventIds: number <= 2 ? 'named' : number === 3 ? 'base64' : 'base64url',
    members: late ? MEMBERS_11 : MEMBERS_1,
    content: contentOf(number),
    keepsSignedInvite: late,
    redactsInContent: late,
    hashedRoomId: number >= 12,
  };
}

function contentOf(number: number): RoomVersion['content'] {
  if (number <= 5) return content1;
  if (number <= 7) return content6;
  if (number === 8) return content8;
  return number <= 10 ? content9 : content11;
}
