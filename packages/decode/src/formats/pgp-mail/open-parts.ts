import { sha256Hex } from '@custody/bytes';
import type { Attachment } from '@custody/evidence';
import { readArmor } from '../../openpgp/armor.ts';
import { judged, readClearSigned } from '../../openpgp/clear-signed.ts';
import type { Keyring } from '../../openpgp/keyring.ts';
import { type OpenedMessage, openMessage } from '../../openpgp/open-message.ts';
import { type MimePart, partText, readMime } from './mime-part.ts';

/** What a message holds after everything that could be opened is open. */
export interface OpenedMail {
  readonly text: string | null;
  /** Set where the only text is HTML, as it stands. */
  readonly isHtml: boolean;
  /** Pieces of the text that no message sealed or signed, where another piece is; empty in mail that is all in clear. */
  readonly inClear: readonly string[];
  readonly attachments: readonly Attachment[];
  readonly messages: readonly OpenedMessage[];
  readonly unknownCharsets: ReadonlySet<string>;
  /** Texts signed in clear or in parts of their own, which are not judged. */
  readonly unjudged: number;
}

/** Messages inside messages that are opened one by one. */
const MOST_MESSAGES = 256;

/** Opens PGP/MIME (RFC 3156) and inline blocks, in the parts of a message and in what they hold. */
export function openMail(part: MimePart, ring: Keyring): OpenedMail {
  const opening = new Opening(ring);
  opening.read(part);
  return opening.result();
}

class Opening {
  readonly #ring: Keyring;
  readonly #plain: string[] = [];
  readonly #html: string[] = [];
  readonly #attachments: Attachment[] = [];
  readonly #messages: OpenedMessage[] = [];
  readonly #unknown = new Set<string>();
  #unjudged = 0;
  /** Texts that stand in clear, where some part of the mail does not. */
  readonly #clear = { plain: [] as string[], html: [] as string[] };
  /** Above zero inside of what a message sealed or a signature covers. */
  #covered = 0;

  constructor(ring: Keyring) {
    this.#ring = ring;
  }

  result(): OpenedMail {
    const isHtml = this.#plain.length === 0 && this.#html.length > 0;
    const texts = isHtml ? this.#html : this.#plain;
    return {
      text: texts.length === 0 ? null : texts.join('\n'),
      isHtml,
      inClear: this.#messages.length === 0 ? [] : isHtml ? this.#clear.html : this.#clear.plain,
      attachments: this.#attachments,
      messages: this.#messages,
      unknownCharsets: this.#unknown,
      unjudged: this.#unjudged,
    };
  }

  read(part: MimePart): void {
    for (const name of part.headers.unknownCharsets) this.#unknown.add(name);
    if (part.type === 'multipart/encrypted') this.#encrypted(part);
    else if (part.parts.length > 0) {
      const isSigned = part.type === 'multipart/signed';
      if (isSigned) this.#signed(part);
      for (const [at, one] of part.parts.entries())
        if (one.type !== 'application/pgp-signature') this.#inside(isSigned && at === 0, one);
    } else if (part.disposition === 'attachment' || !part.type.startsWith('text/')) this.#file(part);
    else this.#text(part);
  }

