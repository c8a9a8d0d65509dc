import { sha256Hex } from '@custody/bytes';
import type { BatchWriter, FindingCode, Locator } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { CaptureFile, Unit, UnitDecoder, UnitResult } from '../../format.ts';
import { readClearSigned } from '../../openpgp/clear-signed.ts';
import type { Keyring } from '../../openpgp/keyring.ts';
import { type OpenedMessage, openMessage } from '../../openpgp/open-message.ts';
import { FindingFolder } from '../envelope/finding-folder.ts';
import { type MailCopies, noCopies, seeMail } from './mail-copies.ts';
import { type MailPlace, maildirFields, unquoteMbox } from './mail-records.ts';
import { receivedAt, writeBareMessage, writeMail } from './mail-writer.ts';
import { type NameTally, noNames, seeName } from './maildir-names.ts';
import { MimeRefused, readMime } from './mime-part.ts';
import { messageBytes, type OpenedMail, openMail, textOf } from './open-parts.ts';

export type MailKind = 'mbox' | 'mail' | 'message';

export interface MailState {
  readonly kind: MailKind;
  /** Of the file, for findings about the whole. */
  readonly path: string;
  readonly ring: Keyring;
  /** Of a Maildir its files, in the order of their rows. */
  readonly files: readonly string[] | null;
}

export interface MailUnit {
  readonly first: number;
  readonly places: readonly MailPlace[];
}

/** Records opened by each key: fingerprint, or `passphrase`. */
export interface MailTally {
  readonly openedBy: Map<string, number>;
  readonly copies: MailCopies;
  readonly names: NameTally;
}

/** A mail with its attachments; servers take 50 MB at most. */
const LONGEST_MAIL = 256 * 1024 * 1024;

const CODES: Readonly<Partial<Record<OpenedMessage['outcome'], FindingCode>>> = {
  failed: 'AUTHENTICATION_FAILED',
  'key-missing': 'KEY_MISSING',
  unsupported: 'UNSUPPORTED_VERSION',
  malformed: 'RECORD_MALFORMED',
  limit: 'LIMIT_EXCEEDED',
};

export class MailDecoder implements UnitDecoder {
  readonly #file: CaptureFile;
  readonly #state: MailState;

  constructor(file: CaptureFile, state: MailState) {
    this.#file = file;
    this.#state = state;
  }

  decode(unit: Unit, out: BatchWriter): UnitResult {
    const { first, places } = unit.state as MailUnit;
    const counts = { records: 0, decoded: 0, lost: 0, notCovered: 0 };
    const tally: MailTally = { openedBy: new Map(), copies: noCopies(), names: noNames() };
    let folder: { path: string; findings: FindingFolder } | null = null;
    places.forEach((place, i) => {
      if (folder === null || folder.path !== place.file) {
        folder?.findings.flush();
        folder = { path: place.file, findings: new FindingFolder(out, place.file) };
      }
      counts.records++;
      const whole = this.#record(place, first + i + 1, { out, tally, findings: folder.findings });
      if (whole) counts.decoded++;
      else counts.lost++;
    });
    (folder as { findings: FindingFolder } | null)?.findings.flush();
    return { counts, summary: tally };
  }

  close(): void {}

