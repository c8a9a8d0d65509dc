import { CustodyError, utf8Encode } from '@custody/bytes';
import type { Finding } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { CaptureFile, Claim, DecodeContext, Format, Plan, Probe } from '../../format.ts';
import { MOST_CANDIDATES, type SuppliedKey } from '../../keyring.ts';
import { candidatesFor } from '../../keys/candidates.ts';
import { keyIdOf } from '../../keys/key-id.ts';
import { textOfKeyFile } from '../../keys/text-of-key-file.ts';
import { finding } from '../../make-finding.ts';
import { FRAME_VERIFIED } from './authentication.ts';
import { type BackupKeys, deriveBackupKeys, readPassphrase } from './backup-keys.ts';
import { readHeader } from './frame.ts';
import { FrameCipher } from './frame-cipher.ts';
import type { FramePlace } from './frame-place.ts';
import { FrameWalk } from './frame-walk.ts';
import { IV_LENGTH, LENGTH_LENGTH, LONGEST_HEADER, VERSIONS } from './layout.ts';
import { type Survey, survey } from './survey.ts';
import { FrameDecoder, type Tally } from './unit-decoder.ts';

const OMITTED =
  'By its design the app leaves messages that expire and those to be viewed once, with their attachments, out of a backup.';

interface Header {
  readonly iv: Uint8Array;
  readonly salt: Uint8Array;
  readonly version: number;
  /** Where the first frame stands. */
  readonly end: number;
}

interface PlanState {
  readonly header: Header;
  readonly keys: BackupKeys;
  readonly survey: Omit<Survey, 'units' | 'findings'>;
}

/** Signal's Android backup of 30 digits. */
export const signalBackup: Format = {
  name: 'signal-backup',
  title: 'Signal Android backup (.backup)',
  version: '3',
  versions: 'header versions 0 and 1; databases told by their column names',
  keyMaterial: 'the 30 digits: {"for": "signal-backup", "passphrase": "…"}',
  authentication: FRAME_VERIFIED.proves,
  notCovered: `settings, and rows of tables about the app itself (jobs, keys, search), counted by table. ${OMITTED}`,
  detect,
  prepare,
  open(plan, file) {
    const { header, keys, survey: found } = plan.state as PlanState;
    const cipher = new FrameCipher(keys, header);
    return new FrameDecoder({ source: file.source, cipher, path: file.name, ...found });
  },
  combine(_plan, earlier, later) {
    const [sum, more] = [earlier as Tally, later as Tally];
    for (const [what, count] of more.uncovered) sum.uncovered.set(what, (sum.uncovered.get(what) ?? 0) + count);
    for (const [what, count] of more.withheld) sum.withheld.set(what, (sum.withheld.get(what) ?? 0) + count);
    sum.absent += more.absent;
    sum.unresolved += more.unresolved;
    sum.unnamed += more.unnamed;
    return sum;
  },
  finish: (_plan, summaries) => ({ findings: closing(summaries as readonly Tally[]) }),
};

function detect({ head }: Probe): Claim | null {
  const header = headerOf(head);
  if (header === null) return null;
  return { confidence: 'certain', grounds: `begins with a backup header with an IV of ${IV_LENGTH} bytes` };
}

function headerOf(head: Uint8Array): Header | null {
  if (head.length < LENGTH_LENGTH) return null;
  const length = new DataView(head.buffer, head.byteOffset).getUint32(0);
  if (length === 0 || length > LONGEST_HEADER || LENGTH_LENGTH + length > head.length) return null;
  try {
    const header = readHeader(head.subarray(LENGTH_LENGTH, LENGTH_LENGTH + length));
    if (header === null || header.iv.length !== IV_LENGTH) return null;
    return { ...header, iv: header.iv.slice(), salt: header.salt.slice(), end: LENGTH_LENGTH + length };
  } catch (error) {
    if (error instanceof CustodyError) return null;
    throw error;
  }
}

async function prepare(file: CaptureFile, context: DecodeContext): Promise<Plan> {
  const { source, name } = file;
  const header = headerOf(source.read(0, LENGTH_LENGTH + LONGEST_HEADER));
  if (header === null) return failed(finding('FORMAT_UNKNOWN', name, { records: null, detail: 'There is no header.' }));
  if (!VERSIONS.includes(header.version)) {
    const detail = `The header says version ${header.version}; this build reads ${VERSIONS.join(' and ')}.`;
    return failed(finding('UNSUPPORTED_VERSION', name, { records: null, detail }));
  }
  const unlocked = unlock(file, header, context);
  if ('code' in unlocked) return failed(unlocked);
  const { keys, key } = unlocked;
  const cipher = new FrameCipher(keys, header);
  const { units, findings, ...found } = survey(
    { source, cipher, path: name, progress: context.progress },
    { offset: header.end, counter: 0 },
  );
  const state: PlanState = { header, keys, survey: found };
  const omitted = finding('NOT_COVERED', name, { records: 0, detail: OMITTED });
  return { units, state, findings: [omitted, ...findings], keyIds: [keyIdOf(utf8Encode(key))], profile: null };
}

