/**
 * What `action_type` of a message of the app itself means, as published studies and viewers of the app agree; the number
 * stays beside the words. Numbers that they disagree about have no words.
 */
const EVENTS: ReadonlyMap<number, string> = new Map([
  [1, 'group subject changed'],
  [4, 'joined or was added'],
  [5, 'left the group'],
  [6, 'group picture changed'],
  [7, 'owner removed from the group'],
  [10, 'number changed'],
  [11, 'group created'],
  [12, 'members added'],
  [14, 'members removed'],
  [15, 'made an administrator'],
  [18, 'security code changed'],
  [19, 'end-to-end encryption noted'],
  [20, 'joined by an invitation link'],
  [27, 'group description changed'],
]);

export function systemEvent(action: number | null): string | null {
  return action === null ? null : (EVENTS.get(action) ?? null);
}
