export { type Authority, type AuthorityUse, readAuthority } from './authority.ts';
export { endOf, isAuthorityTime, startOf, typedTime } from './authority-time.ts';
export { BatchWriter } from './batch-writer.ts';
export type { Capture, Receipt } from './capture.ts';
export { compileOnce } from './compile-once.ts';
export { type ContentClass, classesOfKind, contentClasses } from './content-class.ts';
export {
  decodeAttachments,
  decodeAuthentication,
  decodeInstant,
  decodeLocator,
  decodeLocators,
  decodeNamedFields,
  decodeParties,
  decodeParty,
  decodeRaw,
  decodeRecords,
  decodeRefs,
  decodeTimes,
  decodeType,
} from './decode-fields.ts';
export { compartmentOf, type Disposition, dispositionCode, dispositions } from './disposition.ts';
export type { EvidenceErrorCode } from './errors.ts';
export {
  type ExpungementMode,
  type ExpungementOrder,
  expungementModes,
  expungementOrderSchema,
  orderedEvents,
  orderedItems,
  readExpungementOrder,
} from './expungement-order.ts';
export { factsOf } from './facts-of.ts';
export { type Finding, type FindingClass, type FindingCode, findingCodes } from './finding.ts';
export type {
  Attachment,
  Authentication,
  Clock,
  Instant,
  InstantStatement,
  Item,
  Party,
  Precision,
  Ref,
} from './item.ts';
export { type Direction, type ItemKind, itemKinds } from './item-kinds.ts';
export type { BatchFacts, LeafBatch } from './leaf-batch.ts';
export type { Locator } from './locator.ts';
export { type PartyId, PartyTable } from './party-table.ts';
export { readFinding, readItem } from './read-leaf.ts';
export { type Decisions, ScopeRule } from './scope-rule.ts';
export {
  FINDING_SLOTS,
  type FindingSlotName,
  findingSlot,
  ITEM_SLOTS,
  type ItemSlotName,
  itemSlot,
  LEAF_FINDING,
  LEAF_ITEM,
} from './slots.ts';
export { withinAnyZone } from './wall-clock.ts';
