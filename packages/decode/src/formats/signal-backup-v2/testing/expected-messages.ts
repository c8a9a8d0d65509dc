import type { Item } from '@custody/evidence';
import type { Twin, TwinBlock } from './read-twin.ts';

type Block = Readonly<Record<string, Twin>>;

/** What a chat item must come to, told from the readable twin alone. */
export interface Expected {
  readonly kind: Item['kind'];
  readonly messageId: string | null;
  readonly direction: Item['direction'];
  readonly sender: string;
  /** The first one; every group stands for `group`. */
  readonly recipient: string;
  /** When it was received, and when the server had it. */
  readonly times: string;
  readonly sent: bigint | null;
  readonly body: string | null;
  readonly refs: readonly string[];
  readonly attachments: readonly string[];
}

/** The same of an item. */
export function summaryOf(item: Item): Expected {
  return {
    kind: item.kind,
    messageId: item.kind === 'reaction' ? null : item.messageId,
    direction: item.direction,
    sender: item.sender?.value ?? '',
    recipient: item.recipients?.[0]?.type === 'signal-group' ? 'group' : (item.recipients?.[0]?.value ?? ''),
    times: `${item.times?.get('received')?.raw} ${item.times?.get('server')?.raw}`,
    sent: item.sentAt === null ? null : BigInt(item.sentAt.raw),
    body: item.body === null ? null : new TextDecoder().decode(item.body),
    refs: item.refs.filter(({ rel }) => rel !== 'member-of').map(({ rel, id }) => `${rel} ${id}`),
    attachments: item.attachments.map(({ mime, sha256 }) => `${mime} ${sha256}`),
  };
}

const MESSAGES = [
  ...['standardMessage', 'contactMessage', 'stickerMessage', 'paymentNotification', 'giftBadge', 'viewOnceMessage'],
  ...['directStoryReplyMessage', 'poll', 'remoteDeletedMessage', 'adminDeletedMessage'],
];

/** Every item of every chat item of a case, in order. */
export function expectedItems(blocks: readonly TwinBlock[], own: string): Expected[] {
  const people = new Map<Twin, string>();
  const chats = new Map<Twin, string>();
  const expected: Expected[] = [];
  for (const { fields } of blocks) {
    const recipient = fields.recipient as Block | undefined;
    if (recipient !== undefined) people.set(recipient.id as bigint, partyValueOf(recipient, own));
    const chat = fields.chat as Block | undefined;
    if (chat !== undefined) chats.set(chat.id as bigint, people.get(chat.recipientId as bigint) ?? '?');
    const item = fields.chatItem as Block | undefined;
    if (item === undefined) continue;
    const other = chats.get(item.chatId as bigint) ?? '?';
    const who = (id: Twin | undefined) => people.get(id ?? 0n) ?? '?';
    for (const one of ofChatItem(item, who, own)) {
      const recipient = one.kind === 'reaction' ? '' : other === 'group' || one.sender === own ? other : own;
      expected.push({ ...one, recipient });
    }
  }
  return expected;
}

