/** `associated_message_type`: 2000 and above puts a reaction, 3000 and above takes it back (iMessage, all versions). */
const NAMES = ['loved', 'liked', 'disliked', 'laughed', 'emphasized', 'questioned', 'emoji', 'sticker'] as const;

export interface Tapback {
  readonly name: string;
  readonly removed: boolean;
}

export function tapbackOf(type: number | null): Tapback | null {
  if (type === null || type < 2000 || type >= 4000) return null;
  const name = NAMES[type % 1000] ?? `type ${type}`;
  return { name, removed: type >= 3000 };
}

/** The message's own id out of `p:0/GUID` (a part of it), `bp:GUID` (a bubble), or the id alone. */
export function tapbackTarget(guid: string): string {
  return guid.slice(guid.lastIndexOf('/') + 1).replace(/^bp:/, '');
}
