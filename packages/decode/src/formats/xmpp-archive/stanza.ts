import { bareJid } from './jid.ts';
import { NS, RETRACTIONS } from './namespaces.ts';
import { attribute, child, type XmlElement } from './xml-element.ts';

/** What a message stanza says, with sender and recipient as RFC 6120 and XEP-0280 have it. */
export interface Stanza {
  readonly from: string | null;
  readonly to: string | null;
  readonly type: string;
  readonly id: string | null;
  readonly originId: string | null;
  readonly stanzaIds: readonly { readonly by: string | null; readonly id: string }[];
  readonly body: string | null;
  readonly subject: string | null;
  readonly thread: string | null;
  /** What the message does to another, with the id of that other. */
  readonly acts: { readonly rel: 'edits' | 'deletes' | 'reacts-to'; readonly id: string } | null;
  readonly replyTo: string | null;
  readonly emojis: readonly string[];
  readonly links: readonly string[];
  readonly encrypted: XmlElement | null;
  /** A message that a user passed on, as that user presents it. */
  readonly passedOn: {
    readonly from: string | null;
    readonly to: string | null;
    readonly id: string | null;
    readonly body: string | null;
  } | null;
  /** Real JID behind a room nickname, where the room says it. */
  readonly realJid: string | null;
  readonly carbon: 'sent' | 'received' | null;
  /** Doubts about who is speaking. */
  readonly doubts: readonly string[];
  /** Local names of extensions that were not decoded. */
  readonly others: readonly string[];
}

const KNOWN = new Set([
  'body',
  'subject',
  'thread',
  'origin-id',
  'stanza-id',
  'delay',
  'replace',
  'reactions',
  'reply',
  'x',
  'forwarded',
  'encrypted',
  'retract',
  'apply-to',
  'fallback',
  'store',
]);

/**
 * Reads a stored message. `owner` is the bare JID of the account whose archive holds it; null where unknown.
 * A carbon copy counts only when it comes from the account itself (XEP-0280 section 11: others forge it).
 */
export function readStanza(element: XmlElement, owner: string | null): Stanza {
  const carbon = child(element, 'sent', NS.carbons) ?? child(element, 'received', NS.carbons);
  const inner = carbon === null ? null : innerMessage(carbon);
  if (carbon === null || inner === null) return direct(element, owner, { carbon: null, doubts: [] });
  const outer = attribute(element, 'from');
  const account = owner ?? bareJid(attribute(element, 'to') ?? '');
  if (outer !== null && bareJid(outer) !== account) {
    const doubt =
      'a carbon copy that does not come from the account itself: whoever sent it chose what stands in it, and nothing in it is taken for a message';
    return direct(element, owner, { carbon: null, doubts: [doubt] });
  }
  const kind = carbon.name === 'sent' ? 'sent' : 'received';
  return direct(inner, account, { carbon: kind, doubts: carbonDoubts(inner, kind, account) });
}

function innerMessage(holder: XmlElement): XmlElement | null {
  const forwarded = child(holder, 'forwarded', NS.forward);
  return forwarded === null ? null : child(forwarded, 'message');
}

/** What another device sent comes from the account; what it received goes to it. Never turned round, only doubted. */
function carbonDoubts(inner: XmlElement, kind: 'sent' | 'received', account: string): string[] {
  if (attribute(inner, 'type') === 'groupchat') return [];
  const side = attribute(inner, kind === 'sent' ? 'from' : 'to');
  if (side === null || bareJid(side) === account) return [];
  return [`a carbon copy marked "${kind}" whose ${kind === 'sent' ? 'sender' : 'recipient'} is not the account`];
}

function direct(
  element: XmlElement,
  owner: string | null,
  { carbon, doubts }: { carbon: Stanza['carbon']; doubts: readonly string[] },
): Stanza {
  const to = attribute(element, 'to');
  const from = attribute(element, 'from');
  const room = child(element, 'x', NS.mucUser);
  const passed = innerMessage(element);
  return {
    // RFC 6120 8.1: a client leaves out its own JID; a message without an addressee is for the account itself.
    from: from ?? (to !== null && owner !== null && bareJid(to) !== owner ? owner : null),
    to: to ?? owner,
    type: attribute(element, 'type') ?? 'normal',
    id: attribute(element, 'id'),
    originId: idOf(child(element, 'origin-id', NS.stanzaId)),
    stanzaIds: element.children
      .filter((one) => one.name === 'stanza-id' && one.ns === NS.stanzaId)
      .map((one) => ({ by: attribute(one, 'by'), id: attribute(one, 'id') ?? '' })),
    body: bodyOf(element),
    subject: child(element, 'subject')?.text ?? null,
    thread: child(element, 'thread')?.text ?? null,
    acts: actOf(element),
    replyTo: idOf(child(element, 'reply', NS.reply)),
    emojis: (child(element, 'reactions', NS.reactions)?.children ?? []).map(({ text }) => text),
    links: element.children.filter((one) => one.ns === NS.oob).flatMap((one) => child(one, 'url')?.text ?? []),
    encrypted: child(element, 'encrypted', NS.omemoLegacy) ?? child(element, 'encrypted', NS.omemo2),
    passedOn:
      passed === null
        ? null
        : {
            from: attribute(passed, 'from'),
            to: attribute(passed, 'to'),
            id: attribute(passed, 'id'),
            body: bodyOf(passed),
          },
    realJid: room === null ? null : attribute(child(room, 'item') ?? room, 'jid'),
    carbon,
    doubts,
    others: [...new Set(element.children.filter((one) => !KNOWN.has(one.name)).map(({ name }) => name))].slice(0, 16),
  };
}

/** The body without a language first, as a client shows it; the body of another namespace is none. */
function bodyOf(element: XmlElement): string | null {
  const bodies = element.children.filter(
    (one) => one.name === 'body' && (one.ns === NS.client || one.ns === element.ns),
  );
  const chosen = bodies.find((one) => ![...one.attributes.keys()].some((name) => name.endsWith(' lang'))) ?? bodies[0];
  return chosen?.text ?? null;
}

function actOf(element: XmlElement): Stanza['acts'] {
  const replaced = idOf(child(element, 'replace', NS.correct));
  if (replaced !== null) return { rel: 'edits', id: replaced };
  const reacted = idOf(child(element, 'reactions', NS.reactions));
  if (reacted !== null) return { rel: 'reacts-to', id: reacted };
  const retract = element.children.find((one) => one.name === 'retract' && RETRACTIONS.includes(one.ns));
  const applied = element.children.find(
    (one) => one.name === 'apply-to' && one.children.some(({ name }) => name === 'retract'),
  );
  const retracted = idOf(retract ?? applied ?? null);
  return retracted === null ? null : { rel: 'deletes', id: retracted };
}

function idOf(element: XmlElement | null): string | null {
  return element === null ? null : attribute(element, 'id');
}
