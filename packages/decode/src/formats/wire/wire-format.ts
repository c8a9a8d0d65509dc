import { utf8DecodeLossy } from '@custody/bytes';
import type { Finding } from '@custody/evidence';
import type { CaptureFile, Claim, DecodeContext, Format, Plan, Probe, UnitDecoder } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import type { ScratchHandle } from '../../scratch.ts';
import { openSqlite } from '../../sqlite/index.ts';
import { listMembers, type ZipMember } from '../../zip/index.ts';
import { STREAM_VERIFIED } from './authentication.ts';
import { NamedRow } from './column-reader.ts';
import { type Extracted, extractTo } from './extract-to.ts';
import { planStore, type StoreState, type StoreUnit } from './plan-store.ts';
import { rowWriters } from './row-writers.ts';
import { KEY_PURPOSE, unlockWire } from './unlock.ts';
import { isAccount, isWireStart, readWireHeader, type WireHeader } from './wire-header.ts';

/** Bytes of `export.json` that are read. */
const LONGEST_EXPORT = 64 * 1024;

/** Wire's Android backup. */
export const wireBackup: Format = {
  name: 'wire-backup',
  title: 'Wire for Android, backup (.android_wbu)',
  version: '1',
  versions: 'header version 2; the database told by its column names',
  keyMaterial: `the password of the backup: {"for": "${KEY_PURPOSE}", "passphrase": "…", "id": "the user's id, if known"}, or a text file with it alone`,
  authentication: STREAM_VERIFIED.proves,
  notCovered:
    'files of messages (the backup has none), settings, devices and their keys, search indexes: counted; backups of iOS, desktop and of the app since 2023',
  detect: ({ head }: Probe): Claim | null =>
    isWireStart(head) ? { confidence: 'certain', grounds: 'begins with the magic bytes of a Wire backup' } : null,
  prepare,
  open(plan, _file, { scratch }): UnitDecoder {
    const state = plan.state as StoreState;
    const wal = state.wal === null ? null : scratch.open(state.wal);
    const file = openSqlite(scratch.open(state.handle), { path: state.path, wal });
    return {
      decode(unit, out) {
        const { table: name, pages } = unit.state as StoreUnit;
        const counts = { records: 0, decoded: 0, lost: 0, notCovered: 0 };
        const table = file.table(name);
        const write = rowWriters.get(name);
        if (table === null || write === null || write === undefined)
          throw new Error('a unit names a table that is not covered');
        const cursor = table.scan({ leaves: pages });
        const row = new NamedRow(table, cursor);
        while (cursor.next()) {
          write({ out, people: state.people, path: state.path }, row);
          counts.records++;
          counts.decoded++;
        }
        return { counts, summary: null };
      },
      close: () => {},
    };
  },
};

async function prepare(file: CaptureFile, context: DecodeContext): Promise<Plan> {
  const { source, name } = file;
  const header = readWireHeader(source);
  if ('problem' in header) return failed(refusal(header, name));
  const unlocked = unlockWire(source, header, { keyring: context.keyring, path: name });
  if ('code' in unlocked) return failed(unlocked);
  const zip = context.scratch.create();
  for (const piece of unlocked.stream.plaintext()) zip.append(piece);
  const handle = zip.finish();
  const plan = await planZip(name, header, { handle, context });
  zip.discard();
  return { ...plan, keyIds: [unlocked.keyId] };
}

function refusal(
  { problem, version }: { readonly problem: 'magic' | 'version' | 'cut' | 'cost'; readonly version: number },
  name: string,
): Finding {
  const fail = (code: Finding['code'], detail: string) => finding(code, name, { records: null, detail });
  if (problem === 'version')
    return fail('UNSUPPORTED_VERSION', `The header says version ${version}; this build reads 2.`);
  if (problem === 'cut') return fail('TRUNCATED', 'The file ends inside its header.');
  if (problem === 'cost')
    return fail(
      'LIMIT_EXCEEDED',
      'The header asks for more work or memory to derive the key than any backup needs: it is damaged or hostile.',
    );
  return fail('FORMAT_UNKNOWN', 'The file does not begin as a Wire backup does.');
}

/** What is inside: `export.json`, the database named by the user's id, and its write-ahead log. */
async function planZip(
  name: string,
  header: WireHeader,
  { handle, context }: { readonly handle: ScratchHandle; readonly context: DecodeContext },
): Promise<Plan> {
  const zip = context.scratch.open(handle);
  const { members, problems } = listMembers(zip);
  const findings = problems.map((detail) => finding('CONFLICTING_COPIES', `${name}!zip`, { records: 0, detail }));
  const unpack = (member: ZipMember): Promise<Extracted> => extractTo(context.scratch, zip, member);
  const about = members.find((member) => member.name === 'export.json');
  const said = about === undefined ? null : await unpack(about);
  const text =
    said === null || 'problem' in said
      ? ''
      : utf8DecodeLossy(context.scratch.open(said.handle).read(0, LONGEST_EXPORT));
  if (said !== null && !('problem' in said)) said.discard();
  const userId = /"user_id"\s*:\s*"([0-9a-fA-F-]{36})"/.exec(text)?.[1] ?? null;
  if (userId !== null && !isAccount(header, userId)) {
    const detail = 'The hash of the account in the header is not that of the user id inside: one of both was changed.';
    findings.push(finding('CONFLICTING_COPIES', name, { records: 0, detail }));
  }
  const stores = members.filter(
    (member) => member !== about && !/-(wal|shm|journal)$/.test(member.name) && member.size > 0,
  );
  const store = stores.find((member) => member.name === userId) ?? stores[0];
  if (store === undefined)
    return failed(
      finding('FORMAT_UNKNOWN', `${name}!zip`, { records: null, detail: 'The backup opens, but holds no database.' }),
    );
  const path = `${name}!zip!${store.name}`;
  const database = await unpack(store);
  if ('problem' in database)
    return failed(finding('RECORD_MALFORMED', path, { records: null, detail: database.problem }));
  const log = members.find((member) => member.name === `${store.name}-wal` && member.size > 0);
  const wal = log === undefined ? null : await unpack(log);
  const others = members.length - [about, store, log].filter((one) => one !== undefined).length;
  if (others > 0) {
    const empty = members.filter((member) => member.size === 0).length;
    if (others > empty)
      findings.push(
        finding('BYTES_NOT_EXAMINED', `${name}!zip`, {
          records: 0,
          detail: `${others - empty} other members of the backup are not decoded.`,
        }),
      );
  }
  if (wal !== null && 'problem' in wal)
    findings.push(finding('RECORD_MALFORMED', `${path}-wal`, { records: null, detail: wal.problem }));
  const walHandle = wal === null || 'problem' in wal ? null : wal.handle;
  const plan = planStore(context.scratch, { handle: database.handle, wal: walHandle, path, userId });
  if (plan.units.length === 0) database.discard();
  return { ...plan, findings: [...findings, ...plan.findings] };
}

function failed(reason: Finding): Plan {
  return { units: [], state: null, findings: [reason], keyIds: [], profile: null };
}
