import type { ItemKind } from './item-kinds.ts';

/** Classes that an authority may name under `contentClasses`. */
export const contentClasses = [
  'messages',
  'calls',
  'contacts',
  'accounts',
  'devices',
  'locations',
  'memberships',
  'attachments',
  'notes',
] as const;

export type ContentClass = (typeof contentClasses)[number];

const classes: Readonly<Record<ItemKind, ContentClass>> = {
  message: 'messages',
  edit: 'messages',
  deletion: 'messages',
  reaction: 'messages',
  call: 'calls',
  contact: 'contacts',
  account: 'accounts',
  device: 'devices',
  location: 'locations',
  membership: 'memberships',
  attachment: 'attachments',
  note: 'notes',
};

/** The content class that an item of this kind belongs to: what changes a message is a message. */
export function classesOfKind(kind: ItemKind): ContentClass {
  return classes[kind];
}

/** Reads `messages` or its singular `message`; null for a class that does not exist. */
export function readContentClass(text: string): ContentClass | null {
  const plural = text.endsWith('s') ? text : `${text}s`;
  return contentClasses.find((name) => name === plural) ?? null;
}
