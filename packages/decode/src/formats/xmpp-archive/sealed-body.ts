import { utf8DecodeLossy } from '@custody/bytes';
import type { Authentication, FindingCode } from '@custody/evidence';
import { type OmemoPayload, openPayload } from '../../omemo/open-payload.ts';
import { KeyFinder, type NotFound } from '../../otr/key-finder.ts';
import { openData } from '../../otr/open-data.ts';
import { type OtrData, readOtr } from '../../otr/otr-message.ts';
import {
  CLEAR,
  OMEMO_FAILED,
  OMEMO_UNOPENED,
  OMEMO_VERIFIED,
  OTR_MAC_REVEALED,
  OTR_UNOPENED,
  OTR_VERIFIED,
} from './authentications.ts';
import { bareJid } from './jid.ts';
import { NS } from './namespaces.ts';
import { endsOf, type OtrState } from './otr-records.ts';
import type { Secrets } from './secrets.ts';
import type { Stanza } from './stanza.ts';
import { attribute, child, readElement, type XmlElement, XmlRefused } from './xml-element.ts';

/** The text of a message after what sealed it is opened, as far as the keys go. */
export interface OpenedBody {
  readonly body: Uint8Array | string | null;
  readonly authentication: Authentication;
  readonly fields: readonly (readonly [string, string | number | boolean])[];
  /** True for messages of the protocol that carry no text. */
  readonly protocol: boolean;
  /** Why the text is missing. */
  readonly lost: { readonly code: FindingCode; readonly detail: string } | null;
  readonly doubt: string | null;
  /** Records that hold earlier pieces of it. */
  readonly pieces: readonly number[];
}

const PLAIN = { fields: [], protocol: false, lost: null, doubt: null, pieces: [] } as const;

export class BodyOpener {
  readonly #otr: OtrState;
  readonly #finder: KeyFinder;
  readonly #omemo: Secrets['omemo'];

  constructor(otr: OtrState, secrets: Secrets) {
    this.#otr = otr;
    this.#omemo = secrets.omemo;
    this.#finder = new KeyFinder(otr.facts, secrets.otr);
  }

  open(stanza: Stanza, record: number, archiveId: string | null): OpenedBody {
    if (stanza.encrypted !== null) return this.#omemoBody(stanza, stanza.encrypted, archiveId);
    if (stanza.body?.startsWith('?OTR') === true) return this.#otrBody(stanza, stanza.body, record);
    return { ...PLAIN, body: stanza.body, authentication: CLEAR };
  }

  #otrBody(stanza: Stanza, text: string, record: number): OpenedBody {
    const whole = this.#otr.assembled.get(record);
    const message = readOtr(whole?.text ?? text);
    const pieces = whole?.records.filter((piece) => piece !== record) ?? [];
    if (message === null) return { ...PLAIN, body: text, authentication: CLEAR };
    const base = { ...PLAIN, body: null, authentication: OTR_UNOPENED, pieces };
    const fields: [string, string | number][] = [['otr', message.kind]];
    if (message.kind === 'malformed') {
      return {
        ...base,
        fields,
        lost: { code: 'RECORD_MALFORMED', detail: `an OTR message that cannot be read: ${message.why}` },
      };
    }
    if (message.kind === 'fragment') {
      fields.push(['otrPiece', `${message.number} of ${message.of}`]);
      const lost = {
        code: 'RECORD_MALFORMED',
        detail: 'a piece of an OTR message whose other pieces are missing or out of order',
      } as const;
      return { ...base, fields, protocol: true, lost: this.#otr.stray.has(record) ? lost : null };
    }
    if (message.kind !== 'data') return { ...base, authentication: CLEAR, fields, protocol: true };
    return this.#otrData(stanza, message, { pieces, record });
  }

