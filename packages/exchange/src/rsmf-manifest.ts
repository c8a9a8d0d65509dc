import type { Party } from '@custody/evidence';
import type { ExchangeItem } from './exchange-item.ts';
import { attachmentText, bodyText, isoTime, partiesOf, partyKey, partyLabel } from './item-text.ts';

/** `rsmf_manifest.json` (schema 2.0.0 of Relativity). Names of members are theirs. */
export interface RsmfManifest {
  readonly version: '2.0.0';
  readonly participants: readonly RsmfParticipant[];
  readonly conversations: readonly RsmfConversation[];
  readonly events: readonly RsmfEvent[];
}

export interface RsmfParticipant {
  readonly id: string;
  readonly display: string;
  readonly email?: string;
  readonly account_id: string;
}

export interface RsmfConversation {
  readonly id: string;
  readonly platform: string;
  readonly participants: readonly string[];
  readonly display?: string;
  readonly type: 'direct' | 'channel';
  readonly custodian?: string;
}

export interface RsmfEvent {
  readonly type: 'message' | 'unknown';
  readonly id: string;
  readonly parent?: string;
  readonly body?: string;
  readonly participant?: string;
  readonly conversation: string;
  readonly timestamp?: string;
  readonly direction?: 'incoming' | 'outgoing';
  readonly custom: readonly { readonly name: string; readonly value: string }[];
}

/** More parties than this are no talk between two. */
const DIRECT = 2;

/**
 * The manifest of one slice, whose items are of one conversation. Every item is an event of its own: an edit, reaction
 * or deletion is an `unknown` event whose parent is the message it changes, so that nothing is merged and each keeps its
 * leaf. A parent outside the slice is named in `custom` only, because the schema wants it inside.
 */
export function rsmfManifest(slice: readonly ExchangeItem[]): RsmfManifest {
  const ids = new Map<string, string>();
  const participants: RsmfParticipant[] = [];
  for (const one of slice)
    for (const party of partiesOf(one))
      if (!ids.has(partyKey(party))) {
        const id = `P${ids.size + 1}`;
        ids.set(partyKey(party), id);
        participants.push(participant(id, party));
      }
  const events = new Map<string, string>();
  for (const { item, index } of slice) if (item.messageId !== null) events.set(item.messageId, String(index));
  return {
    version: '2.0.0',
    participants,
    conversations: [conversation(slice, ids)],
    events: slice.map((one) => event(one, { ids, events })),
  };
}

function participant(id: string, party: Party): RsmfParticipant {
  const email = party.type === 'email' && /^[^@\s]+@[^@\s]+$/.test(party.value) ? { email: party.value } : {};
  return { id, display: partyLabel(party), ...email, account_id: partyKey(party) };
}

function conversation(slice: readonly ExchangeItem[], ids: ReadonlyMap<string, string>): RsmfConversation {
  const first = slice[0] as ExchangeItem;
  const { owner, platform, conversation: name } = first.item;
  const custodian = owner === null ? undefined : ids.get(partyKey(owner));
  return {
    ...{ id: 'C1', platform, participants: [...ids.values()] },
    ...(name !== null && { display: name }),
    type: ids.size > DIRECT ? 'channel' : 'direct',
    ...(custodian !== undefined && { custodian }),
  };
}

interface SliceIds {
  readonly ids: ReadonlyMap<string, string>;
  /** Event ids by native message id. */
  readonly events: ReadonlyMap<string, string>;
}

function event(one: ExchangeItem, { ids, events }: SliceIds): RsmfEvent {
  const { item, index } = one;
  const body = bodyText(one);
  const timestamp = isoTime(item.sentAt);
  const sender = item.sender === null ? undefined : ids.get(partyKey(item.sender));
  const parent = item.refs.map((ref) => events.get(ref.id)).find((id) => id !== undefined && id !== String(index));
  return {
    type: item.kind === 'message' ? 'message' : 'unknown',
    id: String(index),
    ...(parent !== undefined && { parent }),
    ...(body !== null && { body }),
    ...(sender !== undefined && { participant: sender }),
    conversation: 'C1',
    ...(timestamp !== null && { timestamp }),
    ...((item.direction === 'incoming' || item.direction === 'outgoing') && { direction: item.direction }),
    custom: custom(one).filter(({ value }) => value !== ''),
  };
}

function custom({ index, leaf, capture, item, withheld }: ExchangeItem): { name: string; value: string }[] {
  return [
    { name: 'custody.item', value: String(index) },
    { name: 'custody.leaf', value: leaf },
    { name: 'custody.capture', value: capture },
    { name: 'custody.kind', value: item.kind },
    { name: 'custody.messageId', value: item.messageId ?? '' },
    { name: 'custody.sentAtRaw', value: item.sentAt?.raw ?? '' },
    { name: 'custody.recipients', value: (item.recipients ?? []).map(partyKey).join(', ') },
    ...item.refs.map(({ rel, id }) => ({ name: `custody.${rel}`, value: id })),
    ...item.attachments.map((one) => ({ name: 'custody.attachment', value: attachmentText(one) })),
    { name: 'custody.withheld', value: withheld.join(', ') },
  ];
}