  #sourceOf({ file }: MailPlace): ByteSource | null {
    return file === this.#file.name ? this.#file.source : (this.#file.folder?.open(file) ?? null);
  }

  /** True where everything in the record was opened. */
  #record(place: MailPlace, row: number, into: Into): boolean {
    const at = { row, offset: place.offset, length: place.length };
    const source = this.#sourceOf(place);
    if (source === null || place.length > LONGEST_MAIL) {
      const why = source === null ? 'A file that is no longer there.' : `A mail of more than ${LONGEST_MAIL} bytes.`;
      into.findings.add('LIMIT_EXCEEDED', why, at);
      return false;
    }
    const raw = source.read(place.offset, place.length).slice();
    const locator = { path: place.file, ...at };
    try {
      const messages = this.#write(raw, locator, into);
      return this.#judge(messages, at, into);
    } catch (error) {
      if (!(error instanceof MimeRefused)) throw error;
      into.findings.add('LIMIT_EXCEEDED', `A mail that is not read: ${error.message}.`, at);
      return false;
    }
  }

  #write(raw: Uint8Array, locator: Locator, { out, tally, findings }: Into): readonly OpenedMessage[] {
    const { kind, ring, files } = this.#state;
    if (kind === 'message') {
      const opened = openBare(raw, ring);
      findings.flush();
      writeBareMessage(out, opened, { locator, raw });
      return opened.messages;
    }
    const part = readMime(kind === 'mbox' ? unquoteMbox(raw) : raw);
    const opened = openMail(part, ring);
    findings.flush();
    const received = receivedAt(part.headers)?.utc ?? null;
    const row = locator.row ?? 0;
    const at = { row, offset: locator.offset ?? 0 };
    if (kind === 'mbox') seeMail(tally.copies, raw, { ...at, received });
    else if (files !== null) {
      seeMail(tally.copies, raw, { ...at, received: null });
      seeName(tally.names, locator.path, { row, received, length: at.offset + raw.length });
    }
    const more = kind === 'mail' ? maildirFields(locator.path) : [];
    writeMail(out, { part, opened, more }, { locator, raw });
    return opened.messages;
  }

  #judge(messages: readonly OpenedMessage[], at: { row: number; offset: number; length: number }, into: Into): boolean {
    let whole = true;
    for (const { outcome, why, openedBy, signatures } of messages) {
      if (openedBy !== null) into.tally.openedBy.set(openedBy, (into.tally.openedBy.get(openedBy) ?? 0) + 1);
      const code = CODES[outcome];
      if (code !== undefined) {
        whole = false;
        const wrong = code === 'KEY_MISSING' && /passphrase (unlocks|opens)/.test(why) ? 'KEY_NOT_VERIFIED' : code;
        into.findings.add(wrong, `An OpenPGP message is not opened: ${why}; what stands around it is in the item.`, at);
      } else if (outcome === 'not-authenticated') {
        const detail = 'Decrypted, not authenticated: the message carries no integrity protection.';
        into.findings.alone('UNIT_UNVERIFIED', at, { detail });
      }
      if (signatures.some(({ status }) => status === 'failed')) {
        into.findings.alone('AUTHENTICATION_FAILED', at, {
          class: 'doubt',
          records: 1,
          detail: 'A signature does not verify over the content.',
        });
      }
    }
    return whole;
  }
}

interface Into {
  readonly out: BatchWriter;
  readonly tally: MailTally;
  readonly findings: FindingFolder;
}

/** A message in a file of its own: text where it is text, else a file. */
function openBare(raw: Uint8Array, ring: Keyring): OpenedMail {
  const isText = ((raw[0] ?? 0) & 0x80) === 0;
  const opened =
    (isText ? readClearSigned(Buffer.from(raw).toString(), ring)?.message : undefined) ??
    openMessage(messageBytes(raw), ring);
  const base = { isHtml: false, inClear: [], messages: [opened], unjudged: 0 };
  const { literal } = opened;
  const unknown = new Set<string>();
  if (literal === null) return { ...base, text: null, attachments: [], unknownCharsets: unknown };
  if (literal.format !== 'b' || !literal.data.includes(0)) {
    const text = textOf(literal.data, unknown);
    return { ...base, text, attachments: [], unknownCharsets: unknown };
  }
  const name = literal.name.length === 0 ? null : Buffer.from(literal.name).toString();
  const file = { name, mime: null, size: literal.data.length, sha256: sha256Hex(literal.data), present: true };
  return { ...base, text: null, attachments: [file], unknownCharsets: unknown };
}
