/** Field numbers of an item leaf (packages/chain/SPEC.md section 7). */
export const itemSlot = {
  type: 1,
  locator: 2,
  messageId: 3,
  conversation: 4,
  sender: 5,
  recipients: 6,
  owner: 7,
  sentAt: 8,
  times: 9,
  body: 10,
  refs: 11,
  attachments: 12,
  authentication: 13,
  fields: 14,
  raw: 15,
} as const;

/** Field numbers of a finding leaf (packages/chain/SPEC.md section 7). */
export const findingSlot = { code: 1, class: 2, records: 3, locator: 4, related: 5, detail: 6 } as const;

export const ITEM_SLOTS = 15;
export const FINDING_SLOTS = 6;

export type ItemSlotName = keyof typeof itemSlot;
export type FindingSlotName = keyof typeof findingSlot;

/** Leaf kinds (packages/chain/SPEC.md section 3). */
export const LEAF_ITEM = 1;
export const LEAF_FINDING = 2;
