import { type ByteColumn, rowBytes } from '@custody/bytes';
import {
  decodeAttachments,
  decodeAuthentication,
  decodeInstant,
  decodeLocator,
  decodeLocators,
  decodeNamedFields,
  decodeParties,
  decodeParty,
  decodeRecords,
  decodeRefs,
  decodeTimes,
  decodeType,
} from './decode-fields.ts';
import { fieldInvalid } from './errors.ts';
import type { Finding, FindingClass, FindingCode } from './finding.ts';
import type { Item } from './item.ts';
import { findingSlot, itemSlot } from './slots.ts';

const lossy = new TextDecoder();

/** Item of row `row` of the item columns of a batch (not its leaf number: see LeafBatch.rows). */
export function readItem(columns: readonly ByteColumn[], row: number): Item {
  const at = (slot: number) => rowBytes(columns[slot - 1] as ByteColumn, row);
  const read = <T>(slot: number, decode: (bytes: Uint8Array) => T): T | null => {
    const bytes = at(slot);
    return bytes === null ? null : decode(bytes);
  };
  const type = read(itemSlot.type, decodeType);
  const place = read(itemSlot.locator, decodeLocator);
  if (type === null || place === null) throw fieldInvalid('item: type and locator are required');
  return {
    ...type,
    ...place,
    messageId: read(itemSlot.messageId, textOf),
    conversation: read(itemSlot.conversation, textOf),
    sender: read(itemSlot.sender, decodeParty),
    recipients: read(itemSlot.recipients, decodeParties),
    owner: read(itemSlot.owner, decodeParty),
    sentAt: read(itemSlot.sentAt, decodeInstant),
    times: read(itemSlot.times, decodeTimes),
    body: at(itemSlot.body),
    refs: read(itemSlot.refs, decodeRefs) ?? [],
    attachments: read(itemSlot.attachments, decodeAttachments) ?? [],
    authentication: read(itemSlot.authentication, decodeAuthentication),
    fields: read(itemSlot.fields, decodeNamedFields),
  };
}

/** Finding of row `row` of the finding columns of a batch. */
export function readFinding(columns: readonly ByteColumn[], row: number): Finding {
  const at = (slot: number) => rowBytes(columns[slot - 1] as ByteColumn, row);
  const code = at(findingSlot.code);
  const kind = at(findingSlot.class);
  if (code === null || kind === null) throw fieldInvalid('finding: code and class are required');
  const records = at(findingSlot.records);
  const locator = at(findingSlot.locator);
  const related = at(findingSlot.related);
  const detail = at(findingSlot.detail);
  return {
    code: textOf(code) as FindingCode,
    class: textOf(kind) as FindingClass,
    records: records === null ? null : decodeRecords(records),
    locator: locator === null ? null : decodeLocator(locator).locator,
    related: related === null ? [] : decodeLocators(related),
    detail: detail === null ? '' : textOf(detail),
  };
}

/** Bytes that are not UTF-8 show as U+FFFD here; the stored bytes stay as found. */
function textOf(bytes: Uint8Array): string {
  return lossy.decode(bytes);
}
