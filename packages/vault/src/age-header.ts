import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { decodeAgeBase64, encodeAgeBase64 } from './age-base64.ts';
import { sealBroken } from './seal-broken.ts';

/** https://age-encryption.org/v1, "Encrypted file format". */
export const VERSION_LINE = 'age-encryption.org/v1';
export const FILE_KEY_LENGTH = 16;
/** Same, "Header MAC": HMAC-SHA-256. */
const MAC_LENGTH = 32;
/** Same, "Recipient stanza": a body line holds 64 columns; the last one fewer, possibly none. */
const BODY_COLUMNS = 64;
/** Same: arguments are one or more characters of this range. */
const ARGUMENT = /^[\x21-\x7e]+$/;
/** Ours: no header is read beyond this, whatever a file claims. Room for some 650 recipients. */
export const MAX_HEADER = 65536;

export interface Stanza {
  readonly type: string;
  readonly args: readonly string[];
  readonly body: Uint8Array;
}

export interface AgeHeader {
  readonly stanzas: readonly Stanza[];
  readonly mac: Uint8Array;
  /** What the MAC covers: from the version line up to and with `---`. */
  readonly covered: Uint8Array;
  /** Offset of the first byte after the header: the payload's nonce. */
  readonly end: number;
}

/** The text of one stanza with its newline. */
export function encodeStanza(stanza: Stanza): string {
  const body = encodeAgeBase64(stanza.body);
  const lines: string[] = [];
  for (let at = 0; at <= body.length; at += BODY_COLUMNS) lines.push(body.slice(at, at + BODY_COLUMNS));
  return `-> ${[stanza.type, ...stanza.args].join(' ')}\n${lines.join('\n')}\n`;
}

/** A complete header: version, stanzas, MAC line. */
export function encodeHeader(stanzas: readonly Stanza[], fileKey: KeyObject): Buffer {
  const covered = `${VERSION_LINE}\n${stanzas.map(encodeStanza).join('')}---`;
  const mac = headerMac(fileKey, Buffer.from(covered, 'latin1'));
  return Buffer.from(`${covered} ${encodeAgeBase64(mac)}\n`, 'latin1');
}

/** "Header MAC": HMAC-SHA-256 under HKDF-SHA-256(file key, no salt, "header"). */
export function headerMac(fileKey: KeyObject, covered: Uint8Array): Buffer {
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', fileKey, '', 'header', MAC_LENGTH)));
  return createHmac('sha256', key).update(covered).digest();
}

/**
 * Parses a header strictly: what is not the one canonical encoding is refused, so that no two byte strings mean
 * the same header. The MAC is not verified here; that takes the file key.
 * Returns null where `head` ends before the header does. Throws IntegrityError SEAL_BROKEN.
 */
export function readHeader(head: Uint8Array): AgeHeader | null {
  const lines = new LineReader(head);
  if (!versionMayFollow(head)) throw sealBroken('it does not begin as an age v1 file');
  if (lines.next() === null) return null;
  const stanzas: Stanza[] = [];
  for (;;) {
    const start = lines.offset;
    const line = lines.next();
    if (line === null) return null;
    if (!line.startsWith('-> ')) return closeHeader(head, { stanzas, line, start, end: lines.offset });
    const stanza = readStanza(line, lines);
    if (stanza === null) return null;
    stanzas.push(stanza);
  }
}

function versionMayFollow(head: Uint8Array): boolean {
  const want = Buffer.from(`${VERSION_LINE}\n`, 'latin1');
  const length = Math.min(want.length, head.length);
  return want.subarray(0, length).equals(head.subarray(0, length));
}

interface Closing {
  readonly stanzas: readonly Stanza[];
  readonly line: string;
  readonly start: number;
  readonly end: number;
}

function closeHeader(head: Uint8Array, closing: Closing): AgeHeader {
  const { stanzas, line, start, end } = closing;
  const mac = line.startsWith('--- ') ? decodeAgeBase64(line.slice(4)) : null;
  if (mac === null || mac.length !== MAC_LENGTH) throw sealBroken('its header has a malformed line');
  if (stanzas.length === 0) throw sealBroken('its header names no recipient');
  return { stanzas, mac, covered: head.subarray(0, start + 3), end };
}

function readStanza(line: string, lines: LineReader): Stanza | null {
  const [type, ...args] = line.slice(3).split(' ');
  if (![type, ...args].every((word) => ARGUMENT.test(word as string))) {
    throw sealBroken('a recipient line of its header is malformed');
  }
  let text = '';
  for (;;) {
    const part = lines.next();
    if (part === null) return null;
    if (part.length > BODY_COLUMNS) throw sealBroken('a recipient body of its header has a line that is too long');
    text += part;
    if (part.length < BODY_COLUMNS) break;
  }
  const body = decodeAgeBase64(text);
  if (body === null) throw sealBroken('a recipient body of its header is not canonical base64');
  return { type: type as string, args, body };
}

/** Lines that end in LF, as latin1 text: every byte is one character, so nothing is lost in decoding. */
class LineReader {
  offset = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, MAX_HEADER));
  }

  /** Null at the end of what there is. Throws when MAX_HEADER bytes held no end of the header. */
  next(): string | null {
    const end = this.#bytes.indexOf(0x0a, this.offset);
    if (end < 0) {
      if (this.#bytes.length === MAX_HEADER) throw sealBroken(`its header does not end within ${MAX_HEADER} bytes`);
      return null;
    }
    const line = this.#bytes.toString('latin1', this.offset, end);
    this.offset = end + 1;
    return line;
  }
}