  /** RFC 3156 section 4: a part that says "Version: 1", then the message. */
  #encrypted(part: MimePart): void {
    const sealed = part.parts.find(({ type }) => type !== 'application/pgp-encrypted') ?? part.parts[0];
    const opened = sealed === undefined ? null : this.#open(messageBytes(sealed.content));
    if (opened?.literal == null) return;
    this.#inside(true, readMime(opened.literal.data));
  }

  #inside(isCovered: boolean, part: MimePart): void {
    if (isCovered) this.#covered++;
    this.read(part);
    if (isCovered) this.#covered--;
  }

  /** Notes what stands in clear, and gives it back. */
  #stands(piece: string, into: 'plain' | 'html' = 'plain'): string {
    if (this.#covered === 0 && piece.trim() !== '') this.#clear[into].push(piece.trim());
    return piece;
  }

  /** RFC 3156 section 5: the first part with its line ends as CR LF is what was signed. */
  #signed({ parts: [content, signature] }: MimePart): void {
    if (content === undefined || signature?.type !== 'application/pgp-signature') {
      this.#unjudged++;
      return;
    }
    const signed = Buffer.from(Buffer.from(content.raw).toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1');
    const armour = Buffer.from(signature.content).toString('latin1');
    this.#messages.push(judged(armour, { shown: new Uint8Array(), signed, ring: this.#ring }));
  }

  #text(part: MimePart): void {
    const text = partText(part, this.#unknown);
    const into = part.type === 'text/html' ? this.#html : this.#plain;
    if (part.type === 'text/plain' && text.includes('-----BEGIN PGP ')) into.push(...this.#inline(text));
    else into.push(this.#stands(text.replace(/\r\n/g, '\n'), part.type === 'text/html' ? 'html' : 'plain'));
  }

  /** Text with each armoured message replaced by what it holds; a message that stays closed leaves a gap. */
  #inline(text: string): string[] {
    const signed = readClearSigned(text, this.#ring);
    if (signed !== null) {
      this.#messages.push(signed.message);
      const shown = Buffer.from(signed.message.literal?.data ?? []).toString();
      const around = (piece: string): string => this.#stands(piece.trim());
      return [around(text.slice(0, signed.start)), shown, around(text.slice(signed.end))].filter(
        (piece) => piece !== '',
      );
    }
    const blocks = readArmor(text).filter(({ kind }) => kind === 'MESSAGE' || kind.startsWith('MESSAGE,'));
    if (blocks.length === 0) return [this.#stands(text.replace(/\r\n/g, '\n'))];
    let from = 0;
    const pieces: string[] = [];
    for (const block of blocks) {
      pieces.push(this.#stands(text.slice(from, block.start).trim()));
      from = block.end;
      const literal = this.#open(block.bytes)?.literal ?? null;
      if (literal !== null) pieces.push(textOf(literal.data, this.#unknown));
    }
    pieces.push(this.#stands(text.slice(from).trim()));
    return pieces.filter((piece) => piece !== '').map((piece) => piece.replace(/\r\n/g, '\n'));
  }

  /** A file of its own, which may be encrypted by itself. */
  #file(part: MimePart): void {
    const { filename, type, content } = part;
    const isSealed = /\.(pgp|gpg|asc)$/i.test(filename ?? '') && type !== 'application/pgp-keys';
    const opened = isSealed && looksLikeMessage(content) ? this.#open(messageBytes(content)) : null;
    const literal = opened?.literal ?? null;
    const name = literal === null ? filename : (filename ?? '').replace(/\.(pgp|gpg|asc)$/i, '');
    const bytes = literal?.data ?? content;
    this.#attachments.push({
      name,
      mime: literal === null ? type : null,
      size: bytes.length,
      sha256: sha256Hex(bytes),
      present: true,
    });
  }

  #open(bytes: Uint8Array): OpenedMessage | null {
    if (this.#messages.length >= MOST_MESSAGES) return null;
    const opened = openMessage(bytes, this.#ring);
    this.#messages.push(opened);
    return opened;
  }
}

/** The packets of content that is armoured or not. */
export function messageBytes(content: Uint8Array): Uint8Array {
  if ((content[0] ?? 0) & 0x80) return content;
  const text = Buffer.from(content.buffer, content.byteOffset, content.length).toString('latin1');
  const block = readArmor(text).find(({ kind }) => kind.startsWith('MESSAGE'));
  return block?.bytes ?? new Uint8Array();
}

function looksLikeMessage(content: Uint8Array): boolean {
  return (
    ((content[0] ?? 0) & 0x80) !== 0 || Buffer.from(content.subarray(0, 4096)).includes('-----BEGIN PGP MESSAGE-----')
  );
}

/** UTF-8, which OpenPGP text is; old programs wrote what their system had. */
export function textOf(bytes: Uint8Array, unknown: Set<string>): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    unknown.add('not UTF-8, read as windows-1252');
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
