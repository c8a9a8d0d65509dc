import { utf8DecodeLossy } from '@custody/bytes';
import type { Finding } from '@custody/evidence';
import type { CaptureFile, Claim, DecodeContext, Format, Plan, Probe } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import { listMembers, type ZipListing } from '../../zip/index.ts';
import { MEMBER_VERIFIED } from './authentication.ts';
import { reconcileMembers } from './reconcile-members.ts';
import { survey } from './survey.ts';
import { type DecoderState, MemberDecoder, type Tally } from './unit-decoder.ts';
import { KEY_PURPOSE, unlockZip } from './unlock.ts';

const NAMES =
  /contacts\.csv|groups\.csv|distribution_list|group_message_|message_media_|message_thumbnail_|contact_avatar_|message_[\w*]+\.csv|ballot(_choice|_vote)?\.csv|nonces\w*\.csv|(contact|group)_reactions\.csv|identity|settings/g;

/** Threema's data backup: a ZIP of encrypted tables and media. */
export const threemaBackup: Format = {
  name: 'threema-backup',
  title: 'Threema for Android, data backup (.zip)',
  version: '1',
  versions: 'tables with their columns told by the header row; AE-1 and AE-2, AES-128 to AES-256',
  keyMaterial: `the password of the backup: {"for": "${KEY_PURPOSE}", "passphrase": "…"}, or a text file with it alone`,
  authentication: MEMBER_VERIFIED.proves,
  notCovered:
    'the identity export (a live credential, withheld), thumbnails, profile pictures, lists of nonces; each is counted. ' +
    'Threema Safe and backups of Threema for iOS or desktop',
  detect,
  prepare,
  open: (plan, _file, context) => new MemberDecoder(plan.state as DecoderState, context.scratch),
  combine(_plan, earlier, later) {
    const [sum, more] = [earlier as Tally, later as Tally];
    for (const [what, count] of more.passed) sum.passed.set(what, (sum.passed.get(what) ?? 0) + count);
    sum.absent += more.absent;
    return sum;
  },
  finish: (_plan, summaries) => ({ findings: closing(summaries as readonly Tally[]) }),
};

function detect({ head, tail, name }: Probe): Claim | null {
  if (head.length < 30 || utf8DecodeLossy(head, 0, 4) !== 'PK\u0003\u0004') return null;
  const isAes = head[8] === 99 && head[9] === 0;
  const found = new Set(`${latin(head)}${latin(tail)}`.match(NAMES) ?? []);
  if (isAes && found.size >= 2) {
    return {
      confidence: 'certain',
      grounds: 'a ZIP of members encrypted with WinZip AES that bear the names of a Threema backup',
    };
  }
  if (!/threema-backup/i.test(name)) return null;
  return { confidence: 'likely', grounds: 'a ZIP with the name of a Threema backup' };
}

function latin(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

async function prepare(file: CaptureFile, context: DecodeContext): Promise<Plan> {
  const { source, name } = file;
  const listing = listMembers(source);
  if (listing.members.length === 0) {
    const detail = 'No member of a ZIP can be read.';
    return failed([finding('FORMAT_UNKNOWN', name, { records: null, detail })]);
  }
  const unlocked = unlockZip(source, listing.members, { keyring: context.keyring, path: name });
  if ('code' in unlocked) return failed([...listed(listing, name), unlocked]);
  const { password, keyId, proven } = unlocked;
  const { scratch, progress } = context;
  const { units, findings, ...state } = await survey(listing.members, {
    zip: source,
    path: name,
    password,
    scratch,
    progress,
  });
  const about = [
    ...listed(listing, name),
    ...(proven ? [] : [unproven(name)]),
    ...ownerByName(state, name),
    ...reconcileMembers(listing, state, name),
  ];
  return { units, state, findings: [...about, ...findings], keyIds: [keyId], profile: null };
}

function unproven(name: string): Finding {
  const detail =
    'The password fits the verification bytes of the members, but the code over none of those looked at verifies: the password ' +
    'is very likely right and the backup damaged.';
  return finding('KEY_PROVEN_THEN_DAMAGE', name, { records: null, detail });
}

/** What was wrong with the list of members. Without its directory a ZIP does not say how many it had. */
function listed({ from, problems }: ZipListing, name: string): Finding[] {
  return problems.map((detail) =>
    finding(from === 'headers' ? 'TRUNCATED' : 'CONFLICTING_COPIES', name, { records: null, detail }),
  );
}

/** Where the tables do not name the owner, the name that the app gave to the file does; it may have been renamed. */
function ownerByName({ people }: DecoderState, name: string): Finding[] {
  if (people.owner !== null) return [];
  const found = /threema-backup_([A-Z0-9*][A-Z0-9]{7})(?=[_.])/.exec(name)?.[1];
  if (found === undefined) return [];
  people.owner = found;
  const detail = `Nothing inside the backup names its owner; the Threema ID ${found} is taken from the name of the file.`;
  return [finding('FIELD_COERCED', name, { records: 0, detail, class: 'note' })];
}

function closing(tallies: readonly Tally[]): Finding[] {
  const passed = new Map<string, number>();
  let absent = 0;
  for (const tally of tallies) {
    absent += tally.absent;
    for (const [what, count] of tally.passed) passed.set(what, (passed.get(what) ?? 0) + count);
  }
  const findings = [...passed]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([what, records]) => finding('NOT_COVERED', what, { records, detail: `${records} ${what} are not decoded.` }));
  if (absent > 0) {
    const detail = `${absent} file(s) are named by messages and not in the backup: media are in it only if the user chose so.`;
    findings.push(finding('REFERENCED_BUT_ABSENT', 'media', { records: absent, detail }));
  }
  return findings;
}

function failed(findings: readonly Finding[]): Plan {
  return { units: [], state: null, findings, keyIds: [], profile: null };
}
