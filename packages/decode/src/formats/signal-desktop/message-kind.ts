import type { Direction, ItemKind } from '@custody/evidence';
import type { StoredRow } from './stored-row.ts';

/** What a row of `messages` is, by its `type` (null in the oldest databases, where flags tell). */
export function messageKind(row: StoredRow): { readonly kind: ItemKind; readonly direction: Direction } {
  const type = row.text('type');
  const isDeleted = row.json.deletedForEveryone === true || row.flag('isErased');
  if (type === 'incoming' || type === 'outgoing') {
    const isUpdate = row.json.group_update !== undefined || row.json.expirationTimerUpdate !== undefined;
    return { kind: isDeleted ? 'deletion' : isUpdate ? 'note' : 'message', direction: type };
  }
  if (type === 'story') return { kind: isDeleted ? 'deletion' : 'message', direction: null };
  if (type === 'call-history') return { kind: 'call', direction: 'system' };
  // Changes of groups, keys, timers and profiles: written by the app, not by a person.
  return { kind: 'note', direction: type === null ? null : 'system' };
}