  #otrData(
    stanza: Stanza,
    message: OtrData,
    { pieces, record }: { pieces: readonly number[]; record: number },
  ): OpenedBody {
    const { from, to } = endsOf(stanza.from ?? '', stanza.to ?? '');
    const fields: [string, string | number][] = [
      ['otr', 'data'],
      ['otrCounter', Buffer.from(message.counter).toString('hex')],
      ['otrRecipientKeyId', message.recipientKeyId],
      ['otrSenderKeyId', message.senderKeyId],
    ];
    const base = { ...PLAIN, body: null, authentication: OTR_UNOPENED, fields, pieces };
    const found = this.#finder.find(message, { from, to, order: record });
    if (typeof found === 'string') return { ...base, lost: unopened(found, this.#finder.hasKeys) };
    fields.push(['otrOpenedBy', found.by]);
    const revealed = this.#otr.facts.revealed.get(found.keys.macHex);
    if (revealed !== undefined) fields.push(['otrMacKeyRevealed', `by ${revealed.by}, ${revealed.place}`]);
    const { text, tlvs, rest } = openData(message, found.keys);
    if (tlvs.length > 0) fields.push(['otrTlvs', tlvs.map(({ type, length }) => `${type}:${length}`).join(' ')]);
    return {
      ...base,
      body: text.length === 0 ? null : text,
      authentication: revealed === undefined ? OTR_VERIFIED : OTR_MAC_REVEALED,
      protocol: text.length === 0,
      doubt: rest ? 'bytes behind the text of an OTR message are no whole records' : null,
    };
  }

  #omemoBody(stanza: Stanza, encrypted: XmlElement, archiveId: string | null): OpenedBody {
    const version = encrypted.ns === NS.omemo2 ? 'omemo2' : 'legacy';
    const header = child(encrypted, 'header');
    const fields: [string, string | number][] = [['omemo', version]];
    const device = header === null ? null : attribute(header, 'sid');
    if (device !== null) fields.push(['omemoSenderDevice', device]);
    const payload = child(encrypted, 'payload');
    const base = { ...PLAIN, body: null, fields, authentication: OMEMO_UNOPENED };
    // Without a payload it only carries keys (XEP-0384: key transport).
    if (payload === null) return { ...base, protocol: true };
    const iv = header === null ? null : child(header, 'iv');
    const sealed: OmemoPayload = {
      version,
      iv: iv === null ? null : base64(iv.text),
      payload: base64(payload.text) ?? new Uint8Array(),
    };
    if (base64(payload.text) === null || (iv !== null && sealed.iv === null)) {
      return { ...base, lost: { code: 'RECORD_MALFORMED', detail: 'an OMEMO payload or IV that is not base64' } };
    }
    return this.#tryKeys(stanza, sealed, { base, archiveId });
  }

  #tryKeys(
    stanza: Stanza,
    sealed: OmemoPayload,
    { base, archiveId }: { base: Omit<OpenedBody, 'doubt'>; archiveId: string | null },
  ): OpenedBody {
    const ids = [archiveId, stanza.originId, stanza.id, ...stanza.stanzaIds.map(({ id }) => id)];
    const addressed = ids.flatMap((id) => (id === null || id === '' ? [] : (this.#omemo.get(id) ?? [])));
    for (const key of [...addressed, ...(this.#omemo.get('') ?? [])]) {
      const result = openPayload(sealed, key);
      if (result.outcome === 'failed') continue;
      const opened = { ...base, authentication: OMEMO_VERIFIED, doubt: null };
      return sealed.version === 'legacy'
        ? { ...opened, body: result.plaintext }
        : fromEnvelope(opened, result.plaintext, stanza);
    }
    const tampered = addressed.length > 0;
    const detail = tampered
      ? 'an OMEMO payload does not authenticate under the message key supplied for it'
      : 'an OMEMO payload, and no message key that opens it was supplied ({"for": "omemo", "id": message id})';
    const code = tampered ? 'AUTHENTICATION_FAILED' : 'KEY_MISSING';
    return { ...base, doubt: null, authentication: tampered ? OMEMO_FAILED : OMEMO_UNOPENED, lost: { code, detail } };
  }
}

function unopened(found: NotFound, hasKeys: boolean): OpenedBody['lost'] {
  if (found === 'changed') {
    const detail =
      'the keys that an OTR message names are known, and its MAC is not theirs: it was changed, or it is of another key exchange';
    return { code: 'AUTHENTICATION_FAILED', detail };
  }
  if (found === 'too-many') {
    const detail =
      'an OTR message whose keys are announced nowhere, and more supplied exponents might be meant than are tried: give each "otr-dh" the "id" of its account';
    return { code: 'KEY_NOT_VERIFIED', detail };
  }
  if (hasKeys) {
    const detail = 'no supplied key fits the MAC of an OTR message: it is of another key, or it was changed';
    return { code: 'KEY_NOT_VERIFIED', detail };
  }
  const detail = 'an OTR message, and no key for it was supplied ({"for": "otr-dh"} or {"for": "otr-aes"})';
  return { code: 'KEY_MISSING', detail };
}

/** The body inside an envelope of XEP-0420, whose own sender must be the stanza's. */
function fromEnvelope(opened: OpenedBody, plaintext: Uint8Array, stanza: Stanza): OpenedBody {
  let envelope: XmlElement;
  try {
    envelope = readElement(utf8DecodeLossy(plaintext));
  } catch (error) {
    if (!(error instanceof XmlRefused)) throw error;
    return { ...opened, body: plaintext, doubt: 'the decrypted content is no envelope of XEP-0420' };
  }
  const content = child(envelope, 'content', NS.sce);
  const from = child(envelope, 'from', NS.sce);
  const time = child(envelope, 'time', NS.sce);
  const fields = [...opened.fields];
  if (time !== null) fields.push(['omemoEnvelopeTime', attribute(time, 'stamp') ?? '']);
  const said = from === null ? null : attribute(from, 'jid');
  const differs =
    said !== null && stanza.from !== null && bareJid(said) !== bareJid(stanza.from) && stanza.type !== 'groupchat';
  const body = content === null ? null : (child(content, 'body')?.text ?? null);
  const doubt = differs ? 'the sender inside the encrypted envelope is not the sender of the stanza' : null;
  return { ...opened, body, fields, doubt, protocol: body === null };
}

function base64(text: string): Uint8Array | null {
  const digits = text.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(digits)) return null;
  return Buffer.from(digits, 'base64');
}