/** The first passphrase under which a frame authenticates; else the finding that says why there is none. */
function unlock(
  { source, name }: CaptureFile,
  header: Header,
  { keyring }: DecodeContext,
): { readonly keys: BackupKeys; readonly key: string } | Finding {
  const candidates = candidatesFor(keyring, ['signal-backup', 'file'], (key) => passphraseOf(key) !== null);
  if (candidates.tooMany !== null) {
    const detail = `${candidates.tooMany} supplied passphrases could be meant; more than ${MOST_CANDIDATES} are not tried, as that would be guessing.`;
    return finding('LIMIT_EXCEEDED', name, { records: null, detail });
  }
  if (candidates.keys.length === 0) {
    const detail = 'No passphrase was supplied. Needed: the 30 digits, as {"for": "signal-backup", "passphrase": "…"}.';
    return finding('KEY_MISSING', name, { records: null, detail });
  }
  const start: FramePlace = { offset: header.end, counter: 0 };
  const tried = candidates.keys.map((key) => {
    const passphrase = passphraseOf(key) as string;
    const keys = deriveBackupKeys(passphrase, header.salt);
    return { keys, key: passphrase, walk: new FrameWalk(source, new FrameCipher(keys, header)) };
  });
  // A damaged first frame proves nothing against a passphrase: a later one may authenticate.
  const fits = tried.find(({ walk }) => walk.isIntact(start)) ?? tried.find(({ walk }) => proves(source, walk, start));
  if (fits !== undefined) return fits;
  const sources = [...new Set(candidates.keys.map((key) => key.source))].join(', ');
  const detail = `No frame authenticates under a supplied passphrase (${sources}): it is of another backup, or the whole beginning is damaged.`;
  return finding('KEY_NOT_VERIFIED', name, { records: null, detail });
}

/** Bytes looked through for a frame that proves a passphrase, when the first does not. */
const PROOF = 4 * 1024 * 1024;

function proves(source: ByteSource, walk: FrameWalk, start: FramePlace): boolean {
  if (source.length <= start.offset) return false;
  return walk.seek({ offset: start.offset + 1, counter: start.counter + 1 }, PROOF) !== null;
}

/** Digits of a supplied passphrase, or of a small text file that holds nothing else. */
function passphraseOf(key: SuppliedKey): string | null {
  if (key.passphrase !== undefined) return key.for === 'signal-backup' ? readPassphrase(key.passphrase) : null;
  if (key.bytes === undefined || key.bytes.length > 256) return null;
  return readPassphrase(textOfKeyFile(key.bytes) ?? '');
}

function closing(tallies: readonly Tally[]): Finding[] {
  const uncovered = new Map<string, number>();
  const withheld = new Map<string, number>();
  let absent = 0;
  let [unresolved, unnamed] = [0, 0];
  for (const tally of tallies) {
    absent += tally.absent;
    unresolved += tally.unresolved;
    unnamed += tally.unnamed;
    for (const [what, count] of tally.uncovered) uncovered.set(what, (uncovered.get(what) ?? 0) + count);
    for (const [what, count] of tally.withheld) withheld.set(what, (withheld.get(what) ?? 0) + count);
  }
  const findings = [...uncovered]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([what, records]) => notCovered(what, records));
  if (absent > 0) {
    const detail = `${absent} attachment(s) are named by rows, and no content of theirs that authenticates is in the backup.`;
    findings.push(finding('REFERENCED_BUT_ABSENT', 'attachments', { records: absent, detail }));
  }
  if (unresolved > 0) {
    const detail = `${unresolved} attachment(s) are of messages, or of rows, that are not in the backup: each is an item of its own.`;
    findings.push(finding('REFERENCE_UNRESOLVED', 'attachments', { records: 0, detail }));
  }
  if (unnamed > 0) {
    const detail = `${unnamed} message(s) stand in a table whose definition is lost: their texts are shown, who wrote them and when cannot be told.`;
    findings.push(finding('RECORD_MALFORMED', 'messages', { records: unnamed, detail, class: 'doubt' }));
  }
  if (withheld.size > 0) {
    const names = [...withheld].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `${name} (${count})`);
    const detail = `Live credentials were met and not taken over, by column: ${names.join(', ')}.`;
    findings.push(finding('CREDENTIAL_WITHHELD', 'columns', { records: 0, detail }));
  }
  return findings;
}

function notCovered(what: string, records: number): Finding {
  return finding('NOT_COVERED', what, { records, detail: `${records} ${what} are not decoded.` });
}

function failed(reason: Finding): Plan {
  return { units: [], state: null, findings: [reason], keyIds: [], profile: null };
}
