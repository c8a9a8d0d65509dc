import { hexEncode } from '@custody/bytes';
import type { ItemKind } from '@custody/evidence';
import { Proto } from './proto-fields.ts';

/** What the content of a message says (`Message` of WhatsApp Web's protocol, by field number). */
export interface MessageContent {
  readonly kind: ItemKind;
  readonly text: string | null;
  readonly file: {
    readonly name: string | null;
    readonly mime: string | null;
    readonly size: number | null;
    readonly sha256: string | null;
  } | null;
  readonly refs: readonly (readonly [rel: string, id: string])[];
  readonly place: readonly [latitude: number, longitude: number] | null;
  readonly viewOnce: boolean;
  readonly mentions: readonly string[];
  /** Fields of kinds of content that have no reading here. */
  readonly unread: readonly number[];
}

const NONE: MessageContent = {
  ...{ kind: 'message', text: null, file: null, refs: [], place: null, viewOnce: false, mentions: [], unread: [] },
};

/** Messages around a message: view-once (three ways), disappearing, with a caption, edited. */
const WRAPPERS: readonly number[] = [37, 55, 59, 40, 53, 58];
const VIEW_ONCE: ReadonlySet<number> = new Set([37, 55, 59]);
const DEEPEST = 4;

/** Where kinds of files keep type, hash, length, caption and name. */
const FILES: Readonly<Record<number, { mime: number; sha: number; size: number; caption?: number; name?: number }>> = {
  3: { mime: 2, sha: 4, size: 5, caption: 3 },
  7: { mime: 2, sha: 4, size: 5, caption: 20, name: 8 },
  8: { mime: 2, sha: 3, size: 4 },
  9: { mime: 2, sha: 3, size: 4, caption: 7 },
  26: { mime: 5, sha: 2, size: 9 },
};
const READ: ReadonlySet<number> = new Set([
  1,
  4,
  5,
  6,
  12,
  46,
  49,
  60,
  64,
  ...WRAPPERS,
  ...Object.keys(FILES).map(Number),
]);
/** Keys of groups and of the device, which say nothing of a message. */
const SILENT: ReadonlySet<number> = new Set([2, 35]);

export function messageContent(message: Proto, depth = 0): MessageContent {
  for (const wrapper of WRAPPERS) {
    if (!message.has(wrapper) || depth >= DEEPEST) continue;
    const inner = messageContent(message.within(wrapper).within(1), depth + 1);
    return { ...inner, viewOnce: inner.viewOnce || VIEW_ONCE.has(wrapper) };
  }
  const unread = message.fields
    .map(({ number }) => number)
    .filter((number) => !READ.has(number) && !SILENT.has(number));
  return { ...readContent(message, depth), unread };
}

function readContent(message: Proto, depth: number): MessageContent {
  for (const [number, at] of Object.entries(FILES)) {
    if (message.has(Number(number))) return fileContent(message.within(Number(number)), at);
  }
  if (message.has(12)) return protocolContent(message.within(12), depth);
  if (message.has(46)) {
    const reaction = message.within(46);
    return { ...NONE, kind: 'reaction', text: reaction.text(2), refs: refTo('reacts-to', reaction.within(1)) };
  }
  if (message.has(5)) return placeContent(message.within(5));
  if (message.has(4)) return { ...NONE, text: message.within(4).text(16) ?? message.within(4).text(1) };
  const poll = [49, 60, 64].find((number) => message.has(number));
  if (poll !== undefined) {
    const options = message
      .within(poll)
      .all(3)
      .map((option) => new Proto(option).text(1) ?? '');
    return { ...NONE, text: [message.within(poll).text(2) ?? '', ...options].join('\n') };
  }
  const extended = message.within(6);
  return { ...NONE, text: message.text(1) ?? extended.text(1), ...contextOf(extended) };
}

function fileContent(file: Proto, at: (typeof FILES)[number]): MessageContent {
  const hash = file.bytes(at.sha);
  const said = {
    name: at.name === undefined ? null : file.text(at.name),
    mime: file.text(at.mime),
    size: file.whole(at.size),
    sha256: hash?.length === 32 ? hexEncode(hash) : null,
  };
  return { ...NONE, text: at.caption === undefined ? null : file.text(at.caption), file: said, ...contextOf(file) };
}

/** Type 0 takes a message back, 14 changes its text. */
function protocolContent(protocol: Proto, depth: number): MessageContent {
  const type = protocol.whole(2) ?? 0;
  if (type === 0) return { ...NONE, kind: 'deletion', refs: refTo('deletes', protocol.within(1)) };
  if (type !== 14 || depth >= DEEPEST) return { ...NONE, kind: 'note' };
  const edited = messageContent(protocol.within(14), depth + 1);
  return { ...edited, kind: 'edit', refs: [...refTo('edits', protocol.within(1)), ...edited.refs] };
}

function placeContent(location: Proto): MessageContent {
  const [latitude, longitude] = [location.double(1), location.double(2)];
  const words = [location.text(3), location.text(4)].filter((word) => word !== null);
  const isPlace = latitude !== null && longitude !== null && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  const text = words.length === 0 ? null : words.join('\n');
  return { ...NONE, kind: 'location', text, place: isPlace ? [latitude, longitude] : null };
}

/** Quoted message and mentioned people. */
function contextOf(content: Proto): Pick<MessageContent, 'refs' | 'mentions'> {
  const context = content.within(17);
  const quoted = context.text(1);
  const mentions = context.all(15).map((bytes) => Buffer.from(bytes).toString('utf8'));
  return { refs: quoted === null ? [] : [['reply-to', quoted]], mentions };
}

function refTo(rel: string, key: Proto): (readonly [string, string])[] {
  const id = key.text(3);
  return id === null ? [] : [[rel, id]];
}
