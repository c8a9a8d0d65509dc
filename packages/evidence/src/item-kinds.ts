/** What an item is evidence of. Closed: a new kind is added at the end, numbers are never reused. */
export const itemKinds = [
  'message',
  'edit',
  'deletion',
  'reaction',
  'call',
  'contact',
  'account',
  'device',
  'location',
  'membership',
  'attachment',
  'note',
] as const;

export type ItemKind = (typeof itemKinds)[number];

/** Seen from the owner of the capture; null where there is no owner or the format does not say. */
export type Direction = 'incoming' | 'outgoing' | 'system' | null;