function partyValueOf(recipient: Block, own: string): string {
  const contact = recipient.contact as Block | undefined;
  if (recipient.self !== undefined) return own;
  if (recipient.group !== undefined) return 'group';
  if (contact === undefined) return String(recipient.id);
  if (contact.e164 !== undefined) return `+${contact.e164}`;
  const hex = String(contact.aci ?? contact.pni).slice(1, -1);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Without the recipient, which the chat tells. */
type Said = Omit<Expected, 'recipient'>;
type Who = (id: Twin | undefined) => string;

function ofChatItem(item: Block, who: Who, own: string): Said[] {
  if (item.updateMessage !== undefined) return ofUpdate(item, item.updateMessage as Block, who);
  const versions = [...((item.revisions ?? []) as readonly Block[]), item];
  const first = String(versions[0]?.dateSent);
  const all = versions.map((version, i) => ofVersion(version, i === 0 ? null : first, who));
  const content = item[MESSAGES.find((name) => item[name] !== undefined) ?? ''] as Block;
  const answer = (by: string, body: Twin | undefined, rel: string, sent: Twin | undefined): Said => ({
    ...{ kind: 'reaction', messageId: null, direction: by === own ? 'outgoing' : 'incoming', sender: by },
    ...{ sent: (sent ?? null) as bigint | null, body: body as string },
    ...{ refs: [`${rel} ${item.dateSent}`], attachments: [], times: 'undefined undefined' },
  });
  for (const one of (content.reactions ?? []) as readonly Block[])
    all.push(answer(who(one.authorId), one.emoji, 'reacts-to', one.sentTimestamp));
  for (const option of (content.options ?? []) as readonly Block[])
    for (const vote of (option.votes ?? []) as readonly Block[])
      all.push(answer(who(vote.voterId), option.option, 'votes-in', undefined));
  return all;
}

function ofVersion(item: Block, edits: string | null, who: Who): Said {
  const name = MESSAGES.find((one) => item[one] !== undefined) ?? '';
  const content = item[name] as Block;
  const isDeletion = name.endsWith('DeletedMessage');
  const reply = content.textReply as Block | undefined;
  const text = (content.text ?? reply?.text) as Block | undefined;
  const body = (text?.body ?? content.question ?? content.note ?? content.emoji ?? '') as string;
  const quoted = (content.quote as Block | undefined)?.targetSentTimestamp;
  return {
    kind: isDeletion ? 'deletion' : edits === null ? 'message' : 'edit',
    messageId: String(item.dateSent),
    direction: directionOf(item),
    sender: who(item.authorId),
    times: timesOf(item),
    sent: item.dateSent as bigint,
    body: body === '' ? null : body,
    refs: [
      ...(edits === null ? [] : [`edits ${edits}`]),
      ...(isDeletion ? [`deletes ${item.dateSent}`] : []),
      ...(quoted === undefined ? [] : [`reply-to ${quoted}`]),
    ],
    attachments: pointersIn(content).map(shown),
  };
}

function timesOf(item: Block): string {
  const { dateReceived, dateServerSent } = (item.incoming ?? item.outgoing ?? {}) as Block;
  return `${dateReceived} ${dateServerSent}`;
}

function directionOf(item: Block): Item['direction'] {
  if (item.incoming !== undefined) return 'incoming';
  return item.outgoing === undefined ? 'system' : 'outgoing';
}

/** Every block that has the look of a pointer, wherever it stands; answers hold none. */
function pointersIn(value: Twin): Block[] {
  if (Array.isArray(value)) return (value as readonly Twin[]).flatMap(pointersIn);
  if (typeof value !== 'object') return [];
  const block = value as Block;
  return block.locatorInfo === undefined ? Object.values(block).flatMap(pointersIn) : [block];
}

function shown(pointer: Block): string {
  const hash = String((pointer.locatorInfo as Block).plaintextHash ?? '<>').slice(1, -1);
  return `${pointer.contentType === undefined || pointer.contentType === '' ? null : pointer.contentType} ${hash === '' ? null : hash}`;
}

const ABOUT_MEMBERS =
  /^(?:self|groupMember(?!ship|Label)|groupUnknownInvitee|groupInvitation|groupJoin|groupSelf|groupAdminStatus|groupV2Migration(?:Self|Invited)|groupSequence)/;

function ofUpdate(item: Block, update: Block, who: Who): Said[] {
  const [name = ''] = Object.keys(update);
  const inner = update[name] as Block;
  const base = {
    ...{ messageId: String(item.dateSent), sender: who(item.authorId), sent: item.dateSent as bigint },
    ...{ body: null, refs: [], attachments: [], times: timesOf(item) },
    direction: 'system' as const,
  };
  if (name === 'groupChange') {
    return ((inner.updates ?? []) as readonly Block[]).map((change) => {
      const [what = ''] = Object.keys(change);
      const { newGroupName, newDescription } = change[what] as Block;
      const kind = ABOUT_MEMBERS.test(what) ? 'membership' : 'note';
      const body = (newGroupName ?? newDescription ?? '') as string;
      return { ...base, kind, body: body === '' ? null : body } as const;
    });
  }
  const target = inner.targetSentTimestamp;
  if (name === 'pollTerminate')
    return [{ ...base, kind: 'note', body: inner.question as string, refs: [`ends ${target}`] }];
  if (name === 'pinMessage') return [{ ...base, kind: 'note', refs: [`pins ${target}`] }];
  if (name === 'individualCall') {
    const direction = inner.direction === 'Direction.OUTGOING' ? 'outgoing' : 'incoming';
    return [{ ...base, kind: 'call', direction }];
  }
  if (name !== 'groupCall') return [{ ...base, kind: 'note' }];
  const by = (inner.ringerRecipientId ?? inner.startedCallRecipientId) as bigint | undefined;
  const isOwn = inner.state === 'State.OUTGOING_RING' || by === 1n;
  return [{ ...base, kind: 'call', direction: isOwn ? 'outgoing' : by === undefined ? null : 'incoming' }];
}
