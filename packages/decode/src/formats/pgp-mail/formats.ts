import type { CaptureFile, Claim, DecodeContext, Format, Plan, Probe, Unit } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import { binaryClaim } from './binary-claim.ts';
import { copyFindings, joinCopies } from './mail-copies.ts';
import { MailDecoder, type MailKind, type MailState, type MailTally, type MailUnit } from './mail-decoder.ts';
import { type MailPlace, maildirFiles, mboxMessages } from './mail-records.ts';
import { joinNames, nameFindings } from './maildir-names.ts';
import { suppliedRing } from './supplied-ring.ts';

/** Mails of one unit: each may cost a private-key operation. */
const UNIT = 500;

/** An mbox file. */
export const mailMbox: Format = mailFormat({
  name: 'mail-mbox',
  title: 'Mail spool (mbox), with OpenPGP',
  versions: 'mboxrd and mboxo; RFC 5322, MIME, PGP/MIME (RFC 3156), inline OpenPGP',
  kind: 'mbox',
  detect({ head }) {
    const first = latin1(head).slice(0, 4096);
    if (!/^From \S+[^\n]*\r?\n[!-9;-~]+:[ \t]/.test(first)) return null;
    return { confidence: 'certain', grounds: 'begins with a separator line of an mbox and a header field' };
  },
});

/** A mail in a file; of a Maildir all of them. */
export const mailMessage: Format = mailFormat({
  name: 'mail-eml',
  title: 'Mail file or Maildir, with OpenPGP',
  versions: 'RFC 5322, MIME, PGP/MIME (RFC 3156), inline OpenPGP',
  kind: 'mail',
  detect({ head }) {
    const first = withoutMark(latin1(head).slice(0, 65536));
    const end = first.search(/\r?\n\r?\n/);
    const fields = (end < 0 ? first : first.slice(0, end)).split(/\r?\n(?![ \t])/);
    const names = new Set(fields.map((line) => /^([!-9;-~]+):/.exec(line)?.[1]?.toLowerCase()));
    const known = ['from', 'to', 'date', 'subject', 'message-id', 'received', 'return-path', 'mime-version'];
    const found = known.filter((name) => names.has(name));
    if (names.has(undefined) || found.length < 3) return null;
    return { confidence: 'certain', grounds: `header fields of a mail: ${found.join(', ')}` };
  },
});

/** An OpenPGP message without a mail. */
export const openpgpMessage: Format = mailFormat({
  name: 'openpgp-message',
  title: 'OpenPGP message file',
  versions: 'RFC 9580, RFC 4880, RFC 1991 and GnuPG’s own authenticated encryption; armoured or binary',
  kind: 'message',
  detect({ head, length }) {
    if (/^\s*(?:[^\n]{0,200}\n){0,4}-----BEGIN PGP (SIGNED )?MESSAGE/.test(latin1(head).slice(0, 4096))) {
      return { confidence: 'certain', grounds: 'armour of an OpenPGP message' };
    }
    return binaryClaim(head, length);
  },
});

interface MailFormat {
  readonly name: string;
  readonly title: string;
  readonly versions: string;
  readonly kind: MailKind;
  readonly detect: (probe: Probe) => Claim | null;
}

function mailFormat({ kind, ...rest }: MailFormat): Format {
  return {
    ...rest,
    version: '5',
    keyMaterial:
      'OpenPGP secret keys, armoured or binary, as a file or {"for": "openpgp", "file", "passphrase"}; passphrases {"for": "openpgp", "passphrase"}',
    authentication:
      'Integrity protection shows that the content is unchanged since it was encrypted, by anybody; a signature by a supplied certificate, that its holder signed. Old messages without protection are decrypted and named so.',
    notCovered: 'signatures over parts in clear; S/MIME; what stands outside the parts of a message',
    prepare: async (file, context) => prepare(kind, file, context),
    open: (plan, file) => new MailDecoder(file, plan.state as MailState),
    combine: (_plan, earlier, later) => join(earlier as MailTally, later as MailTally),
    finish(plan, summaries) {
      const [first, ...more] = summaries as readonly MailTally[];
      if (first === undefined) return { findings: [] };
      const [state, tally] = [plan.state as MailState, more.reduce(join, first)];
      const named = state.files === null ? [] : nameFindings(state.files, tally.names);
      return { findings: [...copyFindings(state, tally.copies), ...named, ...unused(state, tally)] };
    },
  };
}

function prepare(kind: MailKind, file: CaptureFile, context: DecodeContext): Plan {
  const { ring, ids, findings } = suppliedRing(context.keyring, file.name);
  const covers = kind === 'mail' && file.folder !== undefined ? maildirFiles(file.name, file.folder.names) : null;
  const places: MailPlace[] = [];
  if (kind === 'mbox')
    places.push(...mboxMessages(file.name, file.source, (done) => context.progress?.(done, file.source.length)));
  else if (covers === null) places.push(wholeFile(file.name, file.source));
  else for (const name of covers) places.push(wholeFile(name, file.folder?.open(name) ?? null));
  const units: Unit[] = [];
  for (let first = 0; first < places.length; first += UNIT) {
    const state: MailUnit = { first, places: places.slice(first, first + UNIT) };
    units.push({ index: units.length, records: state.places.length, state });
  }
  const state: MailState = { kind, path: file.name, ring, files: covers };
  return { units, state, findings, keyIds: ids, profile: null, ...(covers === null ? {} : { covers }) };
}

/** A program that saved a mail as text may have put a byte order mark before it, which is no part of a field's name. */
function wholeFile(file: string, source: CaptureFile['source'] | null): MailPlace {
  const length = source?.length ?? 0;
  const offset = source !== null && withoutMark(latin1(source.read(0, 3))) === '' && length > 3 ? 3 : 0;
  return { file, offset, length: length - offset };
}

/** UTF-8 of U+FEFF, read byte by byte. */
function withoutMark(text: string): string {
  return text.startsWith('\u00ef\u00bb\u00bf') ? text.slice(3) : text;
}

function join(sum: MailTally, later: MailTally): MailTally {
  for (const [by, count] of later.openedBy) sum.openedBy.set(by, (sum.openedBy.get(by) ?? 0) + count);
  joinCopies(sum.copies, later.copies);
  joinNames(sum.names, later.names);
  return sum;
}

/** Which keys opened how much is a note; a key that opened nothing may be of another case. */
function unused({ ring }: MailState, { openedBy }: MailTally): ReturnType<typeof finding>[] {
  // A certificate whose subkey opened something is in use as a whole.
  const used = new Set(ring.keys.filter(({ key }) => openedBy.has(key.fingerprint)).map(({ primary }) => primary));
  const idle = ring.keys.filter(
    ({ key, numbers, primary }) => numbers !== null && !used.has(primary) && canEncrypt(key.algorithm),
  );
  if (idle.length === 0) return [];
  const names = idle.slice(0, 8).map(({ key }) => key.fingerprint);
  const detail = `${idle.length} supplied secret keys opened nothing here: ${names.join(', ')}${idle.length > names.length ? ' …' : ''}.`;
  return [finding('KEY_NOT_VERIFIED', 'keys', { records: 0, class: 'note', detail })];
}

function canEncrypt(algorithm: number): boolean {
  return ![3, 17, 19, 22, 27, 28].includes(algorithm);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
